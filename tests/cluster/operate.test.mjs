// The operator's commands as a shell and BullMQ's clients see them; a running job
// can be cancelled. operate_equal.test.mjs compares the keys.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'bullmq';
import { QUEUE, SAMPLES, freePort, staged, until } from './_lib.mjs';

const DIAGNOSTICS = { DARKROOM_WORKER_DIAGNOSTICS: 'true' };

/** Runs a command that must work; its answer. */
async function ok(stage, ...args) {
  const { code, out, err } = await stage.command(args);
  assert.equal(code, 0, `${args.join(' ')}: ${err}`);
  return out.trim();
}
const json = async (stage, ...args) => JSON.parse(await ok(stage, ...args, '--json'));

/** Runs a command that must be refused; what it says. */
async function refused(stage, ...args) {
  const { code, out, err } = await stage.command(args);
  assert.equal(code, 1, `${args.join(' ')} ended with ${code}: ${out}${err}`);
  return err;
}

/** A BullMQ worker that fails what its data says. */
function nodeWorker(stage, options = {}) {
  const worker = new Worker(QUEUE, async job => {
    if (job.data.fail) throw new Error(job.data.fail);
    await job.log('ran');
    return job.data;
  }, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null }, ...options });
  worker.on('error', () => {});
  stage.closers.push(() => worker.close(true));
  return worker;
}

/** Adds jobs that fail for good with these reasons. */
async function bury(stage, reasons, name = 'echo') {
  const queue = stage.queue();
  const worker = nodeWorker(stage, { name: 'node-w' });
  const before = await queue.getFailedCount();
  for (const fail of reasons) await queue.add(name, { fail }, { attempts: 2 });
  await until(async () => await queue.getFailedCount() === before + reasons.length, 'all have failed');
  await worker.close();
  return queue;
}

test('job: show, logs, retry, promote, remove', staged(async stage => {
  const queue = await bury(stage, ['no such picture']);
  const [dead] = await queue.getFailed();
  const shown = await json(stage, 'job', 'show', dead.id);
  assert.equal(shown.state, 'failed');
  assert.equal(shown.failedReason, 'no such picture');
  assert.equal(shown.attemptsMade, 2);
  assert.match(await ok(stage, 'job', 'show', dead.id), /attempt 2 +Error: no such picture/);
  await ok(stage, 'job', 'retry', dead.id);
  assert.equal(await dead.getState(), 'waiting');
  assert.match(await refused(stage, 'job', 'retry', dead.id), /has not ended/);
  const late = await queue.add('echo', { n: 1 }, { delay: 1e6 });
  await ok(stage, 'job', 'promote', late.id);
  assert.equal(await late.getState(), 'waiting');
  await ok(stage, 'job', 'remove', dead.id);
  assert.equal(await queue.getJob(dead.id), undefined);
  nodeWorker(stage);
  await until(() => late.isCompleted(), 'the promoted job has run');
  assert.equal(await ok(stage, 'job', 'logs', late.id), 'ran');
  assert.match(await refused(stage, 'job', 'show', 'nobody'), /no job nobody/);
}));

test('job why says what holds a job', staged(async stage => {
  const queue = stage.queue();
  await queue.addBulk([1, 2].map(n => ({ name: 'echo', data: { n } })));
  const why = await ok(stage, 'job', 'why', '2');
  assert.match(why, /job 2 is waiting: 1 job is before it/);
  await ok(stage, 'queue', 'pause');
  assert.match(await ok(stage, 'job', 'why', '2'), /queue is paused/);
  const late = await queue.add('echo', {}, { delay: 90000 });
  assert.match(await ok(stage, 'job', 'why', late.id), /delayed until .*\n.*\n?it can start at .* \(in 1 min 2\d s\)|delayed until/);
  assert.equal((await json(stage, 'job', 'why', late.id)).state, 'delayed');
  assert.match(await refused(stage, 'job', 'why', 'nobody'), /nobody/);
}));

