// Nodes that run different jobs: each gets its own, and what no node runs waits
// for one that does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'bullmq';
import { QUEUE, staged, until } from './_lib.mjs';

const PLAIN = { DARKROOM_WORKER_DIAGNOSTICS: 'false' };
const QUICK_MS = 2000; // far below [queue] unknown_recheck, 60 s

const stats = async stage => JSON.parse((await stage.command(['queue', 'stats', '--json'])).out);
const metric = async (stage, name) => (await (await fetch(`${stage.url}/metrics`)).text()).split('\n').find(line => line.startsWith(name));

test('a job that no node runs waits, visibly, for a node that does', staged(async stage => {
  const main = await stage.serve();
  await stage.work('plain', PLAIN);
  const queue = stage.queue();
  const [first, second] = [await queue.add('echo', { n: 1 }), await queue.add('echo', { n: 2 })];
  await until(async () => (await stats(stage)).withoutNode.echo === 2, 'the queue says that two wait');
  assert.equal(await first.getState(), 'delayed');
  assert.match(main.out, /no node runs 'echo' jobs/);
  assert.deepEqual((await stage.get('/api/queue')).withoutNode, { echo: 2 });
  assert.equal(await metric(stage, 'darkroom_jobs_without_node{type="echo"}'), 'darkroom_jobs_without_node{type="echo"} 2');
  assert.match((await stage.command(['job', 'why', first.id])).out, /waits for a node that runs 'echo'/);
  const joined = Date.now();
  await stage.work('diagnostic');
  await until(async () => await second.getState() === 'completed', 'they have run', QUICK_MS);
  assert.ok(Date.now() - joined < 20000);
  for (const job of [first, second]) {
    const { attemptsMade, attemptsStarted } = await queue.getJob(job.id);
    assert.deepEqual([attemptsMade, attemptsStarted], [1, 1], 'it was taken once');
  }
  assert.deepEqual((await stats(stage)).withoutNode, {});
  assert.equal(await metric(stage, 'darkroom_jobs_without_node{type="echo"}'), 'darkroom_jobs_without_node{type="echo"} 0');
}));

test('nodes with work of their own get no other, and wait for nobody', staged(async stage => {
  await stage.serve();
  await stage.work('sleeper', { DARKROOM_WORKER_CONCURRENCY: '1' }, ['--job-types', 'sleep']);
  await stage.work('talker', { DARKROOM_WORKER_CONCURRENCY: '1' }, ['--job-types', 'echo,log']);
  const types = Object.fromEntries((await stage.get('/api/nodes')).nodes.map(node => [node.name, node.jobTypes]));
  assert.deepEqual(types, { sleeper: ['sleep'], talker: ['echo', 'log'] });
  const queue = stage.queue();
  const sleeps = await queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'sleep', data: { ms: 400 } })));
  const echoes = await queue.addBulk(Array.from({ length: 20 }, (_, n) => ({ name: 'echo', data: { n } })));
  await until(async () => (await queue.getCompletedCount()) >= 20, 'the echoes are done', QUICK_MS);
  const slept = await Promise.all(sleeps.map(job => job.getState()));
  assert.ok(slept.filter(state => state === 'completed').length < 5, `the sleeps take longer: ${slept}`);
  await until(async () => (await queue.getCompletedCount()) === 25, 'the sleeps are done', 10000);
  const jobs = await Promise.all(sleeps.map(job => queue.getJob(job.id)));
  const started = jobs.map(job => job.processedOn);
  assert.deepEqual(started, [...started].sort((a, b) => a - b), 'in their order');
  assert.deepEqual(await queue.getJobCounts('waiting', 'delayed', 'active', 'failed'), { waiting: 0, delayed: 0, active: 0, failed: 0 });
  assert.equal(echoes.length, 20);
}));

test('jobs of a node that dies wait for another that runs them', staged(async stage => {
  await stage.serve();
  const dying = await stage.work('dying');
  await stage.work('plain', PLAIN);
  const job = await stage.queue().add('sleep', { ms: 1000 });
  await until(async () => await job.getState() === 'active', 'it runs');
  dying.kill('SIGKILL');
  await until(async () => (await stats(stage)).withoutNode.sleep === 1, 'it waits', 5000);
  await stage.work('next');
  await until(async () => await job.getState() === 'completed', 'it has run', 5000);
}));

test('a worker with a job type that does not exist is refused', staged(async stage => {
  const { code, err } = await stage.command(['work', '--main', '127.0.0.1:1', '--job-types', 'generate-variant']);
  assert.equal(code, 2);
  assert.match(err, /there is no such job type here; did you mean 'generate-variants'\?/);
}));

test('solo fails a job that it does not know, unless it is to wait', staged(async stage => {
  const solo = await stage.solo();
  const queue = stage.queue();
  const job = await queue.add('resize-video', {});
  await until(async () => await job.getState() === 'failed', 'it fails');
  solo.kill('SIGTERM');
  await solo.within(10000);
  await stage.solo({ DARKROOM_QUEUE_UNKNOWN_JOBS: 'wait', DARKROOM_QUEUE_UNKNOWN_RECHECK: '1s' });
  const other = await queue.add('resize-video', {});
  await until(async () => await other.getState() === 'delayed', 'it waits');
  const worker = new Worker(QUEUE, async ({ name }) => name, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null } });
  stage.closers.push(() => worker.close(true));
  await until(async () => (await queue.getJob(other.id)).returnvalue === 'resize-video', 'a BullMQ worker of the queue gets it');
}));
