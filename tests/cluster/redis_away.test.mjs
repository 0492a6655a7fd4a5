// Redis dies or is silent while jobs run: they finish, settle once it is back,
// and nobody is started again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, sleep, staged, until } from './_lib.mjs';

const KEPT = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
const BACK_MS = 3000; // from Redis' first answer to the first new job

/** Adds ten long jobs and many short ones; Redis goes away by `leave` for `away` ms and comes back by `back`. */
async function withoutRedis(stage, { leave, back, away }) {
  const main = await stage.serve();
  const worker = await stage.work('worker-1');
  const queue = stage.queue();
  const seen = await stage.browserEvents();
  const long = await queue.addBulk(Array.from({ length: 4 }, () => ({ name: 'sleep', data: { ms: away / 2 + 1500 } })));
  const short = await queue.addBulk(Array.from({ length: 30 }, () => ({ name: 'sleep', data: { ms: 100 } })));
  await until(async () => (await queue.getActiveCount()) === 5, 'five jobs run');
  const busy = new Set((await queue.getActive()).map(job => job.id));
  await leave();
  await sleep(away);
  assert.equal((await fetch(`${stage.url}/livez`)).status, 200, 'main lives without Redis');
  await back();
  const returned = Date.now();
  const fresh = await queue.add('echo', { after: true }, { lifo: true });
  const started = await until(async () => (await queue.getJob(fresh.id)).processedOn, 'a new job is taken', 15000, 10);
  console.log(`first new job taken ${started - returned} ms after Redis was back`);
  await until(async () => (await queue.getCompletedCount()) === 35, 'all complete', 30000);
  assert.ok(started - returned <= BACK_MS, `fetching again took ${started - returned} ms`);
  assert.equal(await queue.getFailedCount(), 0);
  for (const { id } of [...long, ...short, fresh]) {
    const job = await queue.getJob(id);
    assert.equal(job.attemptsMade, 1, `job ${id}`);
    assert.equal(job.stalledCounter, 0, `job ${id}`);
    if (long.some(x => x.id === id) && busy.has(id)) assert.equal(job.attemptsStarted, 1, `long job ${id} was not run anew`);
  }
  const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.equal(completed.length, 35);
  assert.equal(new Set(completed).size, 35);
  assert.deepEqual([main.end, worker.end], [null, null], 'nobody was started again');
  for (const actor of (await stage.get('/api/nodes')).main.actors) assert.equal(actor.restarts, 0, `${actor.name} was not restarted`);
  await until(() => seen.some(x => x.jobId === fresh.id && x.type === 'job-completed'), 'the browser sees events again');
  const ready = await fetch(`${stage.url}/readyz`);
  assert.equal(ready.status, 200);
}

for (const away of [1000, 4000])
  test(`Redis is killed and comes back after ${away} ms`, staged(stage => withoutRedis(stage, {
    away,
    async leave() { stage.redisProc.kill('SIGKILL'); await stage.redisProc.within(2000); },
    back: () => stage.startRedis(KEPT),
  }), { redis: KEPT }));

test('Redis is silent for 4 s', staged(stage => withoutRedis(stage, {
  away: 4000,
  async leave() { stage.redisProc.kill('SIGSTOP'); },
  async back() { stage.redisProc.kill('SIGCONT'); },
}), { redis: KEPT }));

test('Redis is silent for longer than a command may take', staged(stage => withoutRedis(stage, {
  away: 9000,
  async leave() { stage.redisProc.kill('SIGSTOP'); },
  async back() { stage.redisProc.kill('SIGCONT'); },
}), { redis: KEPT }));

test('/readyz tells that Redis is away, and that it is back', staged(async stage => {
  await stage.serve();
  const ready = async () => (await fetch(`${stage.url}/readyz`)).status;
  assert.equal(await ready(), 200);
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  await until(async () => (await ready()) === 503, 'not ready', 5000);
  const body = await (await fetch(`${stage.url}/readyz`)).json();
  assert.ok(body.error.message.includes(String(stage.redisPort)), body.error.message);
  await stage.startRedis();
  await until(async () => (await ready()) === 200, 'ready again', 5000);
}, { redis: KEPT }));

test('where memory is full, what is in the queue is done', staged(async stage => {
  const main = await stage.serve({ DARKROOM_QUEUE_LOCK_DURATION: '2s', DARKROOM_QUEUE_STALLED_INTERVAL: '1s' });
  await stage.work('worker-1');
  const queue = stage.queue();
  const jobs = await queue.addBulk(Array.from({ length: 10 }, () => ({ name: 'sleep', data: { ms: 4000 } })));
  await until(async () => (await queue.getActiveCount()) === 5, 'the first ones run');
  await stage.redis().config('SET', 'maxmemory', '1mb'); // noeviction
  await assert.rejects(queue.add('sleep', { ms: 1 }), /OOM/, 'nothing can be added');
  await until(async () => (await queue.getCompletedCount()) === 10, 'all is done meanwhile', 20000);
  assert.equal((await fetch(`${stage.url}/readyz`)).status, 200);
  for (const { id } of jobs) {
    const [ats, stc] = await stage.redis().hmget(`bull:${QUEUE}:${id}`, 'ats', 'stc');
    assert.deepEqual([ats, stc], ['1', null], 'twice its lock passed, and nobody thought that it stalled');
  }
  assert.doesNotMatch(main.out, /is not renewed|lost its lease/);
}));

test('CLIENT KILL of every connection is not noticed', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const queue = stage.queue();
  const redis = stage.redis();
  for (let round = 0; round < 10; ++round) {
    await queue.addBulk(Array.from({ length: 20 }, () => ({ name: 'sleep', data: { ms: 40 } })));
    await sleep(100);
    for (const type of ['normal', 'pubsub']) await redis.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes').catch(() => {});
  }
  await until(async () => (await queue.getCompletedCount()) >= 200, 'all complete', 30000);
  const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.equal(new Set(completed).size, completed.length, 'none completed twice');
  for (const job of await queue.getCompleted(0, -1)) assert.equal(job.attemptsMade, 1, `job ${job.id}`);
  for (const actor of (await stage.get('/api/nodes')).main.actors) assert.equal(actor.restarts, 0, `${actor.name} was not restarted`);
}));

test('a node that is idle is ready again within a second, and its API fails nobody', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const redis = stage.redis();
  const status = async path => (await fetch(stage.url + path)).status;
  assert.equal(await status('/api/queue'), 200);
  for (let round = 0; round < 3; ++round) {
    for (const type of ['normal', 'pubsub']) await redis.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
    assert.equal(await status('/api/queue'), 200);
    assert.equal(await status('/api/jobs?state=waiting'), 200);
    await until(async () => await status('/readyz') === 200, 'ready again', 1000, 10);
    await sleep(300);
  }
}));

test('a node that does nothing ends at once though Redis is away', staged(async stage => {
  const solo = await stage.solo();
  await sleep(2500); // it has looked for what an earlier life of it left behind
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  await sleep(1500);
  solo.kill('SIGTERM');
  assert.equal((await solo.within(5000)).code, 0, 'nothing was claimed that could be stranded');
}));
