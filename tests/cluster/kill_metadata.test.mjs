// A node is killed amid 200 metadata jobs: what the catalog and the queue have in
// the end is what an undisturbed run leaves.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { sleep, staged, until } from './_lib.mjs';
import { json, provider } from './_provider.mjs';

const PICTURES = 200;

/** Answers with a description that only this picture gets. */
async function describer(stage) {
  const peer = await provider(stage);
  peer.answer = (call, response) => {
    const hash = createHash('sha256').update(/base64,([^"]+)/.exec(call.body)[1]).digest('hex').slice(0, 12);
    return json(response, 200, { choices: [{ finish_reason: 'stop', message: { content: JSON.stringify({ description: `picture ${hash}`, tags: [hash] }) } }] });
  };
  return peer;
}

async function play(stage, disturb) {
  for (let i = 0; i < PICTURES; ++i)
    await sharp({ create: { width: 32, height: 32, channels: 3, background: { r: i, g: 255 - i, b: (7 * i) % 256 } } }).png().toFile(path.join(stage.uploads, `p${i}.png`));
  const env = (await describer(stage)).env();
  const nodes = { main: await stage.serve(env), worker: await stage.work('worker-1', env) };
  const queue = stage.queue();
  await queue.addBulk(Array.from({ length: PICTURES }, (_, i) => ({ name: 'generate-metadata', data: { imageId: `img-${i}`, filePath: `p${i}.png` }, opts: { attempts: 3 } })));
  await disturb(nodes, env, queue);
  await until(async () => await queue.getJobCountByTypes('completed') >= 2 * PICTURES, 'all is done', 180000, 200);
  await sleep(500);
  const jobs = await queue.getJobs(['waiting', 'active', 'delayed', 'prioritized', 'completed', 'failed'], 0, -1);
  const embeddings = jobs.filter(job => job.name === 'generate-embeddings').map(job => job.data.imageId).sort();
  const wanted = Array.from({ length: PICTURES }, (_, i) => `img-${i}`).sort();
  assert.deepEqual(embeddings, wanted, 'each image has exactly one embedding job');
  return {
    metadata: await stage.sql('SELECT image_id, description, tags, searchable_text, model FROM image_metadata ORDER BY image_id'),
    vectors: await stage.sql('SELECT id, hex(vector) AS vector FROM embeddings ORDER BY id'),
    parts: await stage.sql("SELECT image_id, part, status FROM image_parts ORDER BY image_id, part"),
  };
}

let calm;

test('an undisturbed run', staged(async stage => {
  calm = await play(stage, async () => {});
  assert.equal(calm.metadata.length, PICTURES);
  assert.equal(new Set(calm.metadata.map(row => row.description)).size, PICTURES);
}));

test('a worker and the main node are killed amid the jobs', staged(async (stage, t) => {
  const rows = await play(stage, async (nodes, env, queue) => {
    const done = share => until(async () => await queue.getJobCountByTypes('completed') >= share * 2 * PICTURES, `${share} is done`, 120000, 20);
    await done(0.2);
    nodes.worker.kill('SIGKILL');
    await nodes.worker.within(5000);
    await stage.work('worker-2', env);
    await done(0.5);
    nodes.main.kill('SIGKILL');
    await nodes.main.within(5000);
    await stage.serve(env);
    t.diagnostic(`${await queue.getJobCountByTypes('completed')} were completed when the main node was back`);
  });
  assert.ok(calm, 'the undisturbed run came first');
  assert.deepEqual(rows, calm);
}));
