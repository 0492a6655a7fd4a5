// Redis hangs, and so do all requests for jobs and the queue. Probes, metrics,
// pictures and uploads are answered meanwhile, each within its own bound.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';

const COMMAND_TIMEOUT_MS = 4000; // how long a call waits for Redis
const PROBE_MS = 2500;           // a probe is patient for one second
const UPLOAD_MS = 2 * COMMAND_TIMEOUT_MS + 2000; // waits for Redis once, to add its jobs
const GIVE_UP_MS = 10000;        // so that a failing test ends soon
const ROUNDS = 5;
const HANGING = 3;               // more than `[http] threads`, which is 2

const picture = readFileSync(new URL('../pictures/tiny.jpg', import.meta.url));

/** A request with how long its answer took. */
async function timed(url, options) {
  const begun = Date.now();
  const answer = await fetch(url, options);
  const body = await answer.text();
  return { status: answer.status, body, ms: Date.now() - begun };
}

/** What does not wait for Redis: each answers with such a status while Redis hangs. */
const OTHERS = { '/livez': [200], '/readyz': [200, 503], '/metrics': [200], '/api/images': [200], '/api/nodes': [200] };

/** Asks all of them once. */
async function askOthers(stage) {
  for (const [target, statuses] of Object.entries(OTHERS)) {
    const answer = await timed(stage.url + target, { signal: AbortSignal.timeout(GIVE_UP_MS) });
    assert.ok(statuses.includes(answer.status), `${target} answered ${answer.status}`);
    assert.ok(answer.ms < PROBE_MS, `${target} took ${answer.ms} ms`);
    if (target === '/metrics') assert.match(answer.body, /^# HELP darkroom_redis_up /m);
  }
}

test('hanging requests for jobs hold up neither probes nor metrics nor pictures', staged(async stage => {
  await stage.serve({ DARKROOM_REDIS_COMMAND_TIMEOUT: '60s' });
  await until(async () => (await fetch(`${stage.url}/readyz`)).status === 200, 'it is ready');
  stage.redisProc.kill('SIGSTOP');
  try {
    let answered = 0;
    const requests = Array.from({ length: HANGING }, () => [['/api/jobs'], ['/api/queue'],
      ['/api/images/none', { method: 'DELETE' }]]).flat();
    const hanging = requests.map(([target, options]) =>
      timed(stage.url + target, options).finally(() => { ++answered; }));
    for (let i = 0; i < ROUNDS; ++i) await askOthers(stage);
    await until(async () => (await fetch(`${stage.url}/readyz`)).status === 503, 'it is not ready');
    assert.equal(answered, 0, 'no request that asks Redis was answered meanwhile');
    stage.redisProc.kill('SIGCONT');
    const statuses = (await Promise.all(hanging)).map(x => x.status);
    assert.deepEqual(statuses, Array.from({ length: HANGING }, () => [200, 200, 404]).flat());
  } finally {
    stage.redisProc.kill('SIGCONT');
  }
}));

test('an upload is answered through the outbox while requests for jobs hang', staged(async stage => {
  await stage.serve({ DARKROOM_REDIS_COMMAND_TIMEOUT: `${COMMAND_TIMEOUT_MS}ms` });
  await until(async () => (await fetch(`${stage.url}/readyz`)).status === 200, 'it is ready');
  stage.redisProc.kill('SIGSTOP');
  let image;
  try {
    const lists = Array.from({ length: HANGING }, () => timed(`${stage.url}/api/jobs`));
    const uploading = timed(`${stage.url}/api/images?name=tiny.jpg`, { method: 'POST', body: picture });
    await askOthers(stage);
    const upload = await uploading;
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
