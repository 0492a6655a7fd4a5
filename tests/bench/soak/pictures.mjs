// Small and medium pictures of every format, so that each decoder has its turn.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const samples = fileURLToPath(new URL('../../pictures/', import.meta.url));

/** Copies the samples into a folder and draws more. @returns their names */
export async function makePictures(folder) {
  const names = fs.readdirSync(samples).filter(name => /\.(jpg|png|webp|gif|avif)$/.test(name));
  for (const name of names) fs.copyFileSync(path.join(samples, name), path.join(folder, name));
  const sizes = [[320, 240], [900, 600], [700, 1400], [1600, 1200]];
  for (const [i, [width, height]] of sizes.entries()) {
    const drawn = () => sharp({ create: { width, height, channels: 3, background: '#68a', noise: { type: 'gaussian', mean: 128, sigma: 12 * (i + 1) } } });
    const made = { [`drawn-${i}.jpg`]: x => x.jpeg({ progressive: i % 2 === 1 }), [`drawn-${i}.png`]: x => x.png({ progressive: i % 2 === 0 }), [`drawn-${i}.webp`]: x => x.webp() };
    for (const [name, encode] of Object.entries(made)) {
      await encode(drawn()).toFile(path.join(folder, name));
      names.push(name);
    }
  }
  return names;
}
