// tests/compat/cluster itself, and what a cluster makes of a main that dies and
// of a worker that is silent for a while.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, kill, sleep, staged, until } from './_lib.mjs';

const PICTURE = 'friends-soft-edge.png';
const restarts = cluster => [...cluster.proc.out.matchAll(/^restarted (\S+) (\d+)$/gm)].map(([, name, pid]) => ({ name, pid: Number(pid) }));
const isAlive = pid => kill(pid, 0);

test('a cluster starts again what is killed, and ends with 0', staged(async stage => {
  const cluster = await stage.cluster({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const queue = stage.queue();
  const jobs = await queue.addBulk(Array.from({ length: 60 }, () => ({ name: 'sleep', data: { ms: 1000 } })));
  for (const [i, name] of ['worker-1', 'main', 'worker-2', 'worker-1'].entries()) {
    await sleep(700);
    kill(cluster.pids[name], 'SIGKILL');
    const { pid } = await until(() => restarts(cluster)[i], `${name} is started again`, 5000);
    assert.equal(restarts(cluster)[i].name, name);
    assert.notEqual(pid, cluster.pids[name]);
    cluster.pids[name] = pid;
    // One death at a time: who also loses the node that remembers its jobs waits for their locks to expire.
    await until(async () => (await stage.get('/api/nodes')).nodes.length === 2, 'both workers are there', 10000);
  }
  await until(async () => (await queue.getCompletedCount()) === 60, 'all complete', 60000, 100);
  for (const { id } of jobs) {
    const job = await queue.getJob(id);
    assert.equal(job.attemptsMade, 1, `job ${id}`);
    // What a main had claimed and not yet sent when it died is found by BullMQ's stalled check.
    assert.ok(job.stalledCounter <= 1, `job ${id} stalled ${job.stalledCounter} times`);
  }
  const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.equal(completed.length, 60);
  assert.equal(new Set(completed).size, 60);
  await until(async () => (await stage.get('/api/nodes')).nodes.length === 2, 'both workers are back');
  cluster.proc.kill('SIGTERM');
  assert.equal((await cluster.proc.within(30000)).code, 0);
  for (const pid of Object.values(cluster.pids)) assert.ok(!isAlive(pid), `${pid} has ended`);
}));

test('a cluster of which one exits by itself ends with 1', staged(async stage => {
  const cluster = await stage.cluster();
  kill(cluster.pids['worker-1'], 'SIGTERM'); // as a process that gives up would: exit code, no signal
  assert.equal((await cluster.proc.within(20000)).code, 1);
  for (const pid of Object.values(cluster.pids)) assert.ok(!isAlive(pid), `${pid} has ended`);
}));

test('TERM while one is being started again ends with 0', staged(async stage => {
  const cluster = await stage.cluster();
  kill(cluster.pids['worker-2'], 'SIGKILL');
  await until(() => cluster.proc.out.includes('worker-2 ended by itself'), 'it is noticed', 3000, 2);
  cluster.proc.kill('SIGTERM');
  assert.equal((await cluster.proc.within(20000)).code, 0);
}));

test('workers finish what they hold while the main is away', staged(async stage => {
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  const port = { DARKROOM_HTTP_PORT: '0' };
  const main = await stage.serve(port);
  await stage.work('worker-1');
  const queue = stage.queue();
  const added = await queue.addBulk([
    { name: 'sleep', data: { ms: 1500 } }, { name: 'sleep', data: { ms: 8000 } },
    { name: 'generate-metadata', data: { imageId: 'img-1', filePath: PICTURE }, opts: { attempts: 3 } },
  ]);
  // Active in Redis may still be on its way to the worker.
  const run = () => Promise.all(added.map(async ({ id }) => (await queue.getJob(id)).progress > 0));
  await until(async () => (await run()).every(Boolean), 'three run', 15000, 5);
  main.kill('SIGKILL');
  await main.within(2000);
  await sleep(2500); // two of them end meanwhile: nobody is there to be told
  await stage.serve(port);
  const back = Date.now();
  const fresh = await queue.add('echo', {}, { lifo: true });
  const taken = await until(async () => (await queue.getJob(fresh.id)).processedOn, 'a new job is taken', 15000, 10);
  console.log(`first new job taken ${taken - back} ms after the new main was ready`);
  await until(async () => (await queue.getCompletedCount()) === 5, 'all complete, the chained one too', 30000);
  for (const { id } of added) {
    const job = await queue.getJob(id);
    assert.deepEqual([job.attemptsMade, job.attemptsStarted], [1, 1], `job ${id} ${job.name} was not run anew`);
  }
  assert.equal((await stage.get('/api/images/img-1')).status, 'completed');
  assert.equal((await queue.getCompleted()).filter(job => job.name === 'generate-embeddings').length, 1);
}));

test('a silent worker\'s jobs move, and its late results are void', staged(async stage => {
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  await stage.serve();
  const silent = await stage.work('worker-1');
  const queue = stage.queue();
  const events = await stage.workerEvents();
  const added = await queue.addBulk([{ name: 'sleep', data: { ms: 1000 } }, { name: 'generate-variants', data: { imageId: 'img-1', filePath: PICTURE } }]);
  await until(async () => (await queue.getActiveCount()) === 2, 'two run');
  silent.kill('SIGSTOP');
  const stopped = Date.now();
  await stage.work('worker-2');
  const moved = await until(() => added.every(job => events.some(x => x.jobId === job.id && x.type === 'job-active' && x.node === 'worker-2')), 'they run on worker-2', 6000, 10) && Date.now() - stopped;
  console.log(`jobs of a silent worker moved after ${moved} ms`);
  await until(async () => (await queue.getCompletedCount()) === 2, 'both complete', 20000);
  silent.kill('SIGCONT');
  await until(async () => (await stage.get('/api/nodes')).nodes.some(node => node.name === 'worker-1'), 'it joins anew', 10000);
  await sleep(3000); // its late results come meanwhile
  const completed = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.deepEqual(completed.sort(), added.map(job => job.id).sort(), 'each completed once');
  assert.equal((await stage.sql('select count(*) n from image_variants'))[0].n, 6);
  assert.equal(stage.files('variants').filter(name => !name.endsWith('.part')).length, (await stage.sql('select count(distinct file_path) n from image_variants'))[0].n);
  for (const row of await stage.sql('select file_path, file_size from image_variants'))
    assert.equal(fs.statSync(path.join(stage.uploads, row.file_path)).size, row.file_size);
  assert.ok(moved < 4500, `it took ${moved} ms`);
  const again = await queue.addBulk(Array.from({ length: 20 }, () => ({ name: 'sleep', data: { ms: 200 } })));
  await until(async () => (await queue.getCompletedCount()) === 22, 'both workers work on', 10000);
  const nodes = new Set(events.filter(x => again.some(job => job.id === x.jobId) && x.node).map(x => x.node));
  assert.deepEqual([...nodes].sort(), ['worker-1', 'worker-2']);
}));
