// The catalog in PostgreSQL: several main nodes write it, and it goes away.
//
// ROUNDS=20 tests/cluster/run postgres    so many kills of the active main node
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT, sleep, staged, until } from './_lib.mjs';
import { pair } from './_mains.mjs';
import { Postgres } from './_postgres.mjs';

const ROUNDS = Number(process.env.ROUNDS || 3);
const BACK_MS = 3000; // from PostgreSQL's first answer to the first new row
const PICTURE = 'tiny.jpg'; // encoding is not what is tested
const WORKER = { DARKROOM_WORKER_CONCURRENCY: '4' };

/** Adds the jobs of so many pictures. */
async function addImages(stage, queue, prefix, count) {
  const original = path.join(stage.uploads, PICTURE);
  if (!fs.existsSync(original)) fs.copyFileSync(path.join(ROOT, 'tests/pictures', PICTURE), original); // once: workers read it
  const opts = { attempts: 3, backoff: { type: 'exponential', delay: 2000 } };
  const ids = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  await queue.addBulk(ids.flatMap(imageId => ['generate-metadata', 'generate-variants'].map(name => ({ name, data: { imageId, filePath: PICTURE }, opts }))));
  return ids;
}

const completed = (queue, images) => until(async () => {
  const counts = await queue.getJobCounts();
  const [failed] = await queue.getFailed(0, 0);
  if (counts.completed !== 3 * images.length) throw new Error(JSON.stringify({ ...counts, why: failed?.failedReason }));
  return true;
}, `all ${3 * images.length} jobs are completed`, 60000, 100);

/** Each image has its rows once, each job was done once, at its first attempt. */
async function onceEach(stage, postgres, queue, images) {
  assert.equal(await queue.getFailedCount(), 0);
  const done = (await stage.stream()).filter(row => row.event === 'completed').map(row => row.jobId);
  assert.equal(done.length, 3 * images.length);
  assert.equal(new Set(done).size, done.length, 'no job completed twice');
  for (const job of await queue.getCompleted(0, -1)) {
    assert.equal(job.attemptsMade, 1, `attempts of job ${job.id}`);
    assert.equal(job.stalledCounter, 0, `stalls of job ${job.id}`);
  }
  const sorted = [...images].sort();
  const rows = await postgres.sql('select id, status, error, processed_at is not null as processed from images order by id');
  assert.deepEqual(rows, sorted.map(id => ({ id, status: 'completed', error: null, processed: true })));
  const counts = await postgres.sql(`select i.id,
    (select count(*) from image_parts p where p.image_id = i.id and p.status = 'completed') as parts,
    (select count(*) from image_metadata m where m.image_id = i.id) as metadata,
    (select count(*) from image_variants v where v.image_id = i.id) as variants,
    (select count(*) from embeddings e where e.id = i.id and length(e.vector) = 4 * e.dimensions) as embeddings
    from images i order by i.id`);
  assert.deepEqual(counts, sorted.map(id => ({ id, parts: 3, metadata: 1, variants: 6, embeddings: 1 })));
  for (const { file_path: file, file_size: size } of await postgres.sql('select file_path, file_size from image_variants'))
    assert.equal(fs.statSync(path.join(stage.uploads, file)).size, size, file);
  assert.deepEqual(stage.files().filter(name => path.basename(name).startsWith('.')), [], 'nothing staged is left');
}

test(`kill -9 of the active main node under load ${ROUNDS} times: each image has its rows once`, staged(async stage => {
  const postgres = await Postgres.start(stage);
  const { a, b, start, becomes, use, env } = await pair(stage, { DARKROOM_CATALOG_DATABASE: '', DATABASE_URL: postgres.url });
  for (const name of ['worker-1', 'worker-2']) await stage.work(name, { ...env, ...WORKER });
  const queue = stage.queue();
  const images = [];
  let [active, standby] = [a, b];
  for (let round = 0; round < ROUNDS; ++round) {
    images.push(...await addImages(stage, queue, `round${round}`, 12));
    const before = await queue.getCompletedCount();
    await until(async () => await queue.getCompletedCount() >= before + 2 + round, 'some are done', 30000, 5);
    active.proc.kill('SIGKILL');
    await active.proc.within(2000);
    await becomes(standby, 'active');
    use(standby);
    await becomes(start(active), 'standby');
    [active, standby] = [standby, active];
  }
  await completed(queue, images);
  await onceEach(stage, postgres, queue, images);
  assert.equal((await stage.get('/api/images?limit=500')).total, images.length);
}));

