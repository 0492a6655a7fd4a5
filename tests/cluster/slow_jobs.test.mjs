// Redis hangs, and with it what asks for jobs: probes, metrics and uploads
// answer all the same, each within its own bound.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';

const COMMAND_TIMEOUT_MS = 4000; // how long a call waits for Redis
const PROBE_MS = 2500;           // a probe is patient for one second
const UPLOAD_MS = 2 * COMMAND_TIMEOUT_MS + 2000; // waits for Redis once, to add its jobs
const ROUNDS = 5;

const picture = readFileSync(new URL('../pictures/tiny.jpg', import.meta.url));

/** A request with how long its answer took. */
async function timed(url, options) {
  const begun = Date.now();
  const answer = await fetch(url, options);
  const body = await answer.text();
  return { status: answer.status, body, ms: Date.now() - begun };
}

test('a hanging list of jobs holds up neither probes nor metrics nor pictures', staged(async stage => {
  await stage.serve({ DARKROOM_REDIS_COMMAND_TIMEOUT: '60s' });
  await until(async () => (await fetch(`${stage.url}/readyz`)).status === 200, 'it is ready');
  stage.redisProc.kill('SIGSTOP');
  try {
    let answered = 0;
    const list = fetch(`${stage.url}/api/jobs`).finally(() => { ++answered; });
    for (let i = 0; i < ROUNDS; ++i) {
      const alive = await timed(`${stage.url}/livez`);
      assert.equal(alive.status, 200);
      assert.ok(alive.ms < PROBE_MS, `/livez took ${alive.ms} ms`);
      const ready = await timed(`${stage.url}/readyz`);
      assert.ok([200, 503].includes(ready.status));
      assert.ok(ready.ms < PROBE_MS, `/readyz took ${ready.ms} ms`);
      const metrics = await timed(`${stage.url}/metrics`);
      assert.equal(metrics.status, 200);
      assert.ok(metrics.ms < PROBE_MS, `/metrics took ${metrics.ms} ms`);
      assert.match(metrics.body, /^# HELP darkroom_redis_up /m);
      const images = await timed(`${stage.url}/api/images`);
      assert.equal(images.status, 200);
      assert.ok(images.ms < PROBE_MS, `/api/images took ${images.ms} ms`);
    }
    await until(async () => (await fetch(`${stage.url}/readyz`)).status === 503, 'it is not ready');
    assert.equal(answered, 0, 'no list was answered meanwhile');
    stage.redisProc.kill('SIGCONT');
    assert.equal((await list).status, 200);
  } finally {
    stage.redisProc.kill('SIGCONT');
  }
}));

test('an upload is answered through the outbox while a list of jobs hangs', staged(async stage => {
  await stage.serve({ DARKROOM_REDIS_COMMAND_TIMEOUT: `${COMMAND_TIMEOUT_MS}ms` });
  await until(async () => (await fetch(`${stage.url}/readyz`)).status === 200, 'it is ready');
  stage.redisProc.kill('SIGSTOP');
  let image;
  try {
    const lists = Array.from({ length: 3 }, () => timed(`${stage.url}/api/jobs`));
    const upload = await timed(`${stage.url}/api/images?name=tiny.jpg`, { method: 'POST', body: picture });
    assert.equal(upload.status, 202);
    assert.ok(upload.ms < UPLOAD_MS, `the upload took ${upload.ms} ms`);
    image = JSON.parse(upload.body);
    assert.equal(image.queued, false);
    for (const list of lists) assert.equal((await list).status, 503);
  } finally {
    stage.redisProc.kill('SIGCONT');
  }
  const queue = stage.queue();
  await until(async () => queue.getJob(`${image.imageId}-metadata`), 'the outbox adds its jobs', 30000);
}));

test('uploads at once wait for a hanging Redis together, not one after the other', staged(async stage => {
  const count = 6;
  await stage.serve({ DARKROOM_REDIS_COMMAND_TIMEOUT: `${COMMAND_TIMEOUT_MS}ms` });
  await until(async () => (await fetch(`${stage.url}/readyz`)).status === 200, 'it is ready');
  stage.redisProc.kill('SIGSTOP');
  let images;
  try {
    const uploads = await Promise.all(Array.from({ length: count }, (_, i) =>
      timed(`${stage.url}/api/images?name=${i}.jpg&duplicate=allow`, { method: 'POST', body: picture })));
    for (const upload of uploads) {
      assert.equal(upload.status, 202);
      assert.ok(upload.ms < UPLOAD_MS, `an upload took ${upload.ms} ms`);
    }
    images = uploads.map(x => JSON.parse(x.body).imageId);
  } finally {
    stage.redisProc.kill('SIGCONT');
  }
  assert.equal(new Set(images).size, count);
  const queue = stage.queue();
  for (const id of images)
    await until(async () => queue.getJob(`${id}-metadata`), 'the outbox adds its jobs', 30000);
}));
