// Several jobs of one type for one image: the newest one's result stays, and
// every other job ends at once, in whatever order they ran.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, staged, until } from './_lib.mjs';

const IMAGE = 'one';
const data = filePath => ({ imageId: IMAGE, filePath });

/** The order in which the older and the newer job are run, by what makes it so. */
const ORDERS = {
  'the older one is delayed': async ({ queue }) => {
    const older = await queue.add('generate-variants', data('older.jpg'), { delay: 3600000, attempts: 1 });
    const newer = await queue.add('generate-variants', data('newer.jpg'), { attempts: 1 });
    return { older, newer, release: () => older.promote() };
  },
  'the older one has a lower priority': async ({ queue }) => {
    await queue.pause();
    const older = await queue.add('generate-variants', data('older.jpg'), { priority: 10, attempts: 1 });
    const newer = await queue.add('generate-variants', data('newer.jpg'), { priority: 1, attempts: 1 });
    await queue.resume();
    return { older, newer, release: () => {} };
  },
  'the older one is tried again later': async ({ queue, stage }) => {
    const older = await queue.add('generate-variants', data('older-comes.jpg'), { attempts: 2, backoff: { type: 'fixed', delay: 3600000 } });
    await until(async () => await older.getState() === 'delayed', 'it waits for its second attempt');
    fs.copyFileSync(path.join(SAMPLES, 'mountains.jpg'), path.join(stage.uploads, 'older-comes.jpg'));
    const newer = await queue.add('generate-variants', data('newer.jpg'), { attempts: 1 });
    return { older, newer, release: () => older.promote() };
  },
  'the older one is redriven': async ({ queue, stage }) => {
    const older = await queue.add('generate-variants', data('older-comes.jpg'), { attempts: 1 });
    await until(async () => await older.getState() === 'failed', 'it has failed');
    fs.copyFileSync(path.join(SAMPLES, 'mountains.jpg'), path.join(stage.uploads, 'older-comes.jpg'));
    const newer = await queue.add('generate-variants', data('newer.jpg'), { attempts: 1 });
    return { older, newer, release: () => older.retry() };
  },
};

async function start(stage) {
  for (const [name, sample] of [['older.jpg', 'mountains.jpg'], ['newer.jpg', 'dragonfly.jpg']])
    fs.copyFileSync(path.join(SAMPLES, sample), path.join(stage.uploads, name));
  await stage.serve();
  await stage.work('worker', { DARKROOM_WORKER_CONCURRENCY: '1' });
  return stage.queue();
}

const ended = job => until(async () => ['completed', 'failed'].includes(await job.getState()), `job ${job.id} has ended`, 60000);

for (const [why, add] of Object.entries(ORDERS))
  test(`an older job ends without effect: ${why}`, staged(async stage => {
    const queue = await start(stage);
    const { older, newer, release } = await add({ queue, stage });
    await ended(newer);
    const rows = JSON.stringify((await stage.get(`/api/images/${IMAGE}`)).variants);
    await release();
    await ended(older);
    const { returnvalue, attemptsStarted, stalledCounter } = await queue.getJob(older.id);
    assert.equal(await older.getState(), 'completed');
    assert.equal(returnvalue.superseded, true);
    assert.equal(returnvalue.imageId, IMAGE);
    assert.equal((await queue.getJob(newer.id)).returnvalue.superseded, undefined);
    assert.ok(attemptsStarted <= 2 && stalledCounter === 0, `it ran ${attemptsStarted} times, stalled ${stalledCounter}`);
    assert.equal(JSON.stringify((await stage.get(`/api/images/${IMAGE}`)).variants), rows, "the newer one's rows stay");
    assert.equal(await queue.getActiveCount(), 0);
    assert.deepEqual(stage.files().filter(name => name.endsWith('.part')), [], 'nothing that was staged is left');
    const events = (await stage.stream()).filter(x => x.jobId === older.id).map(x => x.event);
    assert.equal(events.filter(x => x === 'completed').length, 1);
    assert.ok(!events.includes('stalled'));
  }));

test('a superseded job adds no next one', staged(async stage => {
  const queue = await start(stage);
  const older = await queue.add('generate-metadata', data('older.jpg'), { delay: 3600000, attempts: 1 });
  const newer = await queue.add('generate-metadata', data('newer.jpg'), { attempts: 1 });
  await ended(newer);
  await older.promote();
  await ended(older);
  assert.equal((await queue.getJob(older.id)).returnvalue.superseded, true);
  const chained = (await queue.getJobs(['waiting', 'active', 'completed', 'delayed', 'prioritized', 'failed'])).filter(job => job.name === 'generate-embeddings');
  assert.deepEqual(chained.map(job => job.data.filePath), ['newer.jpg']);
}));

test('many jobs of one image all end, and the newest has the word', staged(async stage => {
  const queue = await start(stage);
  const jobs = [];
  for (let n = 0; n < 12; ++n) // later ones first, as a stack
    jobs.push({ name: 'generate-metadata', data: data(n % 2 ? 'older.jpg' : 'newer.jpg'), opts: { lifo: n % 3 === 0, priority: n % 3 === 1 ? 12 - n : undefined, attempts: 1 } });
  await queue.pause();
  const added = await queue.addBulk(jobs);
  await queue.resume();
  for (const job of added) await ended(job);
  const states = await Promise.all(added.map(job => job.getState()));
  assert.ok(states.every(state => state === 'completed'), states.join());
  const [row] = await stage.sql(`SELECT job_id FROM image_parts WHERE image_id = '${IMAGE}' AND part = 'metadata'`);
  assert.equal(row.job_id, added.at(-1).id);
  await until(async () => await queue.getActiveCount() === 0, 'nothing stays active');
}));
