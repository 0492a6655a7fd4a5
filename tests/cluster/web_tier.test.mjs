// deploy/web-tier, an unchanged web tier, with Darkroom in the place of its
// worker: its own tables, its queue, its events.
//
// PICTURES=40 tests/cluster/run web_tier    so many uploads
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { EventSource } from 'eventsource';
import { ROOT, staged, until } from './_lib.mjs';
import { Postgres } from './_postgres.mjs';

const run = promisify(execFile);
const PICTURES = Number(process.env.PICTURES || 4);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const FILES = ['lg.avif', 'lg.webp', 'md.avif', 'md.webp', 'sm.avif', 'sm.webp'];

/** Starts the web tier on a copy of its folder, so that it finds tests/node_modules. */
async function webTier(stage, url) {
  const folder = path.join(stage.folder, 'web-tier');
  fs.cpSync(path.join(ROOT, 'deploy/web-tier'), folder, { recursive: true, filter: name => !name.includes('node_modules') });
  fs.symlinkSync(path.join(ROOT, 'tests/node_modules'), path.join(folder, 'node_modules'));
  const env = { ...stage.env(), DATABASE_URL: url, UPLOADS: stage.uploads, REDIS_URL: stage.redisUrl, PORT: '0' };
  const proc = stage.start('web tier', process.execPath, ['server.mjs'], { cwd: folder, env });
  const web = (await proc.line('web tier at ')).slice('web tier at '.length).trim();
  const events = [];
  const source = new EventSource(`${web}/events`);
  stage.closers.push(() => source.close());
  source.addEventListener('worker-event', x => events.push(JSON.parse(x.data)));
  await until(() => source.readyState === EventSource.OPEN, 'the web tier sends events');
  const upload = async (name = 'tiny.jpg') => {
    const answer = await fetch(`${web}/images?name=${name}`, { method: 'POST', body: fs.readFileSync(path.join(ROOT, 'tests/pictures', name)) });
    assert.equal(answer.status, 201);
    return answer.json();
  };
  const show = async id => (await fetch(`${web}/images/${id}`)).json();
  return { events, upload, show };
}

/** What the worker of the system that Darkroom replaces writes of a picture: see docs/web-tier.md. */
function seedRows(image, metadata, isText) {
  const json = value => isText ? JSON.stringify(value) : value;
  return {
    image: { id: image.id, filePath: image.filePath, status: 'completed', error: null, createdAt: image.createdAt },
    metadata: {
      imageId: image.id,
      description: metadata.description,
      detailedDescription: metadata.detailedDescription,
      tags: json(metadata.tags),
      categories: json(metadata.categories),
      objects: json(metadata.objects),
      colors: json(metadata.colors),
      mood: metadata.mood,
      style: metadata.style,
      composition: json(metadata.composition),
      searchableText: metadata.searchableText,
      model: metadata.model,
    },
    variants: FILES.map(name => ({ imageId: image.id, variantType: name.slice(0, 2), format: name.slice(3) })),
  };
}

