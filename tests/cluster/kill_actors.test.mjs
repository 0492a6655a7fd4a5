// Every actor is killed while 200 jobs run: all complete, none twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, staged, until } from './_lib.mjs';

const JOBS = 200;
// The supervisor gives up at more than 10 restarts in 10 s.
const PAUSE_MS = 1200;

/** Echo, sleep, flaky and embeddings in turn. `made` is what attemptsMade must be in the end. */
function job(i) {
  const opts = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };
  switch (i % 4) {
    case 0: return { name: 'echo', data: { i }, opts, made: 1 };
    case 1: return { name: 'sleep', data: { ms: 50 }, opts, made: 1 };
    case 2: return { name: 'flaky', data: { failTimes: 1 }, opts, made: 2 };
    default: return { name: 'generate-embeddings', opts, made: 1,
      data: { imageId: `img-${i}`, filePath: 'a.jpg', metadata: { searchableText: `a red bicycle number ${i}` } } };
  }
}

const actorsOf = async stage => (await stage.get('/api/nodes')).main.actors;

/** Adds jobs slowly, kills every actor meanwhile, waits for the end, checks. */
async function killAll(stage, t) {
  const queue = stage.queue();
  const names = (await actorsOf(stage)).map(actor => actor.name);
  t.diagnostic(`killing ${names.join(', ')}`);
  const jobs = Array.from({ length: JOBS }, (_, i) => job(i));
  const added = [];
  const adding = (async () => {
    for (let i = 0; i < JOBS; i += 10) {
      added.push(...await queue.addBulk(jobs.slice(i, i + 10)));
      await sleep(PAUSE_MS * names.length / (JOBS / 10));
    }
  })();
  for (const name of names) {
    await sleep(PAUSE_MS);
    const answer = await fetch(`${stage.url}/api/chaos/kill/${name}`, { method: 'POST' });
    assert.equal(answer.status, 202, `${name}: ${await answer.text()}`);
    await until(async () => (await actorsOf(stage)).some(actor => actor.name === name && actor.running && actor.restarts >= 1), `${name} is restarted`, 5000);
  }
  await adding;
  await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed', 'prioritized')) === 0, 'the queue is empty', 60000, 100);

  assert.deepEqual((await queue.getFailed()).map(x => `${x.id} ${x.name}: ${x.failedReason}`), []);
  assert.equal(await queue.getCompletedCount(), JOBS);
  const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.equal(completed.length, JOBS);
  assert.equal(new Set(completed).size, JOBS);
  const burnt = [];
  for (const [i, { id }] of added.entries()) {
    const found = await queue.getJob(id);
    if (found.attemptsMade !== jobs[i].made) burnt.push(`${id} ${found.name}: ${found.attemptsMade} attempts (${found.stacktrace.join('; ').slice(0, 200)})`);
    if (found.stalledCounter > 0) burnt.push(`${id} ${found.name}: stalled ${found.stalledCounter}`);
  }
  assert.deepEqual(burnt, [], 'a kill costs no attempt');
  const images = await stage.sql("select count(*) n from embeddings join images on images.id = embeddings.id where status = 'completed'");
  assert.equal(images[0].n, JOBS / 4);
  for (const actor of await actorsOf(stage)) {
    assert.ok(actor.running, `${actor.name} runs`);
    assert.equal(actor.restarts, 1, `${actor.name} was restarted once`);
  }
}

test('a main node whose actors are killed one by one', staged(async (stage, t) => {
  await stage.serve({}, ['--chaos']);
  await stage.work('worker-1');
  await stage.work('worker-2');
  await killAll(stage, t);
}));

test('a main node with a limit, whose actors are killed one by one', staged(async (stage, t) => {
  await stage.serve({ DARKROOM_QUEUE_LIMIT: '100/1s' }, ['--chaos']);
  await stage.work('worker-1');
  await stage.work('worker-2');
  assert.ok((await actorsOf(stage)).some(actor => actor.name === 'rate_limiter'));
  await killAll(stage, t);
}));

test('a solo node whose actors, the pool too, are killed one by one', staged(async (stage, t) => {
  await stage.solo({}, ['--diagnostics', '--chaos']);
  assert.ok((await actorsOf(stage)).some(actor => actor.name === 'processor_pool'));
  await killAll(stage, t);
}));

