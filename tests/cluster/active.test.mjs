// How many jobs are `active`: never more than there are slots, and never more
// than the queue's global concurrency. Counted in the queue's event stream,
// which each script writes in the order of what it does, so that no moment is
// missed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const ECHOES = 900;
const IMAGES = 60;
const LONG = 64; // as many as the most slots

/** Long jobs, which fill all slots on a busy machine, too; then cheap jobs and such as store rows, in turn. */
async function addJobs(stage, queue) {
  fs.writeFileSync(path.join(stage.uploads, 'pixel.png'), Buffer.from(PIXEL, 'base64'));
  const jobs = Array.from({ length: ECHOES }, (_, i) => ({ name: 'echo', data: { i } }));
  for (let i = 0; i < IMAGES; ++i)
    jobs.splice(i * 16, 0, { name: 'generate-variants', data: { imageId: `img-${i}`, filePath: 'pixel.png' } });
  await queue.addBulk([...Array.from({ length: LONG }, () => ({ name: 'sleep', data: { ms: 300 } })), ...jobs]);
}

/** The most jobs that were active at once. */
async function mostActive(stage) {
  const active = new Set();
  let most = 0;
  for (const { event, jobId } of await stage.stream()) {
    if (event === 'active') active.add(jobId);
    else active.delete(jobId);
    most = Math.max(most, active.size);
  }
  return most;
}

async function runAll(stage, queue) {
  await queue.resume();
  await until(async () => await queue.getJobCountByTypes('completed', 'failed') === LONG + ECHOES + IMAGES, 'all jobs have ended', 60000);
  assert.deepEqual((await queue.getFailed(0, 0)).map(job => job.failedReason), []);
  assert.equal((await stage.stream()).filter(row => row.event === 'completed').length, LONG + ECHOES + IMAGES, 'the stream is whole');
  assert.equal(await queue.getActiveCount(), 0);
}

for (const slots of [5, 64]) {
  test(`no more than ${slots} jobs are active where there are ${slots} slots`, staged(async (stage, t) => {
    const queue = stage.queue();
    await queue.pause();
    await addJobs(stage, queue);
    await stage.solo({ DARKROOM_WORKER_CONCURRENCY: `${slots}`, DARKROOM_WORKER_DIAGNOSTICS: 'true' });
    const start = Date.now();
    await runAll(stage, queue);
    const most = await mostActive(stage);
    t.diagnostic(`${most} active at once, all done in ${Date.now() - start} ms`);
    assert.equal(most, slots);
  }));
}

test('no more jobs are active in a cluster than its nodes have slots', staged(async (stage, t) => {
  const queue = stage.queue();
  await queue.pause();
  await addJobs(stage, queue);
  await stage.serve();
  for (const name of ['worker-1', 'worker-2']) await stage.work(name, { DARKROOM_WORKER_CONCURRENCY: '4' });
  await runAll(stage, queue);
  const most = await mostActive(stage);
  t.diagnostic(`${most} active at once`);
  assert.equal(most, 8);
}));

test('the global concurrency of a queue is kept to a job', staged(async stage => {
  const queue = stage.queue();
  await queue.pause();
  await queue.setGlobalConcurrency(3);
  await addJobs(stage, queue);
  await stage.solo({ DARKROOM_WORKER_CONCURRENCY: '16', DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  await runAll(stage, queue);
  assert.equal(await mostActive(stage), 3);
}));
