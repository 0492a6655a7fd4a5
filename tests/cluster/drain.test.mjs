// TERM: what runs finishes or goes back, nothing is lost, nothing hangs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, staged, until } from './_lib.mjs';

const active = (queue, n) => until(async () => (await queue.getActiveCount()) === n, `${n} jobs are active`);
// Active in Redis is not yet running: the answer of the claim and the job itself
// are still on their way, and what is, a drain gives back.
const running = (queue, n) => until(async () => {
  const jobs = await queue.getActive();
  return jobs.length === n && jobs.every(job => job.progress > 0);
}, `${n} jobs run`);
const completed = (queue, n, ms) => until(async () => (await queue.getCompletedCount()) === n, `${n} jobs are completed`, ms);
const sleeps = (n, ms) => Array.from({ length: n }, () => ({ name: 'sleep', data: { ms } }));

test('a worker that gets TERM finishes what it runs', staged(async stage => {
  await stage.serve();
  const worker = await stage.work('worker-1');
  const queue = stage.queue();
  const jobs = await queue.addBulk(sleeps(8, 1500));
  await running(queue, 5);
  worker.kill('SIGTERM');
  const { code } = await worker.within(8000);
  assert.equal(code, 0);
  const counts = await queue.getJobCounts('completed', 'active', 'waiting', 'failed');
  assert.deepEqual(counts, { completed: 5, active: 0, waiting: 3, failed: 0 });
  assert.deepEqual(await stage.redis().keys('bull:*:lock'), []);
  await until(async () => (await stage.get('/api/nodes')).nodes.length === 0, 'the main knows it left');
  await stage.work('worker-2');
  await completed(queue, 8);
  for (const { id } of jobs) assert.equal((await queue.getJob(id)).attemptsStarted, 1, 'each ran once');
}));

test('what does not finish in the grace time goes back unharmed', staged(async stage => {
  await stage.serve();
  const worker = await stage.work('worker-1', { DARKROOM_WORKER_GRACE: '500ms' });
  const queue = stage.queue();
  const events = await stage.workerEvents();
  const jobs = await queue.addBulk(sleeps(3, 6000));
  await active(queue, 3);
  const started = Date.now();
  worker.kill('SIGTERM');
  const end = await worker.within(8000);
  assert.equal(end.code, 0);
  assert.ok(end.at - started < 2500, `took ${end.at - started} ms`);
  assert.deepEqual(await queue.getJobCounts('completed', 'active', 'waiting', 'failed', 'delayed'), { completed: 0, active: 0, waiting: 3, failed: 0, delayed: 0 });
  for (const { id } of jobs) {
    const job = await queue.getJob(id);
    assert.deepEqual([job.attemptsMade, job.stalledCounter], [0, 0]);
  }
  assert.equal(events.filter(x => x.type === 'job-failed').length, 0);
  const back = Date.now();
  await stage.work('worker-2');
  await completed(queue, 3);
  assert.ok(Date.now() - back < 12000);
  for (const { id } of jobs) assert.equal((await queue.getJob(id)).attemptsMade, 1);
}));

test('jobs that go back run at once on the other worker', staged(async stage => {
  await stage.serve();
  const first = await stage.work('worker-1', { DARKROOM_WORKER_GRACE: '500ms' });
  const queue = stage.queue();
  const events = await stage.workerEvents();
  const [job] = await queue.addBulk(sleeps(1, 3000));
  await active(queue, 1);
  await stage.work('worker-2');
  first.kill('SIGTERM');
  await until(() => events.some(x => x.type === 'job-active' && x.jobId === job.id && x.node === 'worker-2'), 'it runs on worker-2', 3000);
  assert.equal((await first.within(3000)).code, 0);
  await completed(queue, 1);
  const done = await queue.getJob(job.id);
  assert.deepEqual([done.attemptsMade, done.attemptsStarted], [1, 2]);
}));

test('an idle worker and an idle main leave at once', staged(async stage => {
  const main = await stage.serve();
  const worker = await stage.work('worker-1');
  for (const proc of [worker, main]) {
    const started = Date.now();
    proc.kill('SIGTERM');
    const end = await proc.within(5000);
    assert.equal(end.code, 0);
    console.log(`${proc.label} left after ${end.at - started} ms`);
    assert.ok(end.at - started < 2000, `${proc.label} took ${end.at - started} ms`);
  }
}));

