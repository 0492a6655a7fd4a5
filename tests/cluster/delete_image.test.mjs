// DELETE /api/images/{id}: nothing stays, and nothing comes back.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'bullmq';
import { Postgres } from './_postgres.mjs';
import { QUEUE, SAMPLES, sleep, staged, until } from './_lib.mjs';

const PICTURE = path.join(SAMPLES, 'life.webp');
const TABLES = ['images', 'image_parts', 'image_metadata', 'image_variants', 'image_marks', 'image_words', 'image_bytes', 'job_outbox'];

async function remove(stage, id) {
  const answer = await fetch(`${stage.url}/api/images/${encodeURIComponent(id)}`, { method: 'DELETE' });
  return { status: answer.status, body: await answer.json() };
}

async function upload(stage, query = '') {
  const answer = await fetch(`${stage.url}/api/images${query}`, { method: 'POST', body: fs.readFileSync(PICTURE) });
  assert.equal(answer.status, 201);
  return answer.json();
}

async function rows(stage) {
  const counts = {};
  for (const table of TABLES) counts[table] = (await stage.sql(`select count(*) as n from ${table}`))[0].n;
  counts.embeddings = (await stage.sql('select count(*) as n from embeddings'))[0].n;
  return counts;
}

const NOTHING = { ...Object.fromEntries(TABLES.map(table => [table, 0])), embeddings: 0 };

test('a deleted image leaves no row, file, vector or job', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const { imageId } = await upload(stage);
  await until(async () => (await stage.get(`/api/images/${imageId}`)).status === 'completed', 'the image is done', 60000);
  await until(async () => (await rows(stage)).embeddings === 1 && stage.files().length > 2, 'it has a vector, an original and its variants', 60000);
  await until(async () => await stage.queue().getActiveCount() === 0, 'its jobs have ended', 60000);
  const gone = await remove(stage, imageId);
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  assert.deepEqual(gone.body, { imageId, deleted: true, jobsRemoved: [], jobsStopping: [], jobsLeft: [] });
  assert.deepEqual(await rows(stage), NOTHING);
  assert.deepEqual(stage.files(), []);
  assert.equal((await fetch(`${stage.url}/api/images/${imageId}`)).status, 404);
  assert.equal((await remove(stage, imageId)).status, 200, 'once more: it is still gone');
  assert.equal((await remove(stage, 'nobody')).status, 404);
  const again = await upload(stage);
  assert.notEqual(again.imageId, imageId, 'its bytes are new again');
}));

test('jobs that wait go with the image, and no others', staged(async stage => {
  await stage.serve(); // no worker: all wait
  const queue = stage.queue();
  const { imageId, jobs, filePath } = await upload(stage);
  const data = { imageId, filePath };
  const mine = [
    await queue.add('generate-variants', data, { delay: 1e6 }),
    await queue.add('generate-variants', data, { priority: 5 }),
  ];
  const others = [
    await queue.add('generate-variants', { imageId: `${imageId}x`, filePath }),
    await queue.add('generate-variants', { imageId: 'other', filePath: `originals/${imageId}.webp` }),
  ];
  const { status, body } = await remove(stage, imageId);
  assert.equal(status, 200);
  assert.deepEqual(body.jobsRemoved.sort(), [...jobs, ...mine].map(job => job.id).sort());
  for (const { id } of mine) assert.equal(await queue.getJob(id), undefined);
  for (const { id } of others) assert.ok(await queue.getJob(id));
}));

test('a run that fails as its picture goes leaves no job for another attempt', staged(async stage => {
  await stage.serve();
  const { imageId, filePath, jobs } = await upload(stage);
  const worker = new Worker(QUEUE, async () => { // sees what a worker sees
    while (fs.existsSync(path.join(stage.uploads, filePath))) await sleep(2);
    throw new Error('there is no picture');
  }, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null }, concurrency: 2 });
  try {
    const queue = stage.queue();
    await until(async () => await queue.getActiveCount() === 2, 'both jobs run');
    const { status, body } = await remove(stage, imageId);
    assert.equal(status, 200);
    assert.deepEqual(body.jobsRemoved.sort(), jobs.map(job => job.id).sort());
    assert.equal(await queue.getDelayedCount(), 0);
  } finally {
    await worker.close();
  }
}));

