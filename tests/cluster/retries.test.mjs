// Retries, final failures, and who is told.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, sleep, staged, until } from './_lib.mjs';

const PICTURE = 'friends-soft-edge.png';

test('a job that fails twice is retried after 2 s and 4 s', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const events = await stage.workerEvents();
  const { out } = await stage.command(['add', 'flaky', '--data', '{"failTimes":2}', '--json']);
  const { id } = JSON.parse(out);
  const queue = stage.queue();
  const job = await until(async () => { const x = await queue.getJob(id); return x.returnvalue && x; }, 'it succeeds', 15000);
  assert.deepEqual(job.returnvalue, { ok: true });
  assert.deepEqual([job.attemptsMade, job.attemptsStarted, job.opts.attempts], [3, 3, 3]);
  assert.deepEqual(job.opts.backoff, { type: 'exponential', delay: 2000 });
  const rows = (await stage.stream()).filter(row => row.jobId === id);
  const active = rows.filter(row => row.event === 'active').map(row => row.ms);
  const delayed = rows.filter(row => row.event === 'delayed').map(row => row.ms);
  for (const [i, wanted] of [2000, 4000].entries()) {
    const waited = active[i + 1] - delayed[i];
    console.log(`retry ${i + 1} after ${waited} ms`);
    assert.ok(waited >= wanted - 10 && waited < wanted + 500, `retry ${i + 1} after ${waited} ms, not ${wanted}`);
  }
  const failures = events.filter(x => x.type === 'job-failed').map(({ jobId, jobName, error, attempt, maxAttempts, final, retryInMs }) => ({ jobId, jobName, error, attempt, maxAttempts, final, retryInMs }));
  const same = { jobId: id, jobName: 'flaky', error: 'flaky', maxAttempts: 3, final: false };
  assert.deepEqual(failures, [{ ...same, attempt: 1, retryInMs: 2000 }, { ...same, attempt: 2, retryInMs: 4000 }]);
  assert.deepEqual(events.filter(x => x.type === 'job-active').map(x => x.attempt), [1, 2, 3]);
}));

test('an image whose model fails three times has failed, and the admins know', staged(async stage => {
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  const hooks = [];
  const hook = await stage.listen((request, body, response) => {
    hooks.push({ method: request.method, type: request.headers['content-type'], body: JSON.parse(body) });
    response.end('{}');
  });
  let asked = 0;
  const model = await stage.listen((_request, _body, response) => {
    ++asked;
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"the model is on fire"}}');
  });
  await stage.serve({ DARKROOM_NOTIFY_WEBHOOK: `${hook}/hook` });
  const key = { OPENAI_BASE_URL: `${model}/v1`, OPENAI_API_KEY: 'sk-test-secret' };
  await stage.work('worker-1', key);
  const events = await stage.workerEvents();
  const seen = await stage.browserEvents();
  const queue = stage.queue();
  const { id } = await queue.add('generate-metadata', { imageId: 'img-1', filePath: PICTURE }, { attempts: 3, backoff: { type: 'exponential', delay: 200 } });
  const status = async () => (await stage.get('/api/images/img-1'));
  await until(() => events.some(x => x.type === 'job-failed'), 'the first attempt fails');
  assert.equal((await status()).status, 'processing', 'it is retried: not failed yet');
  await until(() => events.some(x => x.final), 'the last attempt fails', 20000);
  const image = await until(async () => { const x = await status(); return x.status === 'failed' && x; }, 'the image has failed', 3000);
  const job = await queue.getJob(id);
  assert.equal(await job.getState(), 'failed');
  assert.equal(job.attemptsMade, 3);
  assert.equal(job.stacktrace.length, 3);
  assert.match(job.failedReason, /500/);
  assert.match(job.failedReason, /the model is on fire/);
  assert.ok(!JSON.stringify(job).includes('sk-test-secret'), 'the key is told to nobody');
  assert.equal(image.error, job.failedReason);
  assert.equal((await stage.sql("select error from images where id = 'img-1' and status = 'failed'"))[0].error, job.failedReason);
  assert.ok(asked >= 3, `the model was asked ${asked} times`);
  const failures = events.filter(x => x.type === 'job-failed');
  assert.deepEqual(failures.map(x => [x.attempt, x.maxAttempts, x.final, x.retryInMs, x.imageId]), [
    [1, 3, false, 200, 'img-1'], [2, 3, false, 400, 'img-1'], [3, 3, true, undefined, 'img-1']]);
  assert.ok(failures.every(x => x.error === job.failedReason));
  await until(() => seen.some(x => x.final), 'the browser is told');
  await until(() => hooks.length > 0, 'the webhook is called');
  await sleep(1500);
  assert.equal(hooks.length, 1, 'once');
  const { timestamp, ...told } = hooks[0].body;
  assert.deepEqual(told, { type: 'image-processing-failed', imageId: 'img-1', jobId: id, jobName: 'generate-metadata', error: job.failedReason, attempts: 3 });
  assert.ok(Math.abs(Date.now() - timestamp) < 60000);
  assert.deepEqual([hooks[0].method, hooks[0].type], ['POST', 'application/json']);
}));

test('a failed image gets well when its job is retried', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const queue = stage.queue();
  const job = await queue.add('generate-variants', { imageId: 'img-1', filePath: PICTURE }, { attempts: 1 });
  const image = () => stage.get('/api/images/img-1');
  const failed = await until(async () => { const x = await image(); return x.status === 'failed' && x; }, 'there is no picture');
  assert.match(failed.error, /friends-soft-edge\.png/);
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  await (await queue.getJob(job.id)).retry();
  await until(async () => (await queue.getCompletedCount()) === 1, 'it completes', 20000);
  const now = await image();
  assert.deepEqual([now.status, now.error, now.variants.length], ['processing', null, 6]);
}));

test('a dead webhook holds up no job', staged(async stage => {
  const hook = await stage.listen(() => {}); // accepts and never answers
  await stage.serve({ DARKROOM_NOTIFY_WEBHOOK: hook });
  await stage.work('worker-1');
  const queue = stage.queue();
  await queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'fatal', data: { message: 'no' } })));
  await until(async () => (await queue.getFailedCount()) === 5, 'five fail');
  const started = Date.now();
  await queue.addBulk(Array.from({ length: 50 }, (_, i) => ({ name: 'echo', data: { i } })));
  await until(async () => (await queue.getCompletedCount()) === 50, 'fifty complete');
  assert.ok(Date.now() - started < 3000, `took ${Date.now() - started} ms`);
}));
