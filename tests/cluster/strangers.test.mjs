// What strangers wrote into Redis and into requests: bounded, escaped, and no
// danger to the process that reads it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { QUEUE, SAMPLES, staged, until } from './_lib.mjs';

const DEEP = '['.repeat(80000) + ']'.repeat(80000); // JSON.parse reads it
const OPTIONS = { attempts: 1 };

const reasonOf = async (queue, id) => (await queue.getJob(id)).failedReason;
const hasFailed = async (queue, id) => (await (await queue.getJob(id)).getState()) === 'failed';

test('deep JSON in a job is shown as text and ends no process', staged(async stage => {
  const main = await stage.serve({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const redis = stage.redis();
  const key = `bull:${QUEUE}:x`;
  await redis.hset(key, { name: 'echo', data: DEEP, opts: DEEP, timestamp: '1', returnvalue: DEEP, progress: DEEP, stacktrace: DEEP });
  await redis.zadd(`bull:${QUEUE}:completed`, 1, 'x');
  const { data } = await stage.get('/api/jobs/x');
  assert.equal(typeof data, 'string');
  for (const target of ['/api/jobs?state=completed', '/api/jobs/x/why'])
    assert.equal((await fetch(stage.url + target)).status, 200, target);
  const shown = await stage.command(['job', 'show', 'x', '--json']);
  assert.equal(shown.code, 0, shown.err);
  assert.equal(main.end, null);
}));

test('a job with deep data, options or metadata fails alone', staged(async stage => {
  await stage.serve();
  const worker = await stage.work('worker');
  const [queue, redis] = [stage.queue(), stage.redis()];
  const add = async (name, fields) => {
    const job = await queue.add(name, {}, { ...OPTIONS, delay: 3600000 });
    await redis.hset(`bull:${QUEUE}:${job.id}`, fields);
    await job.promote();
    return job.id;
  };
  const metadata = await add('generate-embeddings', { data: `{"imageId":"a","filePath":"a.jpg","metadata":${DEEP}}` });
  const data = await add('echo', { data: DEEP });
  const trace = await add('fatal', { data: '{"message":"no"}', stacktrace: `[1e999,${DEEP},"kept"]` });
  const options = await add('echo', { opts: DEEP, data: '{"n":1}' });
  for (const id of [metadata, data]) {
    await until(() => hasFailed(queue, id), `${id} has failed`);
    assert.match(await reasonOf(queue, id), /more than 500 arrays and objects in each other/);
  }
  await until(() => hasFailed(queue, trace), 'the job with odd traces has failed');
  await until(async () => (await (await queue.getJob(options)).getState()) === 'completed', 'options are read as none');
  assert.equal(worker.end, null);
}));

test('a body with deep JSON is refused', staged(async stage => {
  const main = await stage.serve({}, ['--chaos']);
  const answer = await fetch(`${stage.url}/api/chaos/act`, { method: 'POST', body: DEEP });
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).error.message, /more than 500/);
  assert.equal(main.end, null);
}));

test('deep answers of a provider fail one job', staged(async stage => {
  fs.copyFileSync(path.join(SAMPLES, 'mountains.jpg'), path.join(stage.uploads, 'a.jpg'));
  const provider = await stage.listen((request, _body, response) => {
    const deep = request.url.includes('whole') ? DEEP : JSON.stringify({ choices: [{ message: { content: DEEP } }] });
    response.end(deep);
  });
  for (const way of ['whole', 'content']) {
    await stage.serve();
    const worker = await stage.work(way, { DARKROOM_VISION_PROVIDER: 'openai', DARKROOM_VISION_BASE_URL: `${provider}/${way}`, OPENAI_API_KEY: 'k' });
    const queue = stage.queue();
    const job = await queue.add('generate-metadata', { imageId: way, filePath: 'a.jpg' }, OPTIONS);
    await until(() => hasFailed(queue, job.id), `${way}: it has failed`);
    assert.match(await reasonOf(queue, job.id), /answered/);
    assert.equal(worker.end, null);
    for (const proc of stage.procs) if (proc.label !== 'redis') { proc.kill('SIGTERM'); await proc.within(10000); }
    stage.procs = stage.procs.filter(proc => !proc.end);
  }
}));

const FORGED = 'x\r\n2026-01-01T00:00:00.000 info all is well\u001b[2J\u202egpj';

test('no name of a stranger forges a line of the log', staged(async stage => {
  const main = await stage.serve();
  const worker = await stage.work('worker');
  const queue = stage.queue();
  await queue.add(FORGED, {}, OPTIONS);
  const missing = await queue.add('generate-variants', { imageId: FORGED, filePath: `${FORGED}.jpg` }, OPTIONS);
  const thrown = await queue.add('fatal', { message: FORGED + 'y'.repeat(20000) }, OPTIONS);
  for (const { id } of [missing, thrown]) await until(() => hasFailed(queue, id), `${id} has failed`);
  await until(() => /no node runs/.test(main.out), 'the unknown name is told');
  for (const { label, out } of [main, worker]) {
    for (const line of out.split('\n')) {
      assert.ok(Buffer.byteLength(line) < 2100, `${label}: ${line.length} characters in a line`);
      assert.doesNotMatch(line, /^2026-01-01/, label);
      assert.doesNotMatch(line, /[\x00-\x08\x0b-\x1f\u202e]/, `${label}: ${JSON.stringify(line)}`);
    }
  }
}));

test('errors do not tell where the server keeps things', staged(async stage => {
  await stage.serve();
  await stage.work('worker');
  const events = await stage.workerEvents();
  const queue = stage.queue();
  fs.writeFileSync(path.join(stage.uploads, 'empty.jpg'), '');
  fs.writeFileSync(path.join(stage.uploads, 'text.jpg'), 'no picture');
  fs.mkdirSync(path.join(stage.uploads, 'folder.jpg'));
  fs.mkdirSync(path.join(stage.uploads, 'variants'));
  fs.writeFileSync(path.join(stage.uploads, 'variants/blocked'), 'a file where a folder should be');
  fs.copyFileSync(path.join(SAMPLES, 'mountains.jpg'), path.join(stage.uploads, 'good.jpg'));
  const jobs = await queue.addBulk(['missing.jpg', 'empty.jpg', 'text.jpg', 'folder.jpg', 'a/../../x.jpg'].map(filePath => ({ name: 'generate-variants', data: { imageId: filePath, filePath }, opts: OPTIONS })));
  jobs.push(await queue.add('generate-variants', { imageId: 'blocked', filePath: 'good.jpg' }, OPTIONS));
  for (const { id } of jobs) {
    await until(() => hasFailed(queue, id), `${id} has failed`, 60000);
    const reason = await reasonOf(queue, id);
    assert.ok(!reason.includes(stage.folder), reason);
  }
  assert.ok((await reasonOf(queue, jobs[0].id)).includes("'missing.jpg'"));
  await until(() => events.filter(x => x.type === 'job-failed').length === jobs.length, 'all events came');
  for (const { text } of events) assert.ok(!text.includes(stage.folder), text);
  const rows = JSON.stringify(await stage.get('/api/images'));
  assert.ok(rows.includes('missing.jpg') && !rows.includes(stage.folder), rows);
}));
