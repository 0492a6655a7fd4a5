// Uploads as clients send them: curl, forms, retries, Redis away, things that
// are no pictures.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Postgres } from './_postgres.mjs';
import { ROOT, sleep, staged, until } from './_lib.mjs';

const run = promisify(execFile);
const KEPT = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
const SMALL = path.join(ROOT, 'tests/pictures/tiny.jpg');
const OTHER = path.join(ROOT, 'tests/pictures/grey.jpg');
const bytes = file => fs.readFileSync(file);

/** POST /api/images: {status, body}. */
async function upload(stage, body, { query = '', headers = {} } = {}) {
  const answer = await fetch(`${stage.url}/api/images${query}`, { method: 'POST', body, headers });
  return { status: answer.status, body: await answer.json() };
}

function form(...files) {
  const out = new FormData();
  for (const [name, content] of files) out.append('picture', new Blob([content]), name);
  return out;
}

const originals = stage => stage.files('originals');

test('an upload is stored as what its bytes are, under the name that it had', staged(async stage => {
  await stage.serve();
  for (const [file, extension] of [['photo-baseline.jpg', 'jpg'], ['alpha.png', 'png'], ['photo.webp', 'webp'], ['photo.avif', 'avif'], ['animated.gif', 'gif']]) {
    const { status, body } = await upload(stage, bytes(path.join(ROOT, 'tests/pictures', file)), { query: '?name=C%3A%5Ca%5Choliday.html', headers: { 'content-type': 'text/html' } });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.filePath, `originals/${body.imageId}.${extension}`);
    assert.equal(body.originalName, 'holiday.html');
    assert.deepEqual(body.jobs.map(job => job.name), ['generate-metadata', 'generate-variants']);
    assert.equal((await stage.get(`/api/images/${body.imageId}`)).originalName, 'holiday.html');
    const served = await fetch(`${stage.url}/files/${body.filePath}`);
    assert.deepEqual(Buffer.from(await served.arrayBuffer()), bytes(path.join(ROOT, 'tests/pictures', file)));
  }
  assert.equal(await stage.queue().getWaitingCount(), 10);
}));

test("curl's --data-binary and -F upload the same picture", staged(async stage => {
  await stage.serve();
  const curl = async (...args) => JSON.parse((await run('curl', ['-sS', ...args, `${stage.url}/api/images`])).stdout);
  const raw = await curl('--data-binary', `@${SMALL}`);
  assert.equal(raw.filePath, `originals/${raw.imageId}.jpg`);
  const again = await curl('-F', `picture=@${SMALL}`, '-F', 'comment=hello');
  assert.equal(again.imageId, raw.imageId);
  assert.equal(again.duplicate, true);
}));

test('a form with several pictures gives one image each', staged(async stage => {
  await stage.serve();
  const { status, body } = await upload(stage, form(['a.jpg', bytes(SMALL)], ['ä "b".jpg', bytes(OTHER)], ['c.jpg', bytes(SMALL)]));
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual(body.images.map(image => image.originalName), ['a.jpg', 'ä "b".jpg', 'a.jpg']);
  assert.deepEqual(body.images.map(image => image.duplicate ?? false), [false, false, true]);
  assert.equal(body.images[2].imageId, body.images[0].imageId);
  assert.equal((await stage.get('/api/images')).total, 2);
  for (const [image, file] of [[0, SMALL], [1, OTHER]])
    assert.deepEqual(fs.readFileSync(path.join(stage.uploads, body.images[image].filePath)), bytes(file));
  assert.equal(originals(stage).length, 2);
}));

test('what is no picture is refused before anything is stored', staged(async stage => {
  await stage.serve();
  const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
  const cut = '--x\r\nContent-Disposition: form-data; name=a; filename=a.jpg\r\n\r\nabc';
  for (const [body, status, words, options] of [
    ['', 400, 'empty'],
    ['hello, world', 415, 'is a text'],
    ['<!doctype html><title>x</title>', 415, 'an HTML page', { headers: { 'content-type': 'image/jpeg' }, query: '?name=a.jpg' }],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 415, 'an SVG'],
    [heic, 415, 'a HEIC'],
    ['%PDF-1.7', 415, 'a PDF'],
    ['BMaaaa', 415, 'a BMP'],
    ['IIRO\x08\0\0\0', 415, "a camera's raw picture"],
    [Buffer.alloc(5000, 7), 415, 'of an unknown type'],
    [form(['a.jpg', bytes(SMALL)], ['b.jpg', 'hello']), 415, "'b.jpg' is a text"],
    [form(['a.jpg', '']), 400, "'a.jpg' is empty"],
    [cut, 415, 'a multipart form without its Content-Type'],
    [cut, 400, 'cut off', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
    [cut, 400, 'boundary', { headers: { 'content-type': 'multipart/form-data' } }],
    [cut, 415, 'multipart/form-data', { headers: { 'content-type': 'multipart/mixed; boundary=x' } }],
    [bytes(SMALL), 400, 'Idempotency-Key', { headers: { 'idempotency-key': 'x'.repeat(256) } }],
    [bytes(SMALL), 400, "duplicate='maybe' is not find or allow", { query: '?duplicate=maybe' }],
    [bytes(SMALL), 400, "did you mean 'name'?", { query: '?nam=a' }],
  ]) {
    const answer = await upload(stage, body, options);
    assert.equal(answer.status, status, `${words}: ${JSON.stringify(answer.body)}`);
    assert.ok(answer.body.error.message.includes(words), answer.body.error.message);
  }
  assert.equal((await stage.get('/api/images')).total, 0);
  assert.deepEqual(stage.files(), []);
  assert.equal(await stage.queue().getWaitingCount(), 0);
}));

