// Sharp is the judge: of each picture, Darkroom's variants must look like what
// sharp makes with the same sizes, qualities and effort.
//
// IMAGES=DIR judges the pictures of a folder as well.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { inFolder, PICTURES } from './_lib.mjs';
import { groups, makePictures } from './_pictures.mjs';

const EFFORT = 0;
const SIZES = {
  lg: 1920,
  md: 1024,
  sm: 640,
};

// Differences of decoded pixels, 0 to 255. Where a picture is not shrunk, both
// sides give the same pixels to the same encoders, so all were 0, on one core:
// an AVIF that several threads encode differs by 0.2 on average, 30 at most.
// Colours count as far as they are seen: below alpha 0 there is no difference.
const SAME = { mean: 0.5, max: 8, alphaMean: 0.5, alphaMax: 8, shift: 0.5 };

// A picture that is shrunk has other pixels, as sharp lets decoders shrink and
// Darkroom shrinks the largest size, and quantisation makes noise of that.
// Then the question is who comes closer to the ideal: what sharp makes of the
// whole picture without any loss. `more` is how much further from it we are
// than sharp, on average; `shift` is how far a channel's average is off the
// ideal or sharp's, whichever is nearer. Of pictures of a few rows, each size
// rounds the height, and thus the scale.
const SHRUNK = { more: 0.25, alphaMean: 1, alphaMax: 64, shift: 1 };
const THIN = { ...SHRUNK, more: 2.5, shift: 5 };
const THIN_EDGE = 16;
const LIMITS = { same: SAME, shrunk: SHRUNK, thin: THIN };

async function decode(bytes) {
  const { data, info } = await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { hasAlpha } = await sharp(bytes).metadata();
  return { data, hasAlpha, size: `${info.width}x${info.height}` };
}

function differences(ours, theirs) {
  const count = ours.length / 4;
  const all = { mean: 0, max: 0, alphaMean: 0, alphaMax: 0 };
  const shifts = [0, 0, 0];
  for (let i = 0; i < ours.length; i += 4) {
    const alpha = Math.abs(ours[i + 3] - theirs[i + 3]);
    all.alphaMean += alpha / count;
    all.alphaMax = Math.max(all.alphaMax, alpha);
    for (let k = 0; k < 3; ++k) {
      const seen = (ours[i + k] * ours[i + 3] - theirs[i + k] * theirs[i + 3]) / 255;
      shifts[k] += seen / count;
      all.mean += Math.abs(seen) / count / 3;
      all.max = Math.max(all.max, Math.abs(seen));
    }
  }
  return { ...all, shift: Math.max(...shifts.map(Math.abs)) };
}

const sized = (picture, type, more = {}) => picture.resize({ width: SIZES[type], withoutEnlargement: true, ...more });

/** What users of sharp get: the file. */
function usual(file, type, format, more) {
  const picture = sized(sharp(file).autoOrient(), type, more);
  return (format === 'webp' ? picture.webp({ quality: 80, effort: 4 }) : picture.avif({ quality: 50, effort: EFFORT })).toBuffer();
}

/** Makes the ideal of a size of a picture, which it decodes once. */
function idealsOf(file) {
  const whole = sharp(file).autoOrient().toColourspace('srgb').png({ compressionLevel: 0 }).toBuffer();
  return async type =>
    decode(
      await sized(sharp(await whole), type)
        .png({ compressionLevel: 0 })
        .toBuffer(),
    );
}