test('dead: list, show, redrive by filter and rate, purge', staged(async stage => {
  const queue = await bury(stage, ['timed out', 'timed out', 'disk full']);
  const all = await json(stage, 'dead', 'list');
  assert.deepEqual(all.map(job => job.failedReason), ['disk full', 'timed out', 'timed out']);
  assert.equal(all[0].processedBy, 'node-w');
  assert.deepEqual(all[0].data, { fail: 'disk full' });
  assert.equal(all[0].stacktrace.length, 2);
  assert.match(await ok(stage, 'dead', 'list', '--error', '/^disk/'), /^id +name +failed +age +attempts +node +failure\n\d+ +echo .* 2 +node-w +disk full$/);
  assert.equal(await ok(stage, 'dead', 'list', '--newer', '1h', '--older', '30m'), '');
  assert.match(await ok(stage, 'dead', 'show', all[0].id), /attempt 1 +Error: disk full/);

  const started = Date.now();
  assert.equal((await json(stage, 'dead', 'redrive', '--error', 'TIMED', '--rate', '2/s')).redriven, 2);
  assert.ok(Date.now() - started >= 500, 'the second came half a second after the first');
  assert.equal(await queue.getWaitingCount(), 2);
  const [waiting] = await queue.getWaiting();
  assert.equal(waiting.attemptsMade, 0, 'with all its attempts');

  const unsure = await stage.command(['dead', 'purge']);
  assert.equal(unsure.code, 2);
  assert.match(unsure.err, /--yes/);
  assert.equal((await json(stage, 'dead', 'purge', '--name', 'echo', '--yes')).removed, 1);
  assert.equal(await queue.getFailedCount(), 0);
}));

test('queue: drain, clean and obliterate empty it as BullMQ does', staged(async stage => {
  const queue = stage.queue();
  const fill = async () => {
    await queue.addBulk(Array.from({ length: 2500 }, (_, n) => ({ name: 'echo', data: { n }, opts: n % 5 ? {} : { priority: 3 } })));
    await queue.add('echo', {}, { delay: 1e6 });
  };
  await fill();
  assert.equal((await json(stage, 'queue', 'drain', '--yes')).removed, 2500);
  assert.deepEqual(await queue.getJobCounts('waiting', 'prioritized', 'delayed'), { waiting: 0, prioritized: 0, delayed: 1 });
  assert.equal((await json(stage, 'queue', 'drain', '--delayed', '--yes')).removed, 1);
  assert.equal(await queue.count(), 0);

  await fill();
  assert.equal((await json(stage, 'queue', 'clean', '--state', 'waiting', '--older', '1h', '--yes')).removed, 0);
  assert.equal((await json(stage, 'queue', 'clean', '--state', 'waiting', '--limit', '1500', '--yes')).removed, 1500);
  assert.equal(await queue.getWaitingCount(), 500);
  const missing = await stage.command(['queue', 'clean']);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /--state/);

  await ok(stage, 'queue', 'obliterate', '--yes');
  assert.deepEqual(await stage.redis().keys('bull:*'), []);
}));

test('queue stats tells what a Queue would', staged(async stage => {
  const queue = stage.queue();
  await queue.add('echo', {}, { timestamp: Date.now() - 5000 });
  await queue.setGlobalConcurrency(7);
  await queue.setGlobalRateLimit(10, 1000);
  await queue.pause();
  const worker = nodeWorker(stage, { name: 'w1' });
  await worker.waitUntilReady();
  const stats = await until(async () => {
    const seen = await json(stage, 'queue', 'stats');
    return seen.workers.length === 1 && seen;
  }, 'the worker is listed');
  assert.deepEqual(stats.workers, ['w1']);
  assert.equal(stats.paused, true);
  assert.equal(stats.counts.waiting, 1);
  assert.equal(stats.concurrency, 7);
  assert.deepEqual(stats.limit, { max: 10, durationMs: 1000 });
  assert.ok(stats.oldestWaitingMs >= 5000 && stats.oldestWaitingMs < 60000);
  assert.match(await ok(stage, 'queue'), /\(paused\)[^]*oldest waits[^]*workers +1 w1/);
}));

test('cancel fails a waiting job for good, with a main node or without', staged(async stage => {
  const queue = stage.queue();
  await queue.pause();
  const [a, b] = await queue.addBulk([{ name: 'echo', data: {} }, { name: 'echo', data: {}, opts: { delay: 1e6 } }]);
  const nobody = `http://127.0.0.1:${await freePort()}`;
  assert.match(await ok(stage, 'job', 'cancel', a.id, '--main', nobody), /cancelled/);
  assert.equal(await a.getState(), 'failed');
  assert.equal((await queue.getJob(a.id)).failedReason, 'cancelled by an operator');
  await stage.serve();
  const events = await stage.workerEvents();
  await ok(stage, 'job', 'cancel', b.id, '--main', stage.url);
  assert.equal(await b.getState(), 'failed');
  await until(() => events.some(x => x.type === 'job-failed' && x.jobId === b.id && x.final), 'the web tier is told');
}));