/** PostgreSQL goes by `leave` for `away` ms and comes back by `back`, under load. */
const outage = ({ leave, back, away }) => staged(async (stage, t) => {
  const postgres = await Postgres.start(stage);
  const main = await stage.serve({ DARKROOM_CATALOG_DATABASE: postgres.url });
  for (const name of ['worker-1', 'worker-2']) await stage.work(name, WORKER);
  const queue = stage.queue();
  const images = await addImages(stage, queue, 'before', 15);
  await until(async () => await queue.getCompletedCount() >= 5, 'some are done', 30000, 5);
  await leave(postgres);
  images.push(...await addImages(stage, queue, 'while', 5));
  await sleep(away);
  const refused = await fetch(`${stage.url}/api/images`);
  assert.equal(refused.status, 503);
  assert.equal((await refused.json()).error.code, 'catalog_unavailable');
  const upload = await fetch(`${stage.url}/api/images?name=${PICTURE}`, { method: 'POST', body: fs.readFileSync(path.join(stage.uploads, PICTURE)) });
  assert.equal(upload.status, 503);
  assert.ok(await queue.getWaitingCount() + await queue.getActiveCount() > 0, 'there is work left');
  const active = await queue.getActiveCount();
  assert.ok(active <= 16, `${active} active: one job a slot waits for the catalog, and one runs or has run`);
  await stage.get('/api/queue'); // is served
  const before = await queue.getCompletedCount();
  await back(postgres);
  const returned = Date.now();
  await until(async () => await queue.getCompletedCount() > before, 'a result is stored', 15000, 5);
  const took = Date.now() - returned;
  t.diagnostic(`first result stored ${took} ms after PostgreSQL was back`);
  assert.ok(took <= BACK_MS, `it took ${took} ms`);
  await until(async () => (await fetch(`${stage.url}/api/images`)).ok, 'images are listed again', BACK_MS);
  await completed(queue, images);
  await onceEach(stage, postgres, queue, images);
  assert.equal(main.end, null, 'nobody was started again');
  for (const actor of (await stage.get('/api/nodes')).main.actors) assert.equal(actor.restarts, 0, `${actor.name} was not restarted`);
});

test('PostgreSQL is killed and comes back after 3 s: no job fails', outage({
  away: 3000,
  leave: postgres => postgres.down('SIGKILL'),
  back: postgres => postgres.up(),
}));

test('PostgreSQL is shut down and started again', outage({
  away: 500,
  leave: postgres => postgres.down('SIGINT'),
  back: postgres => postgres.up(),
}));

test('PostgreSQL is frozen for longer than a statement may take', outage({
  away: 9000,
  leave: postgres => postgres.freeze(),
  back: postgres => postgres.thaw(),
}));

test('a main node starts while PostgreSQL is away, and not where it is not let in', staged(async stage => {
  const postgres = await Postgres.start(stage);
  const wrong = stage.darkroom('wrong', ['serve'], { REDIS_URL: stage.redisUrl, DATABASE_URL: postgres.url.replace('darkroom@', 'nobody:word@'), DARKROOM_CLUSTER_PORT: '0', DARKROOM_HTTP_PORT: '0' });
  assert.equal((await wrong.within(20000)).code, 1);
  assert.match(wrong.out, /check user and password/);
  assert.match(wrong.out, /nobody:\*\*\*\*@/);
  assert.doesNotMatch(wrong.out, /word@/);
  await postgres.down('SIGINT');
  const main = await stage.serve({ DARKROOM_CATALOG_DATABASE: postgres.url.replace('darkroom@', 'darkroom:word@') });
  assert.equal((await fetch(`${stage.url}/api/images`)).status, 503);
  await postgres.up();
  await stage.work('worker-1', WORKER);
  const queue = stage.queue();
  const images = await addImages(stage, queue, 'late', 2);
  await completed(queue, images);
  await onceEach(stage, postgres, queue, images);
  assert.doesNotMatch(main.out, /word@/);
}));

test('the doctor looks into PostgreSQL', staged(async stage => {
  const postgres = await Postgres.start(stage);
  const doctor = async more => {
    const { out } = await stage.command(['doctor', '--json'], { DATABASE_URL: postgres.url, ...more });
    return Object.fromEntries(JSON.parse(out).checks.filter(x => x.check.startsWith('catalog')).map(x => [x.check, x]));
  };
  const fresh = await doctor();
  assert.equal(fresh.catalog.level, 'ok', JSON.stringify(fresh));
  assert.match(fresh.catalog.text, /writable, PostgreSQL \d+/);
  assert.match(fresh['catalog schema'].text, /version 0; a main node brings them to \d+/);
  assert.equal(fresh['catalog durability'].level, 'warn', 'fsync is off here');
  assert.equal((await postgres.sql("select to_regclass('images') as x"))[0].x, null, 'it changes nothing');
  await stage.serve({ DARKROOM_CATALOG_DATABASE: postgres.url });
  assert.match((await doctor())['catalog schema'].text, /version \d+$/);
  const nowhere = await doctor({ DATABASE_URL: postgres.url.replace('/darkroom?', '/nowhere?').replace('darkroom@', 'darkroom:word@') });
  assert.equal(nowhere.catalog.level, 'FAIL');
  assert.doesNotMatch(JSON.stringify(nowhere), /word@/);
  await postgres.down('SIGKILL');
  assert.equal((await doctor()).catalog.level, 'FAIL');
}));