test('jobs that another program runs or a scheduler keeps are named', staged(async stage => {
  await stage.serve();
  const { imageId, filePath, jobs } = await upload(stage);
  let end;
  const ended = new Promise(resolve => (end = resolve));
  const worker = new Worker(QUEUE, () => ended, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null }, concurrency: 2 });
  try {
    const queue = stage.queue();
    await until(async () => await queue.getActiveCount() === 2, 'both jobs run');
    const next = await queue.upsertJobScheduler('again', { every: 3600000, startDate: Date.now() + 3600000 }, { name: 'generate-metadata', data: { imageId, filePath } });
    const { status, body } = await remove(stage, imageId);
    assert.equal(status, 200);
    assert.deepEqual(body.jobsLeft.sort(), [...jobs, next].map(job => job.id).sort());
    assert.deepEqual([...body.jobsRemoved, ...body.jobsStopping], []);
    assert.ok(await queue.getJob(next.id));
  } finally {
    end();
    await worker.close();
  }
}));

const SPELLINGS = {
  'a dot': id => `./originals/${id}.webp`,
  'two slashes': id => `originals//${id}.webp`,
  'a link': (id, stage) => {
    fs.symlinkSync(`originals/${id}.webp`, path.join(stage.uploads, 'link.webp'));
    return 'link.webp';
  },
  'a linked folder': (id, stage) => {
    fs.symlinkSync('originals', path.join(stage.uploads, 'other'));
    return `other/${id}.webp`;
  },
};

for (const [what, spelling] of Object.entries(SPELLINGS))
  test(`an upload stays when an image is deleted that names it with ${what}`, staged(async stage => {
    await stage.serve();
    await stage.work('worker-1');
    const { imageId, filePath } = await upload(stage);
    await stage.queue().add('generate-metadata', { imageId: 'two', filePath: spelling(imageId, stage) });
    await until(async () => (await stage.get('/api/images?status=completed')).total === 2, 'both are done', 60000);
    assert.equal((await remove(stage, 'two')).status, 200);
    assert.equal((await fetch(`${stage.url}/files/${filePath}`)).status, 200);
    assert.equal((await remove(stage, imageId)).status, 200);
    assert.deepEqual(stage.files(), []);
  }));

test('a variant that another image has as its original is not deleted with it', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const { imageId } = await upload(stage);
  await until(async () => (await stage.get(`/api/images/${imageId}`)).status === 'completed', 'it is done', 60000);
  const filePath = `variants/${imageId}/lg.webp`;
  await until(async () => (await stage.get(`/api/images/${imageId}`)).variants.length === 6, 'it has its variants', 60000);
  await stage.queue().add('generate-metadata', { imageId: 'two', filePath });
  await until(async () => (await stage.get('/api/images?status=completed')).total === 2, 'both are done', 60000);
  assert.equal((await remove(stage, 'two')).status, 200);
  assert.ok(stage.files().includes(filePath));
  await stage.queue().add('generate-metadata', { imageId: 'three', filePath });
  await until(async () => (await stage.get('/api/images?status=completed')).total === 2, 'both are done', 60000);
  assert.equal((await remove(stage, imageId)).status, 200);
  assert.deepEqual(stage.files(), [filePath]);
}));

test('the bytes of an upload go with its image whatever file that has by now', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const { imageId, filePath } = await upload(stage);
  await until(async () => (await stage.get(`/api/images/${imageId}`)).status === 'completed', 'it is done', 60000);
  fs.copyFileSync(path.join(SAMPLES, 'life.webp'), path.join(stage.uploads, 'green.webp'));
  await stage.queue().add('generate-metadata', { imageId, filePath: 'green.webp' });
  await until(async () => (await stage.get(`/api/images/${imageId}`)).filePath === 'green.webp', 'it has another file', 60000);
  const again = await upload(stage);
  assert.notEqual(again.imageId, imageId, 'no image has these bytes');
  assert.equal((await remove(stage, imageId)).status, 200);
  assert.ok(!stage.files().includes(filePath));
}));

