// Results by content: the same bytes are encoded once, however many images
// have them, and their files live as long as one of these images.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT, staged, until } from './_lib.mjs';

const PICTURE = fs.readFileSync(path.join(ROOT, 'tests/pictures/photo-progressive.jpg'));
const OTHER = fs.readFileSync(path.join(ROOT, 'tests/pictures/exif6.jpg'));
const FAST = { DARKROOM_IMAGING_REUSE_RESULTS: 'true', DARKROOM_IMAGING_AVIF_EFFORT: '0' };

async function upload(stage, bytes = PICTURE) {
  const answer = await fetch(`${stage.url}/api/images?duplicate=allow`, { method: 'POST', body: bytes });
  assert.equal(answer.status, 201);
  const { imageId } = await answer.json();
  const image = () => stage.get(`/api/images/${imageId}`);
  await until(async () => (await image()).parts.variants?.status === 'completed', `the variants of ${imageId}`, 60000);
  return image();
}

const reused = async stage => Number(/^darkroom_variants_reused_total (\d+)/m.exec(await (await fetch(`${stage.url}/metrics`)).text())[1]);
const fileOf = (stage, variant) => path.join(stage.uploads, variant.filePath);
const inode = file => fs.statSync(file).ino;
const facts = image => image.variants.map(({ variantType, format, width, height, fileSize }) => ({ variantType, format, width, height, fileSize }));
const marks = ({ blurHash, dominantColor, perceptualHash, avifEffort }) => ({ blurHash, dominantColor, perceptualHash, avifEffort });

function checkFiles(stage, image) {
  const own = fs.readdirSync(path.join(stage.uploads, 'variants', image.imageId));
  assert.deepEqual(own.sort(), [...new Set(image.variants.map(x => path.basename(x.filePath)))].sort(), 'no file is left over');
  for (const x of image.variants) {
    assert.ok(x.filePath.startsWith(`variants/${image.imageId}/`));
    assert.equal(fs.statSync(fileOf(stage, x)).size, x.fileSize);
  }
}

test('the same bytes are encoded once, and their files outlive the first image', staged(async stage => {
  await stage.solo(FAST);
  const first = await upload(stage);
  assert.equal(await reused(stage), 0);
  const second = await upload(stage);
  assert.equal(await reused(stage), 1);
  assert.deepEqual(facts(second), facts(first));
  assert.deepEqual(marks(second), marks(first));
  assert.equal(marks(first).avifEffort, 0);
  for (const image of [first, second]) checkFiles(stage, image);
  for (const [i, x] of second.variants.entries()) assert.equal(inode(fileOf(stage, x)), inode(fileOf(stage, first.variants[i])));
  const before = second.variants.map(x => fs.readFileSync(fileOf(stage, x)));

  await fetch(`${stage.url}/api/images/${first.imageId}`, { method: 'DELETE' });
  await until(() => !fs.existsSync(path.join(stage.uploads, 'variants', first.imageId)), 'the first image is gone');
  second.variants.forEach((x, i) => assert.ok(fs.readFileSync(fileOf(stage, x)).equals(before[i])));
  const third = await upload(stage); // from the second one
  assert.equal(await reused(stage), 2);
  checkFiles(stage, third);

  await upload(stage, OTHER);
  assert.equal(await reused(stage), 2);
}));

test('another recipe, a file that is gone, or the setting: encoded again', staged(async stage => {
  const solo = await stage.solo(FAST);
  const first = await upload(stage);
  for (const x of first.variants) fs.rmSync(fileOf(stage, x), { force: true });
  const second = await upload(stage);
  assert.equal(await reused(stage), 0);
  checkFiles(stage, second);
  solo.kill('SIGTERM');
  await solo.ended;

  let again;
  for (const [more, expected] of [[{ DARKROOM_IMAGING_WEBP_QUALITY: '60' }, 0], [{ DARKROOM_IMAGING_AVIF_EFFORT: '1' }, 0],
    [{ DARKROOM_IMAGING_REUSE_RESULTS: 'false' }, 0], [{}, 1]]) {
    again = await stage.solo({ ...FAST, ...more });
    checkFiles(stage, await upload(stage));
    assert.equal(await reused(stage), expected, JSON.stringify(more));
    again.kill('SIGTERM');
    await again.ended;
  }
}));

test('a worker node asks its main node', staged(async stage => {
  await stage.serve(FAST);
  await stage.work('a', FAST);
  await upload(stage);
  checkFiles(stage, await upload(stage));
  assert.equal(await reused(stage), 1);
}));
