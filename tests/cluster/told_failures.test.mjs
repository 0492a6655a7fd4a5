// Jobs that a command of `darkroom` ends or removes: the catalog, BullMQ's clients and the live events say so.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { QueueEvents } from 'bullmq';
import { QUEUE, sleep, staged, until } from './_lib.mjs';

const NOWHERE = ['--main', 'http://127.0.0.1:1'];

/** Runs a command on the stage's catalog that must work; what it says on stderr. */
async function run(stage, ...args) {
  const { code, out, err } = await stage.command(args, { DARKROOM_CATALOG_DATABASE: stage.database });
  assert.equal(code, 0, `${args.join(' ')}: ${out}${err}`);
  return err;
}

/** Makes the catalog, and ends the process that did. */
async function withCatalog(stage) {
  const main = await stage.serve();
  main.kill('SIGTERM');
  await until(() => main.end, 'the main node has ended');
}

const add = (queue, imageId, options) => queue.add('generate-variants', { imageId, filePath: `${imageId}.jpg` }, options);

/** {image: [status, error]} of these images. */
async function statuses(stage) {
  const rows = await stage.sql('select id, status, error from images order by id');
  return Object.fromEntries(rows.map(row => [row.id, [row.status, row.error]]));
}

/** All that a QueueEvents hears of these events, once it listens. */
async function heard(stage, ...names) {
  const events = new QueueEvents(QUEUE, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null } });
  events.on('error', () => {});
  stage.closers.push(() => events.close());
  const all = [];
  for (const name of names) events.on(name, x => all.push({ name, ...x }));
  await events.waitUntilReady();
  await sleep(100); // its first read is on its way
  return all;
}

const failures = live => live.filter(x => x.type === 'job-failed');
const GONE = 'the job was removed';

test('a job that a command cancels fails its picture', staged(async stage => {
  await withCatalog(stage);
  const queue = stage.queue();
  const live = await stage.workerEvents();
  const events = await heard(stage, 'failed');
  const job = await add(queue, 'cat');
  assert.equal(await run(stage, 'job', 'cancel', job.id, ...NOWHERE), '');
  const [status, error] = (await statuses(stage)).cat;
  assert.equal(status, 'failed');
  await until(() => failures(live).length === 1 && events.length === 1, 'both events came');
  const [told] = failures(live);
  assert.equal(told.jobId, job.id);
  assert.equal(told.imageId, 'cat');
  assert.equal(told.error, error);
  assert.deepEqual([events[0].jobId, events[0].failedReason], [job.id, error]);
}));

test('a job that a command removes fails its picture, one that has ended does not', staged(async stage => {
  await withCatalog(stage);
  const queue = stage.queue();
  const live = await stage.workerEvents();
  const events = await heard(stage, 'removed');
  const job = await add(queue, 'cat');
  const other = await queue.add('echo', {});
  for (const { id } of [job, other]) assert.equal(await run(stage, 'job', 'remove', id), '');
  assert.deepEqual(await statuses(stage), { cat: ['failed', GONE] });
  await until(() => failures(live).length === 1 && events.length === 2, 'all events came');
  assert.equal(failures(live)[0].error, GONE);
  assert.deepEqual(events.map(x => x.jobId), [job.id, other.id]);
  const dead = await add(queue, 'dog');
  await run(stage, 'job', 'cancel', dead.id, ...NOWHERE);
  const before = await statuses(stage);
  await run(stage, 'dead', 'purge', '--yes');
  assert.deepEqual(await statuses(stage), before);
}));

test('queue drain, clean and obliterate fail the pictures of what they remove', staged(async stage => {
  await withCatalog(stage);
  const queue = stage.queue();
  const live = await stage.workerEvents();
  const many = Array.from({ length: 1200 }, (_, n) => ({ name: 'generate-variants', data: { imageId: `p${n}`, filePath: `p${n}.jpg` } }));
  await queue.addBulk(many);
  await add(queue, 'late', { delay: 1e6 });
  assert.equal(await run(stage, 'queue', 'drain', '--yes'), '');
  let now = await statuses(stage);
  assert.equal(Object.keys(now).length, 1200);
  assert.ok(Object.values(now).every(([status, error]) => status === 'failed' && error === GONE));
  await until(() => failures(live).length === 1200, 'the web tier knows all');
  await run(stage, 'queue', 'clean', '--state', 'delayed', '--yes');
  assert.deepEqual((await statuses(stage)).late, ['failed', GONE]);
  await add(queue, 'last');
  await run(stage, 'queue', 'obliterate', '--yes');
  assert.deepEqual((await statuses(stage)).last, ['failed', GONE]);
  await until(() => failures(live).length === 1202, 'the web tier knows these, too');
}));

test('without a catalog a command removes all the same, says so, and makes none', staged(async stage => {
  const queue = stage.queue();
  const live = await stage.workerEvents();
  await queue.addBulk([1, 2, 3].map(n => ({ name: 'generate-metadata', data: { imageId: `p${n}`, filePath: 'p.jpg' } })));
  const said = await run(stage, 'queue', 'drain', '--yes');
  assert.match(said, /^darkroom: .*3 jobs.*there is no catalog .*darkroom\.db\n$/);
  assert.equal(await queue.count(), 0);
  assert.ok(!fs.existsSync(stage.database));
  assert.deepEqual(fs.readdirSync(path.dirname(stage.database)).filter(name => name.startsWith('darkroom.db')), []);
  await until(() => failures(live).length === 3, 'the web tier knows all the same');
  const quiet = await queue.add('echo', {});
  assert.equal(await run(stage, 'job', 'remove', quiet.id), '', 'of a job without a picture there is nothing to tell');
}));