test('an original that two images share stays until the second is deleted', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  fs.copyFileSync(PICTURE, path.join(stage.uploads, 'shared.webp'));
  const queue = stage.queue();
  for (const imageId of ['a/1', 'b']) await queue.add('generate-metadata', { imageId, filePath: 'shared.webp' });
  await until(async () => (await stage.get('/api/images?status=completed')).total === 2, 'both are done', 60000);
  assert.equal((await stage.get('/api/images/a%2F1')).imageId, 'a/1');
  assert.equal((await remove(stage, 'a/1')).status, 200);
  assert.ok(stage.files().includes('shared.webp'));
  assert.equal((await remove(stage, 'b')).status, 200);
  assert.deepEqual(stage.files(), []);
}));

/** Deletes an image again and again while its jobs run. */
async function whileItRuns(stage, count) {
  const queue = stage.queue();
  const ids = [];
  for (let i = 0; i < 8; ++i) {
    const { imageId } = await upload(stage, '?duplicate=allow');
    ids.push(imageId);
    if (i % 2 === 0) await until(async () => await queue.getActiveCount() > 0, 'a job runs', 15000, 2);
    assert.equal((await remove(stage, imageId)).status, 200);
  }
  await until(async () => {
    const { active, waiting, delayed } = await queue.getJobCounts('active', 'waiting', 'delayed');
    return active + waiting + delayed === 0;
  }, 'no job is left', 60000);
  assert.equal((await stage.get('/api/images')).total, 0, 'none came back');
  assert.equal(await count('images'), 0);
  assert.equal(await count('embeddings'), 0);
  assert.deepEqual(stage.files().filter(name => ids.some(id => name.includes(id))), []);
}

test('what runs is stopped, and brings nothing back', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  await whileItRuns(stage, async table => (await stage.sql(`select count(*) as n from ${table}`))[0].n);
}));

test('what runs is stopped on PostgreSQL, too', staged(async stage => {
  const postgres = await Postgres.start(stage);
  await stage.serve({ DARKROOM_CATALOG_DATABASE: postgres.url });
  await stage.work('worker-1');
  await whileItRuns(stage, async table => (await postgres.sql(`select count(*) as n from ${table}`))[0].n);
}));

test('a picture whose job is removed before it ran is failed, not pending for ever', staged(async stage => {
  await stage.serve();
  const { imageId, jobs } = await upload(stage);
  const part = async name => (await stage.get(`/api/images/${imageId}`)).parts[name];
  const [metadata, variants] = jobs;
  assert.equal((await fetch(`${stage.url}/api/jobs/${metadata.id}`, { method: 'DELETE' })).status, 200);
  assert.equal((await fetch(`${stage.url}/api/jobs/${variants.id}/cancel`, { method: 'POST' })).status, 200);
  assert.deepEqual([(await part('metadata')).status, (await part('metadata')).error], ['failed', 'the job was removed']);
  assert.equal((await part('variants')).status, 'failed');
  await stage.work('worker-1');
  const queue = stage.queue();
  const { filePath } = await stage.get(`/api/images/${imageId}`);
  const job = await queue.add('generate-metadata', { imageId, filePath });
  await until(async () => (await part('metadata')).status === 'completed', 'a later job mends it', 30000);
  assert.equal((await fetch(`${stage.url}/api/jobs/${job.id}`, { method: 'DELETE' })).status, 200);
  assert.equal((await part('metadata')).status, 'completed', 'a job that has ended leaves what it made');
}));

test('without the catalog no job of a picture is removed or cancelled', staged(async stage => {
  const postgres = await Postgres.start(stage);
  await stage.serve({ DARKROOM_CATALOG_DATABASE: postgres.url });
  const { jobs } = await upload(stage);
  await postgres.down('SIGKILL');
  for (const [target, method] of [['', 'DELETE'], ['/cancel', 'POST']])
    assert.equal((await fetch(`${stage.url}/api/jobs/${jobs[0].id}${target}`, { method })).status, 503);
  assert.equal(await stage.queue().getWaitingCount(), 2);
  await postgres.up();
  await until(async () => (await fetch(`${stage.url}/api/jobs/${jobs[0].id}`, { method: 'DELETE' })).status === 200, 'it is removed');
}));

test('without Redis nothing is deleted', staged(async stage => {
  await stage.serve();
  const { imageId } = await upload(stage);
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  const { status, body } = await remove(stage, imageId);
  assert.equal(status, 503);
  assert.match(body.error.message, /nothing was deleted/);
  assert.equal((await stage.get(`/api/images/${imageId}`)).imageId, imageId);
}));