test('a worker without a main leaves at once', staged(async stage => {
  const main = await stage.serve();
  const worker = await stage.work('worker-1');
  main.kill('SIGKILL');
  await main.within(2000);
  await sleep(300);
  const started = Date.now();
  worker.kill('SIGTERM');
  const end = await worker.within(8000);
  assert.equal(end.code, 0);
  assert.ok(end.at - started < 3000, `took ${end.at - started} ms`);
}));

test('a main that gets TERM lets the workers finish', staged(async stage => {
  const main = await stage.serve();
  const worker = await stage.work('worker-1');
  const queue = stage.queue();
  await queue.addBulk(sleeps(8, 1500));
  await running(queue, 5);
  main.kill('SIGTERM');
  assert.equal((await main.within(8000)).code, 0);
  assert.deepEqual(await queue.getJobCounts('completed', 'active', 'waiting', 'failed'), { completed: 5, active: 0, waiting: 3, failed: 0 });
  assert.equal(worker.end, null, 'the worker waits for the next main');
  await stage.serve();
  await completed(queue, 8, 15000);
}));

test('a main with too short a grace hands back', staged(async stage => {
  const main = await stage.serve({ DARKROOM_WORKER_GRACE: '500ms' });
  await stage.work('worker-1');
  const queue = stage.queue();
  const jobs = await queue.addBulk(sleeps(3, 8000));
  await active(queue, 3);
  main.kill('SIGTERM');
  assert.equal((await main.within(6000)).code, 0);
  assert.deepEqual(await queue.getJobCounts('active', 'waiting', 'failed'), { active: 0, waiting: 3, failed: 0 });
  for (const { id } of jobs) assert.equal((await queue.getJob(id)).attemptsMade, 0);
}));

test('solo finishes, or hands back, too', staged(async stage => {
  const queue = stage.queue();
  const solo = await stage.solo({}, ['--diagnostics']);
  await queue.addBulk(sleeps(3, 1500));
  await running(queue, 3);
  solo.kill('SIGINT');
  assert.equal((await solo.within(8000)).code, 0);
  assert.equal(await queue.getCompletedCount(), 3);
  const hasty = await stage.solo({ DARKROOM_WORKER_GRACE: '300ms' }, ['--diagnostics']);
  const [job] = await queue.addBulk(sleeps(1, 8000));
  await active(queue, 1);
  hasty.kill('SIGTERM');
  assert.equal((await hasty.within(6000)).code, 0);
  assert.equal(await job.getState(), 'waiting');
  assert.equal((await queue.getJob(job.id)).attemptsMade, 0);
}));

for (const label of ['worker', 'main', 'solo'])
  test(`a second TERM makes a ${label} hand back at once`, staged(async stage => {
    const queue = stage.queue();
    const procs = {};
    if (label === 'solo') {
      procs.solo = await stage.solo({}, ['--diagnostics']);
    } else {
      procs.main = await stage.serve();
      procs.worker = await stage.work('worker-1');
    }
    const [job] = await queue.addBulk(sleeps(1, 8000));
    await running(queue, 1);
    const proc = procs[label];
    proc.kill('SIGTERM');
    await sleep(1000);
    assert.equal(proc.end, null, 'it waits for the job');
    const started = Date.now();
    proc.kill('SIGTERM');
    const end = await proc.within(6000);
    assert.equal(end.code, 0);
    assert.ok(end.at - started < 3000, `took ${end.at - started} ms`);
    assert.equal(await job.getState(), 'waiting');
    assert.equal((await queue.getJob(job.id)).attemptsMade, 0);
  }));

for (const label of ['main', 'solo'])
  test(`a ${label} whose Redis does not answer ends with 4`, staged(async stage => {
    const queue = stage.queue();
    const grace = { DARKROOM_WORKER_GRACE: '1s' };
    const proc = label === 'solo' ? await stage.solo(grace, ['--diagnostics']) : await stage.serve(grace);
    if (label === 'main') await stage.work('worker-1');
    await queue.addBulk(sleeps(2, 20000));
    await active(queue, 2);
    stage.redisProc.kill('SIGSTOP');
    const started = Date.now();
    proc.kill('SIGTERM');
    const end = await proc.within(25000);
    console.log(`${label} without Redis ended with ${end.code} after ${end.at - started} ms`);
    assert.equal(end.code, 4);
    // Grace 1 s, handing back 3 s; then the stop waits for a command's 5 s and
    // one to spare.
    assert.ok(end.at - started < 12000, `took ${end.at - started} ms`);
    stage.redisProc.kill('SIGCONT');
    await until(async () => (await queue.getJobCountByTypes('active', 'wait')) === 2, 'both jobs are still there');
  }));

