// usage: node encode-only.mjs avif|webp|none WIDTH HEIGHT FILE
// Encodes raw RGB pixels of a file again and again, or only resizes them and
// decodes a JPEG of them. profile.mjs looks where in the library that is done.
import fs from 'node:fs';
import sharp from 'sharp';

const [what, width, height, file] = process.argv.slice(2);
const pixels = () => sharp(fs.readFileSync(file), { raw: { width: Number(width), height: Number(height), channels: 3 } });

if (what === 'avif') await pixels().avif({ effort: 3 }).toBuffer();
if (what === 'webp') for (let i = 0; i < 5; ++i) await pixels().webp().toBuffer();
if (what === 'none') {
  const jpeg = await pixels().jpeg({ quality: 95 }).toBuffer();
  for (let i = 0; i < 15; ++i) await sharp(jpeg).resize({ width: 1000 }).raw().toBuffer();
}