/** What is wrong with a picture's variants; raises the numbers in `worst`. */
async function judge(file, picture, folder, worst) {
  const wrong = [];
  const seen = new Set(); // equal variants of a small picture are judged once
  const ideals = idealsOf(file);
  const original = (await sharp(file).metadata()).autoOrient;
  for (const { type, format, width, height, file: made } of picture.variants) {
    if (seen.has(`${format} ${width}`)) continue;
    seen.add(`${format} ${width}`);
    const ours = await decode(fs.readFileSync(folder.of(made)));
    let theirs = await decode(await usual(file, type, format));
    if (ours.size !== theirs.size && height < THIN_EDGE) // sharp makes 640x1 of a JPEG of 1920x5, but 640x2 of a PNG
      theirs = await decode(await usual(file, type, format, { fastShrinkOnLoad: false }));
    const name = `${path.basename(file)} ${type} ${format}`;
    if (ours.size !== `${width}x${height}`) wrong.push(`${name} says ${width}x${height}, is ${ours.size}`);
    if (ours.size !== theirs.size) {
      wrong.push(`${name} is ${ours.size}, sharp's is ${theirs.size}`);
      continue;
    }
    if (ours.hasAlpha !== theirs.hasAlpha) wrong.push(`${name}: alpha ${ours.hasAlpha}, sharp's ${theirs.hasAlpha}`);
    const found = differences(ours.data, theirs.data);
    const isShrunk = width < original.width;
    if (isShrunk) {
      const ideal = (await ideals(type)).data;
      const { mean, shift } = differences(ours.data, ideal);
      found.more = mean - differences(theirs.data, ideal).mean;
      found.shift = Math.min(shift, found.shift);
    }
    const kind = !isShrunk ? 'same' : Math.min(width, height) < THIN_EDGE ? 'thin' : 'shrunk';
    for (const [key, most] of Object.entries(LIMITS[kind])) {
      const shown = `${key} (${kind})`;
      worst[shown] = Math.max(worst[shown] ?? -Infinity, found[key]);
      if (!(found[key] <= most)) wrong.push(`${name}: ${shown} ${found[key].toFixed(2)}`);
    }
  }
  return wrong;
}

async function judgeAll(files, folder, t) {
  // One core, as several threads make other AVIFs (see SAME).
  const ended = await folder.darkroom(['variants', ...files, '--out', 'out', '--effort', `${EFFORT}`, '--json'], { DARKROOM_IMAGING_CORES: '1' });
  const { pictures } = JSON.parse(ended.out);
  const wrong = [];
  const worst = {};
  for (let i = 0; i < files.length; ++i) {
    if (pictures[i].error) wrong.push(`refused: ${pictures[i].error.message}`);
    else wrong.push(...(await judge(files[i], pictures[i], folder, worst)));
  }
  const numbers = Object.entries(worst).map(([key, value]) => `${key} ${value.toFixed(2)}`);
  t.diagnostic(`${files.length} pictures, at worst ${numbers.join(', ')}`);
  assert.equal(wrong.length, 0, wrong.join('\n'));
}

// Two pictures of the same name would have the same variants.
async function named(files, folder) {
  fs.mkdirSync(folder.of('in'), { recursive: true });
  const out = [];
  for (const file of files) {
    const { name, ext } = path.parse(file);
    out.push(folder.of('in', `${name}-${ext.slice(1)}${ext}`));
    fs.copyFileSync(file, out.at(-1));
  }
  return out;
}

const inside = folder =>
  fs
    .readdirSync(folder)
    .filter(name => /\.(jpe?g|png|webp|avif|gif|tiff?)$/i.test(name))
    .sort()
    .map(name => path.join(folder, name));

for (const group of groups)
  test(
    `generated pictures look like sharp's: ${group}`,
    inFolder(async (folder, t) => {
      fs.mkdirSync(folder.of('made'));
      const names = await makePictures(group, folder.of('made'));
      await judgeAll(
        await named(
          names.map(name => folder.of('made', name)),
          folder,
        ),
        folder,
        t,
      );
    }),
  );

test(
  "the pictures of the tests look like sharp's",
  inFolder(async (folder, t) => {
    await judgeAll(await named(inside(PICTURES), folder), folder, t);
  }),
);

test(
  "the pictures of IMAGES look like sharp's",
  { skip: process.env.IMAGES ? false : 'IMAGES is not set' },
  inFolder(async (folder, t) => {
    await judgeAll(await named(inside(process.env.IMAGES), folder), folder, t);
  }),
);