async function sameBytes(stage) {
  const first = await upload(stage, bytes(SMALL), { query: '?name=a.jpg' });
  assert.equal(first.status, 201);
  const again = await upload(stage, bytes(SMALL), { query: '?name=b.jpg' });
  assert.equal(again.status, 200);
  assert.equal(again.body.duplicate, true);
  assert.equal(again.body.imageId, first.body.imageId);
  assert.equal(again.body.originalName, 'a.jpg');
  const copy = await upload(stage, bytes(SMALL), { query: '?duplicate=allow' });
  assert.equal(copy.status, 201);
  assert.notEqual(copy.body.imageId, first.body.imageId);
  const many = await Promise.all(Array.from({ length: 8 }, () => upload(stage, bytes(OTHER))));
  assert.deepEqual(many.map(x => x.status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
  assert.equal(new Set(many.map(x => x.body.imageId)).size, 1);
  assert.equal((await stage.get('/api/images')).total, 3);
  assert.equal(originals(stage).length, 3);
  assert.equal(await stage.queue().getWaitingCount(), 6);
}

async function sameKey(stage) {
  const key = { headers: { 'idempotency-key': 'one' }, query: '?duplicate=allow' };
  const first = await Promise.all(Array.from({ length: 6 }, () => upload(stage, bytes(SMALL), key)));
  assert.ok(first.every(x => [201, 202].includes(x.status)), JSON.stringify(first));
  assert.equal(new Set(first.map(x => x.body.imageId)).size, 1);
  const again = await upload(stage, bytes(SMALL), key);
  assert.equal(again.status, 201);
  assert.equal(again.body.imageId, first[0].body.imageId);
  assert.equal(again.body.queued, undefined);
  const other = await upload(stage, bytes(OTHER), key);
  assert.equal(other.status, 422);
  assert.equal(other.body.error.code, 'key_reused');
  assert.equal((await stage.get('/api/images')).total, 1);
  assert.equal(originals(stage).length, 1);
  assert.equal(await stage.queue().getWaitingCount(), 2);
}

const onPostgres = body => staged(async stage => {
  const postgres = await Postgres.start(stage);
  await stage.serve({ DARKROOM_CATALOG_DATABASE: postgres.url });
  await body(stage);
});
const onSqlite = body => staged(async stage => {
  await stage.serve();
  await body(stage);
});

test('equal bytes are one image unless a copy is asked for', onSqlite(sameBytes));
test('equal bytes are one image on PostgreSQL, too', onPostgres(sameBytes));
test('an Idempotency-Key gives the first answer, also to those that come at once', onSqlite(sameKey));
test('an Idempotency-Key gives the first answer on PostgreSQL, too', onPostgres(sameKey));

test('the jobs of an upload without Redis are added when it is back, once', staged(async stage => {
  const main = await stage.serve();
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  const key = { headers: { 'idempotency-key': 'one' } };
  const first = await upload(stage, bytes(SMALL), key);
  assert.equal(first.status, 202, JSON.stringify(first.body));
  assert.equal(first.body.queued, false);
  assert.match(first.body.message, /added when Redis is back/);
  const uploadedAt = Date.now();
  const retried = await upload(stage, bytes(SMALL), key);
  assert.deepEqual(retried, first, 'the client tries again: the same answer, no second image');
  assert.equal((await upload(stage, bytes(SMALL))).body.imageId, first.body.imageId);
  await stage.startRedis(KEPT);
  const queue = stage.queue();
  await until(async () => await queue.getWaitingCount() === 2, 'both jobs wait');
  assert.deepEqual((await queue.getWaiting()).map(job => job.id).sort(), first.body.jobs.map(job => job.id).sort());
  for (const { timestamp } of await queue.getWaiting()) assert.ok(timestamp <= uploadedAt, 'they are as old as the image');
  await until(async () => (await stage.sql('select * from job_outbox')).length === 0, 'nothing is left to be added');
  await stage.work('worker-1');
  await until(async () => (await stage.get(`/api/images/${first.body.imageId}`)).status === 'completed', 'the image is done', 30000);
  assert.equal((await stage.stream()).filter(row => row.event === 'added').length, 3, 'two jobs, and the next of the chain');
  assert.equal(main.end, null);
}, { redis: KEPT }));

test('what a process could not add before it died is added by the next', staged(async stage => {
  const first = await stage.serve();
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  const { status, body } = await upload(stage, bytes(SMALL));
  assert.equal(status, 202);
  first.kill('SIGKILL');
  await first.within(2000);
  await stage.startRedis(KEPT);
  await stage.serve();
  const queue = stage.queue();
  await until(async () => await queue.getWaitingCount() === 2, 'both jobs wait');
  assert.deepEqual((await queue.getWaiting()).map(job => job.id).sort(), body.jobs.map(job => job.id).sort());
}, { redis: KEPT }));

test('jobs whose add was done although its answer was lost run once', staged(async stage => {
  await stage.serve();
  const sent = upload(stage, bytes(SMALL));
  stage.redisProc.kill('SIGSTOP'); // takes the command, gives no answer
  const { status, body } = await sent;
  stage.redisProc.kill('SIGCONT');
  assert.ok([201, 202].includes(status));
  await stage.work('worker-1');
  await until(async () => (await stage.get(`/api/images/${body.imageId}`)).status === 'completed', 'the image is done', 30000);
  await until(async () => (await stage.sql('select * from job_outbox')).length === 0, 'nothing is left to be added');
  const added = (await stage.stream()).filter(row => row.event === 'added').map(row => row.jobId);
  assert.equal(new Set(added).size, added.length, `added: ${added}`);
  assert.equal(added.length, 3);
}, { redis: KEPT }));

test('jobs that the main node of another queue could not add are left to it', staged(async stage => {
  const first = await stage.serve();
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  assert.equal((await upload(stage, bytes(SMALL))).status, 202);
  first.kill('SIGKILL');
  await first.within(2000);
  await stage.startRedis(KEPT);
  const other = await stage.serve({ DARKROOM_QUEUE_NAME: 'other' });
  await sleep(4000); // jobs of 2 s are added
  assert.equal(await stage.redis().llen('bull:other:wait'), 0);
  assert.equal((await stage.sql('select * from job_outbox')).length, 2);
  other.kill('SIGTERM');
  await other.within(15000);
  await stage.serve();
  const queue = stage.queue();
  await until(async () => await queue.getWaitingCount() === 2, 'both jobs wait');
}, { redis: KEPT }));

async function keyOfADeletedImage(stage) {
  const key = { headers: { 'idempotency-key': 'one' } };
  const first = await upload(stage, bytes(SMALL), key);
  assert.equal(first.status, 201);
  assert.equal((await fetch(`${stage.url}/api/images/${first.body.imageId}`, { method: 'DELETE' })).status, 200);
  const again = await upload(stage, bytes(SMALL), key);
  assert.equal(again.status, 201);
  assert.notEqual(again.body.imageId, first.body.imageId);
  assert.equal((await stage.get('/api/images')).total, 1);
  assert.deepEqual(await upload(stage, bytes(SMALL), key), again);
}
test('a key whose image was deleted uploads anew', onSqlite(keyOfADeletedImage));
test('a key whose image was deleted uploads anew on PostgreSQL, too', onPostgres(keyOfADeletedImage));

test('what an upload left aside when the process died is removed, and nothing else', staged(async stage => {
  const main = await stage.serve();
  const { hostname, port } = new URL(stage.url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`POST /api/images HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(5000)}`);
  await until(() => originals(stage).length === 1, 'the body is being written');
  main.kill('SIGKILL');
  await main.within(2000);
  const [aside] = originals(stage);
  assert.match(aside, /\.part$/);
  const others = ['originals/.notes.part', 'originals/.0d3c1f9e-6f9c-4a55-8f7e-0123456789ab.jpg.part', 'originals/b.jpg'];
  const old = new Date(Date.now() - 24 * 3600e3);
  for (const name of others) fs.writeFileSync(path.join(stage.uploads, name), 'x');
  for (const name of others) fs.utimesSync(path.join(stage.uploads, name), old, old);
  await (await stage.serve()).line('ready');
  await sleep(1000);
  assert.ok(stage.files().includes(aside), 'it may still be written to');
  const second = stage.procs.at(-1);
  second.kill('SIGTERM');
  await second.within(15000);
  fs.utimesSync(path.join(stage.uploads, aside), old, old);
  await stage.serve();
  await until(() => !stage.files().includes(aside), 'it is gone');
  assert.deepEqual(originals(stage).sort(), others.sort());
}));