/** The same with JSON parsed: the order of members is nobody's promise. */
const parsed = row => Object.fromEntries(Object.entries(row).map(([key, value]) =>
  [key, typeof value === 'string' && /^[[{]/.test(value) ? JSON.parse(value) : value]));

function checkRows(stage, shown, image, metadata, isText) {
  const { metadata: described, variants, updatedAt, processedAt, ...row } = shown;
  const wanted = seedRows(image, metadata, isText);
  assert.deepEqual(row, wanted.image);
  const [from, to] = [Date.parse(image.createdAt) - 1000, Date.now() + 1000];
  const { id, generatedAt, ...words } = described;
  assert.deepEqual(parsed(words), parsed(wanted.metadata));
  for (const name of ['tags', 'colors']) assert.equal(typeof words[name], isText ? 'string' : 'object', name);
  assert.match(id, UUID);
  for (const time of [updatedAt, processedAt, generatedAt, ...variants.map(x => x.createdAt)])
    assert.ok(Date.parse(time) >= from && Date.parse(time) <= to, `${time} is now`);
  const sorted = [...variants].sort((x, y) => `${x.variantType}.${x.format}`.localeCompare(`${y.variantType}.${y.format}`));
  assert.deepEqual(sorted.map(({ imageId, variantType, format }) => ({ imageId, variantType, format })), wanted.variants);
  for (const x of variants) {
    assert.match(x.id, UUID);
    assert.ok(x.width > 0 && x.height > 0);
    assert.equal(fs.statSync(path.join(stage.uploads, x.filePath)).size, x.fileSize, x.filePath);
  }
}

/** Uploads, kills, and what the tables have in the end. */
async function flow(stage, url, env, isText) {
  const web = await webTier(stage, url);
  const own = { DARKROOM_CATALOG_DATABASE: '', DATABASE_URL: url, DARKROOM_CATALOG_TABLES: 'adopt', ...env };
  const doctor = await stage.command(['doctor'], own);
  assert.match(doctor.out, /web tier's tables +each column is there/, doctor.out + doctor.err);
  let main = await stage.serve(own);
  await stage.work('worker-1');
  const queue = stage.queue();
  const allDone = count => until(async () => {
    const counts = await queue.getJobCounts();
    assert.equal(counts.failed, 0, JSON.stringify((await queue.getFailed(0, 0))[0]?.failedReason));
    return counts.completed === 3 * count;
  }, `${3 * count} jobs are completed`, 60000, 50);

  // The web tier says itself that jobs are queued: ours stops after the first.
  const images = [await web.upload()];
  await allDone(1);
  await until(() => main.out.includes('another program publishes job-queued'), 'Darkroom hears the web tier');
  images.push(await web.upload());
  await allDone(2);
  const queued = web.events.filter(x => x.type === 'job-queued' && String(x.imageId) === String(images[1].id));
  assert.equal(new Set(queued.map(x => x.jobId)).size, 3);
  assert.equal(queued.length, 3, 'each job is announced once');
  assert.equal(main.out.split('another program publishes job-queued').length, 2, 'and the log says why once');

  // A worker and the main node die amid the jobs.
  images.push(...await Promise.all(Array.from({ length: PICTURES }, () => web.upload())));
  await until(async () => await queue.getCompletedCount() > 7, 'some are done', 30000, 5);
  stage.procs.find(x => x.label === 'worker-1').kill('SIGKILL');
  await stage.work('worker-2');
  main.kill('SIGKILL');
  await main.within(5000);
  main = await stage.serve(own);
  await allDone(images.length);

  const jobs = await queue.getCompleted(0, -1);
  for (const image of images) {
    const chained = jobs.filter(job => job.name === 'generate-embeddings' && job.data.imageId === String(image.id));
    assert.equal(chained.length, 1);
    await until(async () => (await web.show(image.id)).status === 'completed', `image ${image.id} is completed`);
    checkRows(stage, await web.show(image.id), image, chained[0].data.metadata, isText);
  }
  for (const type of ['job-active', 'job-progress', 'job-completed']) assert.ok(web.events.some(x => x.type === type), type);

  // A final failure is the image's, and leaves its path alone.
  await queue.add('generate-variants', { imageId: images[0].id, filePath: '/nowhere.jpg' }, { attempts: 1 });
  const failed = await until(async () => {
    const shown = await web.show(images[0].id);
    return shown.status === 'failed' && shown;
  }, 'the image has failed');
  assert.equal(failed.filePath, images[0].filePath);
  assert.ok(failed.error.includes('nowhere.jpg') && !failed.error.includes(stage.folder), failed.error);
  assert.equal(failed.variants.length, 6);
  return { web, main, queue, images, own };
}

test('the web tier on SQLite', staged(async stage => {
  const url = `file:${path.join(stage.folder, 'app.db')}`;
  const { main, own } = await flow(stage, url, {}, true);
  main.kill('SIGTERM');
  await main.within(30000);
  // Without "adopt" nobody takes these tables for Darkroom's.
  const wrong = { ...own, DARKROOM_CATALOG_TABLES: 'own' };
  const refused = stage.darkroom('refused', ['serve'], { REDIS_URL: stage.redisUrl, DARKROOM_HTTP_PORT: '0', DARKROOM_CLUSTER_PORT: '0', ...wrong });
  await until(() => refused.end, 'serve refuses', 20000);
  for (const told of [refused.out, (await stage.command(['doctor'], wrong)).out])
    assert.match(told, /has a table 'images' that Darkroom did not make/);
  const missing = { ...own, DATABASE_URL: `file:${path.join(stage.folder, 'other.db')}` };
  assert.match((await stage.command(['doctor'], missing)).out, /other\.db' cannot be written/);
  assert.ok(!fs.existsSync(path.join(stage.folder, 'other.db')));
}));

test('the web tier on PostgreSQL, whose ids are numbers', staged(async stage => {
  const postgres = await Postgres.start(stage);
  const { own } = await flow(stage, postgres.url, { DARKROOM_CATALOG_SCHEMA: 'darkroom' }, false);
  const alter = sql => run('psql', ['-X', '-q', '-d', postgres.url, '-c', sql]);
  await alter('ALTER TABLE images DROP COLUMN error');
  const doctor = await stage.command(['doctor'], own);
  const advice = /ALTER TABLE .*"images" ADD COLUMN "error" TEXT/.exec(doctor.out)?.[0];
  assert.ok(advice, doctor.out);
  await alter(advice);
  assert.match((await stage.command(['doctor'], own)).out, /each column is there/);
  const odd = await stage.command(['doctor'], { ...own, DATABASE_URL: `${postgres.url}&shema=app` });
  assert.match(odd.out, /invalid URI query parameter: "shema"/);
}));

test('without a catalog the results are in return values and files', staged(async stage => {
  const main = await stage.solo({ DARKROOM_CATALOG_TABLES: 'off' });
  fs.copyFileSync(path.join(ROOT, 'tests/pictures/tiny.jpg'), path.join(stage.uploads, 'tiny.jpg'));
  const queue = stage.queue();
  const data = { imageId: 42, filePath: '/tiny.jpg' };
  await queue.addBulk(['generate-metadata', 'generate-variants'].map(name => ({ name, data })));
  const jobs = await until(async () => {
    const done = await queue.getCompleted(0, -1);
    return done.length === 3 && Object.fromEntries(done.map(job => [job.name, job.returnvalue]));
  }, 'all jobs are completed', 30000);
  assert.equal(jobs['generate-metadata'].imageId, '42');
  assert.ok(jobs['generate-metadata'].metadata.description);
  assert.equal(jobs['generate-embeddings'].embedding.length, jobs['generate-embeddings'].dimensions);
  const files = jobs['generate-variants'].variants;
  assert.deepEqual(files.map(x => `${x.variantType}.${x.format}`).sort(), FILES);
  for (const x of files) assert.equal(fs.statSync(path.join(stage.uploads, x.filePath)).size, x.fileSize);
  assert.ok(!fs.existsSync(stage.database));
  for (const [method, target] of [['GET', '/api/images'], ['POST', '/api/images'], ['DELETE', '/api/images/42']]) {
    const answer = await fetch(stage.url + target, { method, body: method === 'POST' ? 'x' : undefined });
    assert.equal(answer.status, 409, `${method} ${target}`);
    assert.equal((await answer.json()).error.code, 'no_catalog');
  }
  const token = await stage.command(['token', 'create', '--role', 'admin'], { DARKROOM_CATALOG_TABLES: 'off' });
  assert.match(token.err, /there is no catalog/);

  // Without a file there is a name for the vector all the same.
  const job = await queue.add('generate-embeddings', { imageId: 'n', metadata: { searchableText: 'a dog' } });
  await until(async () => await job.getState() === 'completed', 'an embedding without a file');
  const odd = await queue.add('generate-variants', { imageId: 'm', filePath: 'none.jpg' }, { attempts: 2, backoff: 1 });
  await until(async () => await odd.getState() === 'failed', 'it has failed');
  const tries = main.out.split('\n').filter(line => line.includes(`job ${odd.id} `));
  assert.equal(tries.length, 2, tries.join('\n'));
}));