test('a dev node whose actors are killed one by one', staged(async (stage, t) => {
  await stage.dev({}, ['--diagnostics', '--chaos']);
  assert.ok((await actorsOf(stage)).some(actor => actor.name === 'event_feed'));
  await killAll(stage, t);
}));

test('a worker\'s jobs survive a dispatcher that dies again and again', staged(async stage => {
  await stage.serve({}, ['--chaos']);
  await stage.work('worker-1');
  const queue = stage.queue();
  const added = await queue.addBulk([1, 2, 3].map(() => ({ name: 'sleep', data: { ms: 6000 } })));
  await until(async () => (await queue.getActiveCount()) === 3, 'three run');
  // From the second on, the restart waits a moment.
  for (let i = 0; i < 5; ++i) {
    await sleep(600);
    await fetch(`${stage.url}/api/chaos/kill/dispatcher`, { method: 'POST' });
  }
  await until(async () => (await queue.getCompletedCount()) === 3, 'all complete', 15000);
  for (const { id } of added) assert.equal((await queue.getJob(id)).attemptsStarted, 1, `job ${id} was not run anew`);
}));

test('a worker\'s jobs survive the dispatcher they came from', staged(async stage => {
  await stage.serve({}, ['--chaos']);
  await stage.work('worker-1');
  const queue = stage.queue();
  const added = await queue.addBulk([1, 2, 3].map(() => ({ name: 'sleep', data: { ms: 4000 } })));
  // Active in Redis says only that the dispatcher took them: it may not have handed them on yet.
  const runs = async ({ id }) => (await queue.getJob(id)).progress > 0;
  await until(async () => (await Promise.all(added.map(runs))).every(Boolean), 'three run');
  await fetch(`${stage.url}/api/chaos/kill/dispatcher`, { method: 'POST' });
  await until(async () => (await queue.getCompletedCount()) === 3, 'all complete', 15000);
  for (const { id } of added) assert.equal((await queue.getJob(id)).attemptsStarted, 1, `job ${id} was not run anew`);
}));

test('without --chaos nobody can kill an actor', staged(async stage => {
  await stage.serve();
  const answer = await fetch(`${stage.url}/api/chaos/kill/dispatcher`, { method: 'POST' });
  assert.equal(answer.status, 403);
  assert.equal((await actorsOf(stage)).find(actor => actor.name === 'dispatcher').restarts, 0);
}));

// One attempt each: a kill that burns one shows as a failed job.
for (const victim of ['catalog', 'job_store_a', 'job_store_b', 'job_watcher', 'dispatcher', 'node_registry'])
  test(`${victim} is killed eight times while 300 jobs are on their way`, staged(async stage => {
    await stage.serve({}, ['--chaos']);
    await stage.work('worker-1', { DARKROOM_WORKER_CONCURRENCY: '10' });
    const queue = stage.queue();
    const jobs = Array.from({ length: 300 }, (_, i) => (i % 3
      ? { name: 'generate-embeddings', data: { imageId: `img-${i}`, filePath: 'a.jpg', metadata: { searchableText: `picture ${i}` } } }
      : { name: 'sleep', data: { ms: 20 } }));
    await queue.addBulk(jobs);
    for (let i = 0; i < 8; ++i) {
      await sleep(40 + 35 * i);
      await fetch(`${stage.url}/api/chaos/kill/${victim}`, { method: 'POST' });
    }
    await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0, 'the queue is empty', 60000, 100);
    assert.deepEqual((await queue.getFailed()).map(job => `${job.id} ${job.name}: ${job.failedReason}`), []);
    const done = await queue.getCompleted(0, -1);
    assert.equal(done.length, 300);
    assert.deepEqual(done.filter(job => job.attemptsMade !== 1 || job.stalledCounter > 0).map(job => `${job.id} ${job.attemptsMade} ${job.stalledCounter}`), []);
    const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
    assert.equal(new Set(completed).size, completed.length, 'none completed twice');
    assert.equal((await stage.sql("select count(*) n from images where status = 'completed'"))[0].n, 200);
    assert.ok((await actorsOf(stage)).find(actor => actor.name === victim).restarts > 0);
  }));