test('cancel stops a job that runs, and it is not retried', staged(async stage => {
  await stage.serve();
  await stage.work('node-1');
  const queue = stage.queue();
  const job = await queue.add('sleep', { ms: 600000 }, { attempts: 5 });
  await until(() => job.isActive(), 'the job runs');
  const nobody = `http://127.0.0.1:${await freePort()}`;
  assert.match(await refused(stage, 'job', 'cancel', job.id, '--main', nobody), /runs, and no main node answers/);
  const started = Date.now();
  assert.match(await ok(stage, 'job', 'cancel', job.id, '--main', stage.url), /stopping/);
  await until(() => job.isFailed(), 'it has failed');
  assert.ok(Date.now() - started < 3000, `it sleeps cooperatively: ${Date.now() - started} ms`);
  assert.equal((await queue.getJob(job.id)).failedReason, 'cancelled by an operator');
  assert.match(await refused(stage, 'job', 'cancel', job.id, '--main', stage.url), /has ended/);
}));

test('a codec that does not stop is killed after the grace time', staged(async stage => {
  await stage.serve({ DARKROOM_WORKER_CANCEL_GRACE: '1s' });
  await stage.work('node-1');
  const queue = stage.queue();
  const job = await queue.add('codec-hang', {}, { attempts: 5 });
  await until(() => job.isActive(), 'the job runs');
  const started = Date.now();
  await ok(stage, 'job', 'cancel', job.id, '--main', stage.url);
  await until(() => job.isFailed(), 'it has failed');
  const took = Date.now() - started;
  assert.ok(took >= 900 && took < 6000, `took ${took} ms`);
  assert.equal((await queue.getJob(job.id)).failedReason, 'cancelled by an operator');
  const after = await queue.add('echo', { n: 1 });
  await until(() => after.isCompleted(), 'the node runs on');
}));

test('a picture whose variants are made is stopped at once', staged(async stage => {
  await stage.serve();
  await stage.work('node-1', { DARKROOM_IMAGING_AVIF_EFFORT: '9' }); // a minute and more
  fs.copyFileSync(path.join(SAMPLES, 'mountains.jpg'), path.join(stage.uploads, 'a.jpg'));
  const queue = stage.queue();
  const job = await queue.add('generate-variants', { imageId: 'a', filePath: 'a.jpg' }, { attempts: 5 });
  await until(async () => (await queue.getJob(job.id)).progress > 10, 'it encodes', 30000);
  const events = await stage.workerEvents();
  const asked = Date.now();
  assert.equal((await fetch(`${stage.url}/api/jobs/${job.id}/cancel`, { method: 'POST' })).status, 202);
  const ended = await until(() => events.find(x => x.jobId === job.id && x.type === 'job-failed'), 'it has failed', 5000, 2);
  assert.ok(ended.at - asked < 500, `took ${ended.at - asked} ms`); // 10 to 30 ms on an idle machine
  console.log(`cancel to job-failed: ${ended.at - asked} ms`);
  assert.equal((await queue.getJob(job.id)).failedReason, 'cancelled by an operator');
  assert.deepEqual(stage.files('variants'), []);
}));

test('one job over HTTP', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  await queue.pause();
  const job = await queue.add('echo', { n: 1 }, { delay: 1e6 });
  const ask = async (method, target) => {
    const answer = await fetch(stage.url + target, { method });
    return [answer.status, await answer.json()];
  };
  assert.equal((await stage.get(`/api/jobs/${job.id}`)).state, 'delayed');
  assert.equal((await stage.get(`/api/jobs/${job.id}/why`)).state, 'delayed');
  assert.deepEqual(await ask('POST', `/api/jobs/${job.id}/promote`), [200, { id: job.id, done: 'promoted' }]);
  assert.deepEqual(await ask('POST', `/api/jobs/${job.id}/cancel`), [200, { id: job.id, done: 'cancelled' }]);
  assert.deepEqual(await ask('POST', `/api/jobs/${job.id}/retry`), [200, { id: job.id, done: 'retried' }]);
  assert.equal((await ask('POST', `/api/jobs/${job.id}/retry`))[0], 409);
  assert.deepEqual(await ask('DELETE', `/api/jobs/${job.id}`), [200, { id: job.id, done: 'removed' }]);
  for (const [method, target] of [['GET', ''], ['DELETE', ''], ['POST', '/retry'], ['POST', '/cancel'], ['GET', '/why']])
    assert.equal((await ask(method, `/api/jobs/${job.id}${target}`))[0], 404, `${method} ${target}`);
}));
