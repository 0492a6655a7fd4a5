// Pictures in a bucket: nothing but the network is shared. The worker's uploads
// folder does not exist, and the main node's is empty after each upload.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { ROOT, sleep, staged, until } from './_lib.mjs';
import { Bucket } from './_s3.mjs';

const KILLS = Number(process.env.KILLS || 2);
const SMALL = fs.readFileSync(path.join(ROOT, 'tests/pictures/tiny.jpg'));
const PHOTO = fs.readFileSync(path.join(ROOT, 'tests/pictures/coffee.jpg'));
const opts = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };

async function upload(stage, bytes, query = '') {
  const answer = await fetch(`${stage.url}/api/images${query}`, { method: 'POST', body: bytes });
  return { status: answer.status, body: await answer.json() };
}

/** A picture may be completed before its variants are. */
const done = (stage, id) => until(async () => {
  const answer = await fetch(`${stage.url}/api/images/${id}`);
  const { status, variants = [] } = await answer.json();
  return status === 'completed' && variants.length === 6;
}, `${id} is completed, with its variants`, 60000);

/** The rows' files of an image, and that all are whole and of the rows' size. */
async function wholeFiles(stage, bucket, id) {
  const rows = await stage.sql(`select file_path, file_size, width, format from image_variants where image_id = '${id}'`);
  assert.equal(rows.length, 6, `${id} has its variants`);
  const files = [...new Set(rows.map(x => x.file_path))].sort();
  for (const file of files) {
    const bytes = await bucket.get(file);
    const row = rows.find(x => x.file_path === file);
    assert.equal(bytes.length, row.file_size, file);
    assert.equal((await sharp(bytes).metadata()).width, row.width, file);
    await sharp(bytes).raw().toBuffer();
  }
  return files;
}

/** A job of the web tier, to its end. */
async function run(stage, queue, imageId, filePath) {
  const job = await queue.add('generate-variants', { imageId, filePath }, opts);
  await until(async () => ['completed', 'failed'].includes(await job.getState()), `the variants of ${imageId} are settled`, 60000);
  return queue.getJob(job.id);
}

async function serve(stage, bucket) {
  const env = bucket.env({ DARKROOM_STORAGE_UPLOADS: path.join(stage.folder, 'aside'), DARKROOM_IMAGING_REUSE_RESULTS: 'true' });
  await stage.serve({ ...env, DARKROOM_FSCK_EVERY: '1s', DARKROOM_FSCK_SAMPLE: '2' }); // pages of two objects
  const start = (name, more = {}) => stage.work(name, {
    ...env, DARKROOM_STORAGE_UPLOADS: path.join(stage.folder, 'none'), DARKROOM_STORAGE_S3_TIMEOUT: '4s', ...more,
  });
  return { env, start };
}

