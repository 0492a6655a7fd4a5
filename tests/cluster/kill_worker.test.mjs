// kill -9 of the worker that works: its jobs run elsewhere within a second, and
// leave behind what they leave behind once. KILLS says how often (20).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, sleep, spread, staged, until } from './_lib.mjs';

const KILLS = Number(process.env.KILLS || 20);
const LIMIT_MS = 1000;
const PICTURE = 'friends-soft-edge.png';

/** The job's events from number `from` on. */
const of = (events, id, type, from = 0) => events.slice(from).filter(x => x.jobId === id && x.type === type);

/** One kill while a sleep and an image's jobs run; the times until each job of the victim runs again. */
async function killOnce(round, { stage, queue, events, workers }) {
  const imageId = `img-${round}`;
  const data = { imageId, filePath: PICTURE };
  const opts = { attempts: 3, backoff: { type: 'exponential', delay: 2000 } };
  const jobs = await queue.addBulk([
    { name: 'sleep', data: { ms: 1500 }, opts },
    { name: 'generate-variants', data, opts },
    { name: 'generate-metadata', data, opts },
    { name: 'sleep', data: { ms: 1500 }, opts },
  ]);
  // Even rounds kill the one that sleeps, odd ones the one that encodes, at various moments of the job.
  const wanted = jobs[round % 2].id;
  const [active] = await until(() => {
    const found = of(events, wanted, 'job-active');
    return found.length && jobs.every(job => of(events, job.id, 'job-active').length) && found;
  }, 'all run');
  await sleep((round * 37) % 400);
  const running = jobs.filter(job => of(events, job.id, 'job-active')[0].node === active.node && !of(events, job.id, 'job-completed').length);
  const before = events.length;
  const killed = Date.now();
  workers.get(active.node).kill('SIGKILL');
  await workers.get(active.node).within(2000);
  workers.delete(active.node);
  const name = `worker-${workers.next++}`;
  const replacement = stage.work(name, { DARKROOM_WORKER_CONCURRENCY: '4' });
  const times = [];
  for (const job of running) {
    // Settled before the kill, or active again after it.
    const next = await until(() => of(events, job.id, 'job-active', before)[0] || of(events, job.id, 'job-completed')[0], `job ${job.id} (${job.name}) runs again`, 20000, 5);
    if (next.type === 'job-active') times.push(next.at - killed);
  }
  workers.set(name, await replacement);
  await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0, 'the round is done', 60000);
  return times;
}

test(`${KILLS} killed workers lose nothing and double nothing`, staged(async (stage, t) => {
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  await stage.serve();
  const workers = new Map();
  workers.next = 3;
  for (const name of ['worker-1', 'worker-2']) workers.set(name, await stage.work(name, { DARKROOM_WORKER_CONCURRENCY: '4' }));
  const queue = stage.queue();
  const events = await stage.workerEvents();
  const times = [];
  for (let round = 0; round < KILLS; ++round) times.push(...await killOnce(round, { stage, queue, events, workers }));

  const { p50, p99, max } = spread(times);
  t.diagnostic(`${KILLS} kills, ${times.length} jobs moved: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (limit ${LIMIT_MS} ms)`);
  console.log(`kill -9 to next active: ${times.length} jobs over ${KILLS} kills, p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
  await t.test('each job runs elsewhere within a second', () => {
    assert.ok(times.length >= KILLS * 0.8, `${times.length} jobs were hit`);
    assert.ok(max < LIMIT_MS, `it took ${times.filter(x => x >= LIMIT_MS)} ms`);
  });
  await t.test('every job completed, with no attempt counted for the kill', async () => {
    assert.equal(await queue.getFailedCount(), 0);
    const done = await queue.getCompleted(0, -1);
    assert.equal(done.length, 5 * KILLS);
    assert.deepEqual(done.filter(job => job.attemptsMade !== 1).map(job => job.id), []);
    assert.deepEqual(done.filter(job => job.stalledCounter > 0).map(job => job.id), []);
  });
  await t.test('every job completed once', async () => {
    const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
    assert.equal(completed.length, new Set(completed).size);
    const published = events.filter(x => x.type === 'job-completed').map(x => x.jobId);
    assert.equal(published.length, 5 * KILLS);
    assert.equal(new Set(published).size, 5 * KILLS);
  });
  await t.test('one embeddings job an image', async () => {
    const chained = (await queue.getJobs()).filter(job => job.name === 'generate-embeddings').map(job => job.data.imageId);
    assert.equal(chained.length, KILLS);
    assert.equal(new Set(chained).size, KILLS);
  });
  await t.test('one set of rows an image', async () => {
    const count = async text => (await stage.sql(text))[0].n;
    assert.equal(await count("select count(*) n from images where status = 'completed'"), KILLS);
    assert.equal(await count('select count(*) n from images'), KILLS);
    assert.equal(await count('select count(*) n from image_metadata'), KILLS);
    assert.equal(await count('select count(*) n from embeddings'), KILLS);
    assert.equal(await count('select count(*) n from image_variants'), 6 * KILLS);
  });
  await t.test('the files of each image, whole, and nothing half-written', async () => {
    const files = stage.files('variants');
    assert.deepEqual(files.filter(name => name.endsWith('.part')), []);
    assert.equal(files.length, await stage.sql('select count(distinct file_path) n from image_variants').then(found => found[0].n));
    for (const row of await stage.sql('select file_path, file_size from image_variants'))
      assert.equal(fs.statSync(path.join(stage.uploads, row.file_path)).size, row.file_size, row.file_path);
  });
  await t.test('no lock is left', async () => {
    assert.deepEqual(await stage.redis().keys('bull:*:lock'), []);
  });
}));

test('a killed worker\'s half-written files go when its job completes', staged(async stage => {
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  await stage.serve();
  const events = await stage.workerEvents();
  const queue = stage.queue();
  // The moment between the first written file and the commit: found by looking.
  for (let round = 0, hit = 0; hit < 2 && round < 12; ++round) {
    const worker = await stage.work(`worker-${round}`);
    const job = await queue.add('generate-variants', { imageId: `img-${round}`, filePath: PICTURE });
    const staging = await until(() => stage.files('variants').some(name => name.endsWith('.part')) || (of(events, job.id, 'job-completed').length && 'late'), 'files are being written', 20000, 1);
    worker.kill('SIGKILL');
    await worker.within(2000);
    if (staging !== 'late' && stage.files('variants').some(name => name.endsWith('.part'))) ++hit;
    const other = await stage.work(`other-${round}`);
    await until(() => of(events, job.id, 'job-completed').length, 'the job completes on another worker', 20000);
    other.kill('SIGTERM');
    await other.within(10000);
    if (round === 11 && hit === 0) throw new Error('never killed between writing and committing');
  }
  assert.deepEqual(stage.files('variants').filter(name => name.endsWith('.part')), []);
}));
