// Several `darkroom serve` on one queue: one is active, the others stand by and
// take over when it stops, dies or freezes.
//
// ROUNDS=50 tests/cluster/run standby    so many kills of the active one
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, spread, staged, until } from './_lib.mjs';
import { mainsOf, pair } from './_mains.mjs';

const ROUNDS = Number(process.env.ROUNDS || 4);
const TAKEOVER_MS = 5000;

const sleepers = (count, ms) => Array.from({ length: count }, () => ({ name: 'sleep', data: { ms } }));

/** Every job completed once, at its first attempt, and was never found stalled. */
async function oncePerJob(stage, queue, jobs) {
  const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.equal(completed.length, jobs.length);
  assert.equal(new Set(completed).size, jobs.length);
  for (const { id } of jobs) {
    const job = await queue.getJob(id);
    assert.equal(job.attemptsMade, 1, `attempts of job ${id}`);
    assert.equal(job.stalledCounter, 0, `stalls of job ${id}`);
  }
}

test('a standby says what it is and sends people to the active one', staged(async stage => {
  const { a, b, readiness } = await pair(stage);
  assert.equal((await readiness(a)).status, 200);
  assert.match((await readiness(a)).note, /no node runs jobs/, 'it is ready for uploads');
  const told = await readiness(b);
  assert.equal(told.status, 503);
  assert.deepEqual(told.active, { name: 'a', url: `http://127.0.0.1:${a.http}` });
  assert.equal((await fetch(`http://127.0.0.1:${b.http}/livez`)).status, 200);
  const metrics = async main => (await fetch(`http://127.0.0.1:${main.http}/metrics`)).text();
  assert.match(await metrics(a), /^darkroom_main_active 1$/m);
  assert.match(await metrics(b), /^darkroom_main_active 0$/m);
  assert.match(await metrics(b), /^darkroom_redis_up 1$/m);
  const refused = await fetch(`http://127.0.0.1:${b.http}/api/queue`);
  assert.equal(refused.status, 503);
  const { error } = await refused.json();
  assert.equal(error.code, 'standby');
  assert.match(error.hint, new RegExp(`127.0.0.1:${a.http}`));
  b.proc.kill('SIGTERM');
  assert.equal((await b.proc.within(3000)).code, 0);
}));

test('TERM of the active one hands over at once', staged(async (stage, t) => {
  const { a, b, becomes, env } = await pair(stage);
  await stage.work('worker-1', env);
  const queue = stage.queue();
  const jobs = await queue.addBulk(sleepers(30, 100));
  await sleep(150);
  a.proc.kill('SIGTERM');
  assert.equal((await a.proc.within(10000)).code, 0);
  const ended = Date.now();
  await becomes(b, 'active');
  t.diagnostic(`active ${Date.now() - ended} ms after the other one ended`);
  await until(async () => await queue.getCompletedCount() === jobs.length, 'all are completed');
  await oncePerJob(stage, queue, jobs);
}));

test(`kill -9 of the active one ${ROUNDS} times: what workers hold is adopted, the rest runs`, staged(async (stage, t) => {
  const { a, b, start, becomes, use, env } = await pair(stage);
  for (const name of ['worker-1', 'worker-2']) await stage.work(name, env);
  const queue = stage.queue();
  const jobs = [];
  const times = [];
  let [active, standby] = [a, b];
  for (let round = 0; round < ROUNDS; ++round) {
    jobs.push(...await queue.addBulk([...sleepers(10, 1500), ...sleepers(40, 20)]));
    await sleep(100 + (round * 37) % 300);
    active.proc.kill('SIGKILL');
    const killed = Date.now();
    await active.proc.within(2000);
    await becomes(standby, 'active', TAKEOVER_MS);
    use(standby);
    // Working again: a job is taken that was not taken before.
    const next = await until(async () => (await stage.stream()).find(row => row.event === 'active' && row.ms > killed), 'a job is taken', TAKEOVER_MS, 10);
    times.push(next.ms - killed);
    await becomes(start(active), 'standby');
    [active, standby] = [standby, active];
    await until(async () => (await stage.get('/api/nodes')).nodes.length === 2, 'both workers are back', 10000);
  }
  await until(async () => await queue.getCompletedCount() === jobs.length, 'all are completed', 60000, 100);
  t.diagnostic(`first job taken after ${JSON.stringify(spread(times))} ms`);
  assert.ok(Math.max(...times) <= TAKEOVER_MS, `took over within ${Math.max(...times)} ms`);
  await oncePerJob(stage, queue, jobs);
}));

test('of three, one takes over at a time, until the last', staged(async stage => {
  const names = ['a', 'b', 'c'];
  const mains = await mainsOf(stage, names);
  await stage.work('worker-1', mains.env);
  const queue = stage.queue();
  const jobs = [];
  let alive = names.map(name => mains[name]);
  let active = mains.a;
  while (alive.length > 1) {
    jobs.push(...await queue.addBulk(sleepers(20, 100)));
    await sleep(150);
    active.proc.kill('SIGKILL');
    await active.proc.within(2000);
    alive = alive.filter(main => main !== active);
    const roles = async () => Promise.all(alive.map(async main => (await mains.readiness(main)).role));
    active = alive[await until(async () => {
      const at = (await roles()).indexOf('active');
      return at >= 0 && `${at}`;
    }, 'one is active', TAKEOVER_MS, 10)];
    assert.deepEqual((await roles()).filter(role => role === 'active').length, 1, 'one and no more');
    mains.use(active);
    await until(async () => await queue.getCompletedCount() === jobs.length, 'all are completed', 20000);
  }
  await oncePerJob(stage, queue, jobs);
}));

test('one that was frozen finds its place taken and stands by', staged(async (stage, t) => {
  const { a, b, becomes, use, env } = await pair(stage, { DARKROOM_CLUSTER_LEASE: '1s' });
  await stage.work('worker-1', env);
  const queue = stage.queue();
  const jobs = await queue.addBulk([...sleepers(5, 3000), ...sleepers(100, 50)]);
  await sleep(300);
  a.proc.kill('SIGSTOP');
  const frozen = Date.now();
  await becomes(b, 'active', TAKEOVER_MS);
  t.diagnostic(`taken over ${Date.now() - frozen} ms after it froze`);
  use(b);
  await until(async () => (await stage.get('/api/nodes')).nodes.length === 1, 'the worker is there', 10000);
  await sleep(1000);
  const pid = a.proc.pid;
  a.proc.kill('SIGCONT');
  await becomes(a, 'standby');
  assert.equal(a.proc.end, null, 'it is the same process');
  assert.match(a.proc.out, /b is the active main node now: restarting/);
  assert.equal(a.proc.pid, pid);
  await until(async () => await queue.getCompletedCount() === jobs.length, 'all are completed', 30000);
  await oncePerJob(stage, queue, jobs);
}));

test('nobody takes over from one whose Redis is away', staged(async stage => {
  const { a, b, readiness, env } = await pair(stage, { DARKROOM_CLUSTER_LEASE: '1s' });
  await stage.work('worker-1', env);
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  await until(async () => (await readiness(b)).error, 'the standby says that Redis is away');
  await sleep(2000);
  await stage.startRedis(); // empty: it has forgotten who was active
  const queue = stage.queue();
  const jobs = await queue.addBulk(sleepers(10, 10));
  await until(async () => await queue.getCompletedCount() === jobs.length, 'all are completed', 20000);
  const roles = async () => (await Promise.all([a, b].map(readiness))).map(x => x.role).sort().join();
  await until(async () => await roles() === 'active,standby', 'one is active and one stands by');
}));
