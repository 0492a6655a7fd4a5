// How like the original the variants are. Every file is compared with one
// reference: the original, shrunk to the variant's width by sharp, lossless.
import fs from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { variantFile, widths } from './files.mjs';
import { ssimOfLuma } from './ssim.mjs';

const run = promisify(execFile);
const white = { r: 255, g: 255, b: 255 };
const perceptual_type = 'md'; // the others would take ten minutes
const tools = {
  butteraugli: { program: 'butteraugli_main', figure: /3-norm: ([0-9.]+)/ },
  ssimulacra: { program: 'ssimulacra_main', figure: /^([0-9.]+)/ },
};

const opaque = picture => picture.flatten({ background: white }).toColourspace('srgb');
const mean = list => list.reduce((sum, x) => sum + x, 0) / list.length;

/** The references' PNGs, made once: {picture: {sm, md, lg}}. */
async function references(bench) {
  if (bench.references) return bench.references;
  const folder = fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'references-'));
  bench.references = {};
  for (const file of bench.pictures) {
    const name = path.parse(file).name;
    const made = bench.references[name] = {};
    for (const [type, width] of Object.entries(widths)) {
      made[type] = path.join(folder, `${name}-${type}.png`);
      await opaque(sharp(file).autoOrient().resize({ width, withoutEnlargement: true })).png({ compressionLevel: 1 }).toFile(made[type]);
    }
  }
  return bench.references;
}

/** {width, height, luma}: BT.601 luma, 0 to 255. */
async function luma(picture) {
  const { data, info: { width, height } } = await opaque(picture).raw().toBuffer({ resolveWithObject: true });
  const found = new Float64Array(width * height);
  for (let i = 0; i < found.length; ++i) found[i] = 0.299 * data[3 * i] + 0.587 * data[3 * i + 1] + 0.114 * data[3 * i + 2];
  return { width, height, luma: found };
}

const isInstalled = ({ program }) => (process.env.PATH ?? '').split(':').some(x => fs.existsSync(path.join(x, program)));

/** {metric: figure} of one file, as the installed tools see it. */
async function perceptual(reference, file) {
  const png = `${file}.png`;
  await opaque(sharp(file)).png({ compressionLevel: 1 }).toFile(png);
  const asked = Object.entries(tools).filter(([, tool]) => isInstalled(tool)).map(async ([metric, { program, figure }]) => {
    const { stdout } = await run(program, [reference, png]);
    return [metric, Number(figure.exec(stdout)[1])];
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** The mean quality of the AVIFs of one system. */
async function qualityOf(bench, uploads) {
  const seen = [];
  const ssim = [];
  for (const [name, made] of Object.entries(await references(bench))) {
    const file = type => variantFile(uploads, name, type, 'avif');
    const others = perceptual(made[perceptual_type], file(perceptual_type)); // runs meanwhile
    for (const type of Object.keys(widths))
      ssim.push(ssimOfLuma(await luma(sharp(made[type])), await luma(sharp(file(type)))));
    seen.push(await others);
  }
  const metrics = Object.keys(seen[0]).map(metric => [metric, mean(seen.map(x => x[metric]))]);
  return { ssim_y: mean(ssim), ...Object.fromEntries(metrics) };
}

/** Adds the quality of the last round's files to all rounds of each cell. */
export async function addQuality(bench, measure, rounds) {
  if (!Object.values(tools).every(isInstalled))
    console.log('skipped: butteraugli or ssimulacra; deploy/install-deps test installs libjxl-devtools');
  for (const [name, { system, ...options }] of Object.entries(measure.cells)) {
    process.stderr.write(`quality of ${name}                    \r`);
    const figures = await qualityOf(bench, bench.kept(system, options));
    for (const round of rounds[name]) Object.assign(round, figures);
  }
  process.stderr.write('\x1b[2K');
}