test('pictures live in the bucket alone', staged(async (stage, t) => {
  const bucket = await new Bucket(stage).start();
  const { env, start } = await serve(stage, bucket);
  await start('worker-1');
  const marks = bucket.seen.filter(x => x.includes('darkroom.main.'));
  assert.match(marks.join(), /^PUT (darkroom\.main\.[0-9a-f]{16})(,GET \1)+$/, 'the worker reads what the main node left');
  const queue = stage.queue();
  let first;

  await t.test('an upload goes there, and its variants', async () => {
    const { status, body } = await upload(stage, PHOTO);
    assert.equal(status, 201, JSON.stringify(body));
    first = body.imageId;
    await done(stage, first);
    const files = await wholeFiles(stage, bucket, first);
    assert.deepEqual(await bucket.keys(), [body.filePath, ...files].sort());
    assert.deepEqual(await bucket.get(body.filePath), PHOTO);
    assert.deepEqual(fs.readdirSync(path.join(stage.folder, 'aside', 'originals')), []);
    assert.ok(!fs.existsSync(path.join(stage.folder, 'none')), 'the worker made no folder');
  });

  await t.test('/files redirects to links that work', async () => {
    const { file_path: file } = (await stage.sql(`select file_path from image_variants where image_id = '${first}' and format = 'webp'`))[0];
    const answer = await fetch(`${stage.url}/files/${file}`, { redirect: 'manual' });
    assert.equal(answer.status, 307);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const got = await fetch(answer.headers.get('location'));
    assert.equal(got.headers.get('content-type'), 'image/webp');
    assert.deepEqual(Buffer.from(await got.arrayBuffer()), await bucket.get(file));
    const head = await fetch(`${stage.url}/files/${file}`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.ok(head.headers.get('etag'));
    const part = await fetch(`${stage.url}/files/${file}`, { headers: { Range: 'bytes=0-3' } });
    assert.equal(part.status, 206);
    assert.equal(await part.text(), 'RIFF');
    const changed = new URL(answer.headers.get('location'));
    changed.pathname = changed.pathname.replace(/[^/]+$/, 'other.webp');
    assert.equal((await fetch(changed)).status, 403, 'a link is for one file');
    assert.match((await fetch(stage.url)).headers.get('content-security-policy'), new RegExp(`img-src [^;]*${bucket.endpoint}`));
  });

  await t.test('the same bytes are one original, or copies of the files', async () => {
    const before = await bucket.keys();
    assert.equal((await upload(stage, PHOTO)).status, 200);
    assert.deepEqual(await bucket.keys(), before, 'the second original went again');
    const { body } = await upload(stage, PHOTO, '?duplicate=allow');
    await done(stage, body.imageId);
    const own = await wholeFiles(stage, bucket, body.imageId);
    const copies = bucket.seen.filter(x => x.startsWith('PUT ') && own.includes(x.slice(4)));
    assert.equal(copies.length, own.length);
    const gone = await fetch(`${stage.url}/api/images/${body.imageId}`, { method: 'DELETE' });
    assert.equal(gone.status, 200, await gone.text());
    assert.deepEqual(await bucket.keys(), before, 'only the files of the first are left');
  });

  await t.test('a large original goes in parts', async () => {
    const large = Buffer.concat([SMALL, Buffer.alloc(17 << 20, 'x')]); // decoders stop before the rest
    const { status, body } = await upload(stage, large);
    assert.equal(status, 201, JSON.stringify(body));
    await done(stage, body.imageId);
    assert.ok((await bucket.get(body.filePath)).equals(large));
    assert.equal(bucket.seen.filter(x => x === `PUT ${body.filePath}`).length, 3);
    await fetch(`${stage.url}/api/images/${body.imageId}`, { method: 'DELETE' });
  });

  await t.test('an original that a web tier put is found by its key', async () => {
    await bucket.put('web/ä b+c.jpg', PHOTO);
    const job = await run(stage, queue, 'web-1', './web//ä b+c.jpg');
    assert.equal(await job.getState(), 'completed', job.failedReason);
    const missing = await run(stage, queue, 'web-2', 'web/none.jpg');
    assert.match(missing.failedReason, /cannot read 'web\/none.jpg' in bucket 'pictures' at .*: the server answered 404 NoSuchKey/);
    assert.equal(missing.attemptsMade, 3);
    const outside = await run(stage, queue, 'web-3', '../secret.jpg');
    assert.match(outside.failedReason, /contains '\.\.'/);
  });

  await t.test('faults of the network and the server cost time, but no attempt', async () => {
    const reads = i => what => what === `GET fault-${i}.png`;
    const writes = i => what => what.startsWith(`PUT variants/fault-${i}/`);
    const cases = [['500', writes, 3], ['reset', reads, 1], ['corrupt', reads, 2], ['corrupt', writes, 2], ['reset', writes, 1], ['slow', reads, 1]];
    for (const i of cases.keys()) await bucket.put(`fault-${i}.png`, await sharp(PHOTO).resize(200 + i).png().toBuffer());
    cases.forEach(([fault, on, times], i) => bucket.fault(fault, on(i), times));
    await queue.addBulk(cases.map((_, i) => ({ name: 'generate-variants', data: { imageId: `fault-${i}`, filePath: `fault-${i}.png`, avifEffort: 0 }, opts })));
    await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0, 'all are settled', 60000);
    const ended = (await queue.getCompleted(0, -1)).filter(x => x.data.imageId.startsWith('fault-'));
    assert.deepEqual(ended.filter(x => x.attemptsMade === 1).map(x => x.data.imageId).sort(), cases.map((_, i) => `fault-${i}`));
    assert.deepEqual(bucket.plan, [], 'every fault happened');
    for (const i of cases.keys()) assert.deepEqual(await wholeFiles(stage, bucket, `fault-${i}`), await bucket.keys(`variants/fault-${i}/`));
    bucket.fault('late404', reads(0));
    const late = await run(stage, queue, 'late', 'fault-0.png');
    assert.equal(await late.getState(), 'completed', late.failedReason);
    assert.equal(late.attemptsMade, 2, 'the job came back for it');
  });

  await t.test('fsck puts strays away, and finds files that are gone', async () => {
    const [stray] = await wholeFiles(stage, bucket, first);
    const bytes = await bucket.get(stray);
    await bucket.put('variants/nobody/lg.1700000000000-1-9.webp', bytes);
    await bucket.send('DELETE', stray);
    // Other clusters' marks come first in the list, and make the bucket no empty one.
    for (const digit of '01') await bucket.put(`darkroom.main.${digit.repeat(16)}`, 'theirs\n');
    const report = await stage.command(['fsck', '--grace', '0s', '--class', 'file-without-row', '--class', 'row-without-file', '--json'], { ...env, DARKROOM_CATALOG_DATABASE: stage.database });
    assert.ok((await bucket.keys('lost/')).includes('lost/variants/nobody/lg.1700000000000-1-9.webp'), report.out + report.err);
    assert.deepEqual(await bucket.keys('variants/nobody/'), []);
    await until(async () => {
      const files = await stage.sql(`select distinct file_path from image_variants where image_id = '${first}'`);
      const there = await bucket.keys(`variants/${first}/`);
      return files.length && !there.includes(stray) && files.every(x => there.includes(x.file_path));
    }, 'the missing variant was made again', 60000);
    await until(() => bucket.pages > 2, 'the main node, which only looks, has turned pages', 30000);
  });

  await t.test('the doctor tries the bucket and quotes the server', async () => {
    const node = { ...env, DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}`, DARKROOM_HTTP_PORT: new URL(stage.url).port };
    const well = await stage.command(['doctor', '--role', 'worker'], { ...node, DARKROOM_IMAGING_FORMATS: 'jpeg' });
    assert.match(well.out, /ok +bucket +objects can be put, got, listed and deleted/);
    const none = await stage.command(['doctor', '--role', 'worker'], { ...node, DARKROOM_STORAGE_S3_BUCKET: 'absent' });
    assert.match(none.out, /FAIL +bucket .*NoSuchBucket: ".+"; make the bucket, or correct \[storage\] s3_bucket/);
    assert.match(none.out, /the uploads folder differs: .*bucket absent.*bucket pictures/s);
    const empty = await stage.command(['doctor'], { ...env, DARKROOM_STORAGE_S3_BUCKET: '' });
    assert.equal(empty.code, 2);
    assert.match(empty.err, /storage\.s3_bucket = "" must name the bucket/);
  });

  await t.test('no log has a signature or a secret', () => {
    for (const proc of stage.procs) assert.doesNotMatch(proc.out, /X-Amz-Signature|Signature=/);
  });
}));

test(`${KILLS} workers killed while they write leave exactly the configured variants`, staged(async stage => {
  const bucket = await new Bucket(stage).start();
  const { start } = await serve(stage, bucket);
  const queue = stage.queue();
  await bucket.put('photo.png', await sharp(PHOTO).resize(700).png().toBuffer());
  bucket.delay = what => what.startsWith('PUT variants/') ? 40 : 0;
  let worker = await start('worker-0');
  for (let i = 0; i < KILLS; ++i) {
    const puts = () => bucket.seen.filter(x => x.startsWith(`PUT variants/img-${i}/`)).length;
    await queue.add('generate-variants', { imageId: `img-${i}`, filePath: 'photo.png', avifEffort: 0, i }, opts);
    await until(() => puts() > i % 4, 'it writes', 30000, 5);
    await sleep((i * 17) % 40);
    worker.kill('SIGKILL');
    worker = await start(`worker-${i + 1}`);
  }
  await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0, 'all jobs are settled', 60000);
  assert.equal(await queue.getFailedCount(), 0);
  const expected = ['photo.png'];
  for (let i = 0; i < KILLS; ++i) expected.push(...await wholeFiles(stage, bucket, `img-${i}`));
  await until(async () => (await bucket.keys()).length === expected.length, 'strays are removed', 5000).catch(() => {});
  assert.deepEqual(await bucket.keys(), expected.sort());
}));
