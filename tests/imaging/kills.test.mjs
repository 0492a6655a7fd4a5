// kill -9 of a node while it makes variants, and of one of its codec processes:
// at the end each picture has exactly its variants, every file is whole, and
// nothing else is there. LONG=1 kills 50 times, KILLS says how often.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { kill, sleep, staged, until } from '../cluster/_lib.mjs';
import { PICTURES } from './_lib.mjs';
import { childrenOf, stateOf } from './_processes.mjs';

const KILLS = Number(process.env.KILLS || (process.env.LONG ? 50 : 10));
const WAITING = 6; // jobs that are there to be hit
const MOMENTS_MS = 400;
const SOURCES = ['photo-baseline.jpg', 'exif6.jpg', 'alpha.png', 'photo.webp', 'tiny.jpg', 'cmyk.jpg', 'photo.avif'];
const SIX = ['lg avif', 'lg webp', 'md avif', 'md webp', 'sm avif', 'sm webp'];

const OPTS = { attempts: 1000, backoff: { type: 'fixed', delay: 10 } };
const SETTINGS = {
  DARKROOM_CLUSTER_NODE_NAME: 'solo',
  DARKROOM_IMAGING_AVIF_EFFORT: '0',
  DARKROOM_WORKER_CONCURRENCY: '4',
  // A job of a killed node is found by its lease.
  DARKROOM_QUEUE_LOCK_DURATION: '2s',
  DARKROOM_QUEUE_STALLED_INTERVAL: '500ms',
  // Here the deaths are not the pictures' fault.
  DARKROOM_QUEUE_MAX_STALLED: '1000',
  DARKROOM_WORKER_MAX_CODEC_DEATHS: '1000',
  DARKROOM_WORKER_MAX_NODE_DEATHS: '1000',
};

const isGone = pid => ['', 'Z', undefined].includes(stateOf(pid));

/** Adds pictures so that at least WAITING jobs wait. */
async function feed(stage, queue, ids) {
  for (let i = await queue.getWaitingCount(); i < WAITING; ++i) {
    const source = SOURCES[ids.length % SOURCES.length];
    const imageId = `img-${ids.length}`;
    const filePath = `${imageId}${path.extname(source)}`;
    fs.copyFileSync(path.join(PICTURES, source), path.join(stage.uploads, filePath));
    await queue.add('generate-variants', { imageId, filePath }, OPTS);
    ids.push(imageId);
  }
}

async function decodes(file) {
  const { info } = await sharp(file, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  return info;
}

test(`${KILLS} killed nodes leave exactly the variants of each picture`, staged(async (stage, t) => {
  const queue = stage.queue();
  const ids = [];
  let halves = 0; // kills after which a half-done file was there
  let codecs = 0;
  for (let round = 0; round < KILLS; ++round) {
    await feed(stage, queue, ids);
    const node = await stage.solo(SETTINGS);
    await until(async () => childrenOf(node.pid).length > 0, 'a codec process works');
    await sleep(Math.random() * MOMENTS_MS);
    const children = childrenOf(node.pid);
    if (round % 2 && children.length > 0) {
      codecs += kill(children[round % children.length], 'SIGKILL') ? 1 : 0;
      await sleep(Math.random() * 100);
    }
    const left = childrenOf(node.pid);
    node.kill('SIGKILL');
    await node.within(3000);
    if (stage.files('variants').some(name => name.endsWith('.part'))) ++halves;
    await until(() => left.every(isGone), 'the codec processes went with their node', 3000);
  }
  const last = await stage.solo(SETTINGS);
  await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0, 'all is done', 240000, 100);
  console.log(`${KILLS} nodes and ${codecs} more codec processes killed, half-done files were there ${halves} times; ${ids.length} pictures`);

  await t.test('every job is completed', async () => {
    assert.equal(await queue.getFailedCount(), 0);
    assert.equal(await queue.getCompletedCount(), ids.length);
  });
  const rows = await stage.sql('select * from image_variants order by image_id, variant_type, format');
  await t.test('each picture has the configured variants', () => {
    for (const id of ids)
      assert.deepEqual(rows.filter(row => row.image_id === id).map(row => `${row.variant_type} ${row.format}`), SIX, id);
    assert.equal(rows.length, SIX.length * ids.length);
  });
  await t.test('each file is one of a row, each row has its file', () => {
    const named = [...new Set(rows.map(row => row.file_path))].sort();
    assert.deepEqual(stage.files('variants').sort(), named);
    assert.deepEqual(stage.files().filter(name => !name.startsWith('variants/')).sort(), ids.map((id, i) => `${id}${path.extname(SOURCES[i % SOURCES.length])}`).sort());
  });
  await t.test('every file decodes whole, in the size and length of its row', async () => {
    for (const row of rows) {
      const file = path.join(stage.uploads, row.file_path);
      const bytes = fs.readFileSync(file);
      assert.equal(bytes.length, row.file_size, row.file_path);
      assert.equal((await decodes(bytes)).width, row.width, row.file_path);
    }
  });
  await t.test('the last node is well', () => assert.equal(last.end, null));
}));
