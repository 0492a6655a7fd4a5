// [[variants]]: which files become of a picture is the operator's choice.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { ROOT, staged, until } from './_lib.mjs';

const quick = '[imaging]\navif_effort = 0\n';
const page = '[[variants]]\nname = "page"\nwidth = 500\nformat = ["webp", "jpeg"]\n';
const thumb = '[[variants]]\nname = "thumb"\nwidth = 90\nheight = 90\nfit = "cover"\nformat = ["avif", "jpeg"]\nquality = 70\n';
const strip = '[[variants]]\nname = "strip"\nheight = 60\nformat = "webp"\n';

function settings(stage, name, text) {
  const file = path.join(stage.folder, `${name}.toml`);
  fs.writeFileSync(file, text);
  return { DARKROOM_CONFIG: file };
}

/** Makes the variants of the 700 x 525 photo: {"page.webp": "webp 500x375", …} of rows and of files. */
async function make(stage, node) {
  const job = await stage.queue().add('generate-variants', { imageId: 'one', filePath: 'photo.webp' });
  await until(async () => (await job.isCompleted()) || (await job.isFailed()), 'the job has ended', 60000);
  assert.equal((await stage.queue().getJob(job.id)).failedReason, undefined, node.out);
  const rows = await stage.sql("select * from image_variants where image_id = 'one'");
  const told = {};
  for (const row of rows) {
    const file = path.join(stage.uploads, row.file_path);
    const { format, width, height, compression } = await sharp(file).metadata();
    assert.deepEqual([row.width, row.height, row.file_size], [width, height, fs.statSync(file).size]);
    told[`${row.variant_type}.${row.format}`] = `${format === 'heif' && compression === 'av1' ? 'avif' : format} ${width}x${height}`;
  }
  const files = fs.readdirSync(path.join(stage.uploads, 'variants/one')).sort();
  assert.deepEqual(files, Object.keys(told).sort(), 'files and rows are the same');
  return told;
}

test('sizes, shapes, formats and qualities are those of the configuration', staged(async stage => {
  fs.copyFileSync(path.join(ROOT, 'tests/pictures/photo.webp'), path.join(stage.uploads, 'photo.webp'));
  const first = await stage.solo(settings(stage, 'first', quick + page + thumb));
  assert.deepEqual(await make(stage, first), {
    'page.webp': 'webp 500x375', 'page.jpeg': 'jpeg 500x375', 'thumb.avif': 'avif 90x90', 'thumb.jpeg': 'jpeg 90x90',
  });
  first.kill("SIGTERM");
  await first.ended;
  // Another set: what is made no more goes, rows and files.
  const second = await stage.solo(settings(stage, 'second', quick + thumb + strip));
  assert.deepEqual(await make(stage, second), { 'thumb.avif': 'avif 90x90', 'thumb.jpeg': 'jpeg 90x90', 'strip.webp': 'webp 80x60' });
}));

test('a worker with another set is refused', staged(async stage => {
  await stage.serve();
  const worker = stage.darkroom('other', ['work'], {
    DARKROOM_CLUSTER_NODE_NAME: 'other', DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}`, ...settings(stage, 'other', quick + strip),
  });
  await until(() => /the set of variants differs: this worker has 'strip: 60 high, webp' \(\[\[variants\]\]\), the main node has 'lg: 1920 wide, webp, avif; /.test(worker.out),
    'the worker says what differs');
}));

test('a wrong set is refused with its place', staged(async stage => {
  const wrong = settings(stage, 'wrong', `${page}[[variants]]\nname = "page"\nwidth = 9\nformat = "webp"\n`);
  const { code, err } = await stage.command(['serve'], wrong);
  assert.notEqual(code, 0);
  assert.match(err, /wrong\.toml:5:\d+: \[\[variants\]\] 'page' has webp twice/);
}));
