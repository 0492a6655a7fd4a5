// The main job: a web tier's BullMQ queue, a main, two workers, real pictures.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, sleep, staged, until } from './_lib.mjs';

// Width and height as people see them, EXIF orientation applied.
const PICTURES = {
  'dragonfly.jpg': [2200, 1650],
  'friends-soft-edge.png': [560, 841],
  'life.webp': [1400, 932],
  'mountains.jpg': [1600, 1200],
  'sunset-turned.jpg': [2250, 1500],
};
const WIDTHS = { sm: 640, md: 1024, lg: 1920 };
const MILESTONES = {
  'generate-metadata': [10, 50, 100],
  'generate-variants': [10, 100],
  'generate-embeddings': [10, 90, 100],
};
const JOBS = ['generate-metadata', 'generate-variants'];
const nameOf = file => `img-${path.parse(file).name}`;

/** {format, width, height} by the bytes of a WebP or AVIF file. */
function look(bytes) {
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    assert.equal(bytes.readUInt32LE(4) + 8, bytes.length, 'RIFF says how long the file is');
    const kind = bytes.toString('latin1', 12, 16);
    if (kind === 'VP8X') return { format: 'webp', width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    if (kind === 'VP8 ') return { format: 'webp', width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    const bits = bytes.readUInt32LE(21); // VP8L
    return { format: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  assert.equal(bytes.toString('latin1', 4, 12), 'ftypavif', 'neither WebP nor AVIF');
  const at = bytes.indexOf('ispe') + 8;
  return { format: 'avif', width: bytes.readUInt32BE(at), height: bytes.readUInt32BE(at + 4) };
}

function checkVariants(stage, image, rows, [width, height]) {
  assert.equal(rows.length, 6, `${image}: six rows`);
  for (const row of rows) {
    const expected = Math.min(WIDTHS[row.variant_type], width);
    const about = `${image} ${row.variant_type} ${row.format}`;
    assert.equal(row.width, expected, `${about}: as wide as wanted, never upscaled`);
    assert.ok(Math.abs(row.height - height * expected / width) <= 1, `${about}: height ${row.height} keeps the proportions`);
    const bytes = fs.readFileSync(path.join(stage.uploads, row.file_path));
    assert.equal(bytes.length, row.file_size, `${about}: fileSize`);
    assert.deepEqual(look(bytes), { format: row.format, width: row.width, height: row.height }, `${about}: the file is what the row says`);
    assert.ok(row.created_at > 1.6e12, `${about}: created_at`);
  }
  assert.equal(new Set(rows.map(row => `${row.variant_type}.${row.format}`)).size, 6);
}

function checkMetadata(image, row) {
  for (const field of ['description', 'detailed_description', 'mood', 'style', 'searchable_text', 'model'])
    assert.ok(row[field].length > 0, `${image}: metadata.${field}`);
  for (const field of ['tags', 'categories', 'objects']) assert.ok(Array.isArray(JSON.parse(row[field])), `${image}: metadata.${field}`);
  assert.ok(JSON.parse(row.tags).length > 0, `${image}: has tags`);
  assert.ok(JSON.parse(row.colors).dominant.length > 0, `${image}: has dominant colours`);
  assert.ok(row.generated_at > 1.6e12);
}

function checkEmbedding(image, row, searchable) {
  const vector = Buffer.from(row.vector, 'hex');
  assert.equal(row.dimensions, 512);
  assert.equal(vector.length, 512 * 4, `${image}: 512 floats`);
  const floats = Array.from({ length: 512 }, (_, i) => vector.readFloatLE(4 * i));
  assert.ok(floats.every(Number.isFinite) && floats.some(x => x !== 0), `${image}: real numbers`);
  assert.equal(row.type, 'image');
  assert.equal(row.searchable_text, searchable, `${image}: of the metadata's text`);
  for (const field of ['name', 'slug', 'model']) assert.ok(row[field], `${image}: embedding.${field}`);
  const metadata = JSON.parse(row.metadata);
  for (const field of ['description', 'tags', 'categories', 'colors', 'mood', 'style']) assert.ok(field in metadata, `${image}: embedding.metadata.${field}`);
}

async function checkRows(stage) {
  for (const [file, size] of Object.entries(PICTURES)) {
    const image = nameOf(file);
    const [row, ...more] = await stage.sql(`select * from images where id = '${image}'`);
    assert.equal(more.length, 0);
    assert.equal(row.status, 'completed', `${image}: ${row.error}`);
    assert.equal(row.error, null);
    assert.equal(row.file_path, file);
    assert.ok(row.processed_at >= row.created_at && row.updated_at >= row.created_at);
    checkVariants(stage, image, await stage.sql(`select * from image_variants where image_id = '${image}'`), size);
    const metadata = await stage.sql(`select * from image_metadata where image_id = '${image}'`);
    assert.equal(metadata.length, 1, `${image}: one row of metadata`);
    checkMetadata(image, metadata[0]);
    const vectors = await stage.sql(`select *, hex(vector) as vector from embeddings where id = '${image}'`);
    assert.equal(vectors.length, 1, `${image}: one embedding`);
    checkEmbedding(image, vectors[0], metadata[0].searchable_text);
  }
  const files = stage.files('variants');
  const paths = (await stage.sql('select distinct file_path from image_variants')).map(row => row.file_path);
  assert.deepEqual(files.sort(), paths.sort(), 'files of variants');
  assert.deepEqual(files.filter(name => name.endsWith('.part')), [], 'nothing half-written is left');
}

function checkEvents(events, jobs) {
  for (const { id, name, image } of jobs) {
    const mine = events.filter(x => x.jobId === id);
    const about = `job ${id} (${name} of ${image}): ${mine.map(x => x.type + (x.progress ?? '')).join(' ')}`;
    for (const x of mine) {
      assert.equal(x.jobName, name, about);
      assert.equal(x.imageId, image, about);
      assert.equal(typeof x.timestamp, 'number', about);
    }
    const types = mine.map(x => x.type);
    assert.deepEqual(types.slice(0, 2), ['job-queued', 'job-active'], about);
    assert.equal(types.at(-1), 'job-completed', about);
    const progress = mine.slice(2, -1);
    assert.ok(progress.every(x => x.type === 'job-progress'), about);
    const values = progress.map(x => x.progress);
    assert.deepEqual(values, [...values].sort((a, b) => a - b), about);
    for (const value of MILESTONES[name]) assert.equal(values.filter(x => x === value).length, 1, `${about}: ${value} once`);
    assert.equal(typeof mine[0].queueSize, 'number', about);
    assert.deepEqual([mine[1].attempt, mine[1].maxAttempts], [1, 3], about);
    assert.ok(mine.at(-1).duration >= 0, about);
  }
}

/** A browser gets the same, but not each progress that others follow at once. */
function checkMerged(seen, published) {
  const ofJob = (events, id) => events.filter(x => x.jobId === id).map(x => x.text);
  for (const id of new Set(published.map(x => x.jobId))) {
    const [mine, all] = [ofJob(seen, id), ofJob(published, id)];
    const left = all.filter(text => !mine.includes(text));
    assert.ok(left.every(text => JSON.parse(text).type === 'job-progress'), `job ${id} lost ${left}`);
    assert.deepEqual(mine, all.filter(text => mine.includes(text)), `job ${id}: in order, once`);
  }
}

test('two workers make every shipped picture searchable', staged(async (stage, t) => {
  for (const file of Object.keys(PICTURES)) fs.copyFileSync(path.join(SAMPLES, file), path.join(stage.uploads, file));
  assert.deepEqual(fs.readdirSync(SAMPLES).filter(name => !name.endsWith('.md')).sort(), Object.keys(PICTURES), 'the test knows all samples');
  const { proc } = await stage.cluster();
  const published = await stage.workerEvents();
  const seen = await stage.browserEvents();
  const queue = stage.queue();
  const added = await queue.addBulk(Object.keys(PICTURES).flatMap(file => JOBS.map(name => ({
    name, data: { imageId: nameOf(file), filePath: file }, opts: { attempts: 3, backoff: { type: 'exponential', delay: 2000 } },
  }))));
  const total = 3 * Object.keys(PICTURES).length;
  await until(async () => (await queue.getCompletedCount()) === total || (await queue.getFailedCount()) > 0, `${total} jobs complete`, 120000, 200);
  assert.equal(await queue.getFailedCount(), 0);
  await until(() => published.filter(x => x.type === 'job-completed').length === total, 'all is published');
  await until(() => seen.filter(x => x.type === 'job-completed').length === total, 'the browser saw all');

  const done = await queue.getCompleted(0, -1);
  await t.test('every job returns success and its image', () => {
    assert.equal(done.length, total);
    for (const job of done) {
      assert.equal(job.returnvalue.success, true);
      assert.equal(job.returnvalue.imageId, job.data.imageId);
      assert.equal(job.attemptsMade, 1, `job ${job.id} ${job.name}`);
      assert.equal(job.progress, 100, `job ${job.id} ${job.name}`);
    }
    assert.ok(added.every(job => done.some(x => x.id === job.id)));
  });
  await t.test('generate-embeddings was chained once an image', () => {
    const chained = done.filter(job => job.name === 'generate-embeddings');
    assert.deepEqual(chained.map(job => job.data.imageId).sort(), Object.keys(PICTURES).map(nameOf).sort());
    for (const job of chained) {
      assert.ok(job.data.metadata.searchableText);
      assert.equal(job.data.filePath, Object.keys(PICTURES).find(file => nameOf(file) === job.data.imageId));
      assert.equal(job.opts.attempts, 3);
      assert.deepEqual(job.opts.backoff, { type: 'exponential', delay: 2000 });
    }
  });
  await t.test('rows and files are as the parity contract says', () => checkRows(stage));
  await t.test('the API tells the same as the database', async () => {
    const list = await stage.get('/api/images');
    assert.equal(list.total, Object.keys(PICTURES).length);
    for (const image of list.images) {
      assert.equal(image.status, 'completed');
      assert.equal((await stage.get(`/api/images/${image.imageId}`)).variants.length, 6);
      const file = await fetch(`${stage.url}/files/${image.variants[0].filePath}`);
      assert.equal(file.status, 200);
      assert.equal((await file.arrayBuffer()).byteLength, image.variants[0].fileSize);
      assert.equal(file.headers.get('content-type'), `image/${image.variants[0].format}`);
    }
    assert.deepEqual((await stage.get('/api/queue')).counts.completed, total);
  });
  const jobs = done.map(job => ({ id: job.id, name: job.name, image: job.data.imageId }));
  await t.test('worker:events saw every step of every job in order', () => checkEvents(published, jobs));
  await t.test('/api/events saw the same, with progress merged', () => checkMerged(seen, published));
  await t.test('both workers worked', () => {
    assert.deepEqual([...new Set(published.map(x => x.node).filter(Boolean))].sort(), ['worker-1', 'worker-2']);
  });
  await t.test('a browser that comes back misses nothing', async () => {
    const half = Math.floor(seen.length / 2);
    const again = await stage.browserEvents({ after: seen[half].id });
    await until(() => again.length >= seen.length - half - 1, 'the rest is replayed');
    await sleep(200);
    assert.deepEqual(again.map(x => x.id), seen.slice(half + 1).map(x => x.id));
    assert.deepEqual(again.map(x => x.text), seen.slice(half + 1).map(x => x.text));
  });
  await t.test('a browser from another life is told of the gap', async () => {
    const strange = await stage.browserEvents({ after: '0000-7' });
    await until(() => strange.some(x => x.type === 'gap'), 'a gap event');
  });
  await t.test('a filter passes only its image', async () => {
    const image = nameOf('life.webp');
    const some = await stage.browserEvents({ after: seen[0].id, filter: `?imageId=${image}` });
    const expected = seen.slice(1).filter(x => x.imageId === image).map(x => x.text);
    await until(() => some.length >= expected.length, 'its events are replayed');
    assert.deepEqual(some.map(x => x.text), expected);
  });
  await t.test('TERM ends all three with 0', async () => {
    proc.kill('SIGTERM');
    assert.equal((await proc.within(30000)).code, 0);
  });
}));