for (const label of ['worker', 'main', 'solo'])
  test(`a ${label} that gets TSTP takes no more jobs and stays`, staged(async stage => {
    const queue = stage.queue();
    const procs = {};
    if (label === 'solo') {
      procs.solo = await stage.solo({}, ['--diagnostics', '--chaos']);
    } else {
      procs.main = await stage.serve({}, ['--chaos']);
      procs.worker = await stage.work('worker-1');
    }
    const proc = procs[label];
    const [held] = await queue.addBulk(sleeps(1, 2000));
    await running(queue, 1);
    proc.kill('SIGTSTP');
    await until(() => /taking no more jobs/.test(proc.out), 'it says so');
    await queue.addBulk(sleeps(2, 100));
    await until(async () => (await queue.getJob(held.id)).finishedOn, 'what ran is done');
    await sleep(1500);
    const waits = { completed: 1, active: 0, waiting: 2, failed: 0 };
    assert.deepEqual(await queue.getJobCounts('completed', 'active', 'waiting', 'failed'), waits);
    if (label !== 'worker') { // nor does what is restarted
      const answer = await fetch(`${stage.url}/api/chaos/kill/dispatcher`, { method: 'POST' });
      assert.equal(answer.status, 202);
      await sleep(1500);
      assert.deepEqual(await queue.getJobCounts('completed', 'active', 'waiting', 'failed'), waits);
    }
    assert.equal(proc.end, null, 'it stays');
    proc.kill('SIGTERM');
    assert.equal((await proc.within(5000)).code, 0);
    if (label === 'worker') await stage.work('worker-2');
    else if (label === 'main') await stage.serve();
    else await stage.solo({}, ['--diagnostics']);
    await completed(queue, 3);
  }));

test('a main that gets TERM while its dispatcher restarts lets the jobs finish', staged(async stage => {
  const main = await stage.serve({}, ['--chaos']);
  await stage.work('worker-1');
  const queue = stage.queue();
  const jobs = await queue.addBulk(sleeps(3, 3000));
  await running(queue, 3);
  await fetch(`${stage.url}/api/chaos/kill/dispatcher`, { method: 'POST' });
  main.kill('SIGTERM');
  assert.equal((await main.within(8000)).code, 0);
  assert.deepEqual(await queue.getJobCounts('completed', 'active', 'waiting'), { completed: 3, active: 0, waiting: 0 });
  for (const { id } of jobs) assert.equal((await queue.getJob(id)).attemptsStarted, 1);
}));

test('an idle main whose Redis does not answer still ends', staged(async stage => {
  const main = await stage.serve({ DARKROOM_WORKER_GRACE: '1s' });
  await stage.work('worker-1');
  stage.redisProc.kill('SIGSTOP');
  await sleep(500);
  const started = Date.now();
  main.kill('SIGTERM');
  const end = await main.within(25000);
  console.log(`idle main without Redis ended with ${end.code} after ${end.at - started} ms`);
  assert.ok([0, 4].includes(end.code), `ended with ${JSON.stringify(end)}`);
  assert.ok(end.at - started < 12000, `took ${end.at - started} ms`);
}));

test('TERM before anything is ready ends it', staged(async stage => {
  for (const wait of [0, 20, 60, 150, 300]) {
    const proc = stage.darkroom('early', ['serve'], {
      REDIS_URL: stage.redisUrl, DARKROOM_CLUSTER_PORT: '0', DARKROOM_HTTP_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database });
    await sleep(wait);
    proc.kill('SIGTERM');
    const end = await proc.within(5000);
    assert.ok(end.code === 0 || end.signal === 'SIGTERM', `after ${wait} ms: ${JSON.stringify(end)}`);
  }
}));
