// BlurHash, dominant colour and perceptual hash, beside their peers: the npm
// package `blurhash`, and pHash over pixels that sharp made.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { decode, encode, isBlurhashValid } from 'blurhash';
import sharp from 'sharp';
import { PICTURES, inFolder } from './_lib.mjs';

const NAMES = ['photo-baseline.jpg', 'photo-progressive.jpg', 'photo.webp', 'photo.avif', 'exif6.jpg', 'grey.jpg', 'alpha.png', 'adobergb.jpg', 'cmyk.jpg', 'rgb16.png', 'animated.gif', 'tiny.jpg'];
// Mean difference per channel of the two blurred pictures, of 255. The package clips
// dark amplitudes that are larger than all bright ones; we scale by the largest of both.
const BLUR_TOLERANCE = 12;
const LIKENESS = 1; // by so much at most, ours may be farther from the picture than the package's
const BIT_TOLERANCE = 6;  // of the 64 bits of two perceptual hashes

/** What `darkroom variants --json` tells of each picture. */
async function marksOf(folder, files) {
  const ended = await folder.darkroom(['variants', ...files, '--out', 'out', '--effort', '0', '--format', 'webp', '--json', '--force']);
  assert.equal(ended.code, 0, ended.err);
  return JSON.parse(ended.out).pictures;
}

const upright = input => sharp(input).rotate().toColourspace('srgb').flatten({ background: 'white' });

const pixelsOf = (input, edge, fit) => upright(input).resize(edge, edge, { fit, withoutEnlargement: fit === 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });

async function blurOf(input) {
  const { data, info } = await pixelsOf(input, 64, 'inside');
  return encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3);
}

/** The mean difference per channel of two pictures of 32 x 32 RGBA. */
const difference = (x, y) => x.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / (x.length * 3 / 4);

/** pHash as ImageHash computes it: the signs of 8x8 frequencies around their median. */
async function phashOf(input) {
  const grey = await upright(input).resize(32, 32, { fit: 'fill' }).greyscale().raw().toBuffer();
  const wave = (i, x) => Math.cos(Math.PI * i * (2 * x + 1) / 64);
  const values = [];
  for (let v = 0; v < 8; ++v)
    for (let u = 0; u < 8; ++u) {
      let sum = 0;
      for (let y = 0; y < 32; ++y) for (let x = 0; x < 32; ++x) sum += grey[32 * y + x] * wave(u, x) * wave(v, y);
      values.push(sum);
    }
  const sorted = [...values].sort((a, b) => a - b);
  const median = (sorted[31] + sorted[32]) / 2;
  return values.reduce((bits, value) => bits << 1n | BigInt(value > median), 0n);
}

function bitsBetween(a, b) {
  let count = 0;
  for (let x = a ^ b; x > 0n; x >>= 1n) count += Number(x & 1n);
  return count;
}

const bits = picture => BigInt(`0x${picture.perceptualHash}`);

test('the marks of each picture are what their peers make of it', inFolder(async (folder, t) => {
  const files = NAMES.map(name => name.replace('.', '-') + path.extname(name)); // two are called "photo"
  NAMES.forEach((name, i) => fs.copyFileSync(path.join(PICTURES, name), folder.of(files[i])));
  for (const picture of await marksOf(folder, files)) {
    const name = picture.file;
    picture.file = folder.of(name);
    assert.ok(isBlurhashValid(picture.blurHash).result, name);
    assert.equal(picture.blurHash.length, 28);
    assert.match(picture.dominantColor, /^#[0-9a-f]{6}$/);
    assert.match(picture.perceptualHash, /^[0-9a-f]{16}$/);
    assert.equal(picture.avifEffort, 0);
    const [ours, theirs] = [picture.blurHash, await blurOf(picture.file)].map(hash => decode(hash, 32, 32));
    const { data } = await pixelsOf(picture.file, 32, 'fill');
    const blur = difference(ours, theirs);
    const [near, nearest] = [ours, theirs].map(blurred => difference(blurred, data));
    const distance = bitsBetween(bits(picture), await phashOf(picture.file));
    t.diagnostic(`${name}: BlurHash differs by ${blur.toFixed(2)} (${near.toFixed(2)} from the picture, theirs ${nearest.toFixed(2)}), pHash by ${distance} bits, ${picture.dominantColor}`);
    assert.ok(blur <= BLUR_TOLERANCE, `${name}: ${blur}`);
    assert.ok(near <= nearest + LIKENESS, `${name}: ${near}, theirs ${nearest}`);
    assert.ok(distance <= BIT_TOLERANCE, `${name}: ${distance} bits`);
  }
}));

test('the perceptual hash survives scaling and encoding, and tells pictures apart', inFolder(async folder => {
  const photo = path.join(PICTURES, 'photo-baseline.jpg');
  await sharp(photo).rotate().resize(300).jpeg({ quality: 40 }).toFile(folder.of('small.jpg'));
  await sharp(photo).rotate().resize(900).webp({ quality: 50 }).toFile(folder.of('middle.webp'));
  await sharp(photo).rotate().flop().png().toFile(folder.of('mirrored.png'));
  const [first, small, middle, mirrored] = await marksOf(folder, [photo, 'small.jpg', 'middle.webp', 'mirrored.png']);
  for (const same of [small, middle]) assert.ok(bitsBetween(bits(first), bits(same)) <= BIT_TOLERANCE, same.file);
  assert.ok(bitsBetween(bits(first), bits(mirrored)) > 16);
}));

test('odd pictures have marks, too: one pixel, a line, plain colours, glass', inFolder(async folder => {
  const plain = (width, height, background) => sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } }).png();
  await plain(1, 1, { r: 255, g: 0, b: 0 }).toFile(folder.of('dot.png'));
  await plain(5000, 1, { r: 0, g: 128, b: 0 }).toFile(folder.of('wide.png'));
  await plain(1, 5000, { r: 0, g: 0, b: 255 }).toFile(folder.of('tall.png'));
  await plain(80, 60, { r: 0, g: 0, b: 0, alpha: 0 }).toFile(folder.of('glass.png'));
  const pictures = await marksOf(folder, ['dot.png', 'wide.png', 'tall.png', 'glass.png']);
  assert.deepEqual(pictures.map(x => x.dominantColor), ['#ff0000', '#008000', '#0000ff', '#ffffff']);
  for (const x of pictures) {
    assert.ok(isBlurhashValid(x.blurHash).result, x.file);
    assert.equal(x.perceptualHash, '8000000000000000', x.file);
  }
}));
