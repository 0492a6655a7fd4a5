// Pictures and jobs that mean harm: each fails alone, soon, and says why.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { SAMPLES, sleep, staged, until } from './_lib.mjs';

const GOOD = 'good.png'; // small: a loaded machine makes it within the codec's time
const CODEC_TIME_S = 2;
const MIB = 1 << 20;

// Just what a PNG needs.
const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
  return out;
}
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
function header(width, height, interlace = 0) {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, interlace], 8); // 8 bit RGB
  return chunk('IHDR', data);
}

// Adam7: the first column and row and the steps of each pass.
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/** A whole PNG, all black: 16000 x 16000 is 768 MB of pixels in 750 KB. An interlaced one cannot be decoded line by line. */
async function blackPng(file, width, height, interlaced = false) {
  const packer = zlib.createDeflate({ level: 9 });
  const parts = [];
  packer.on('data', part => parts.push(part));
  for (const [x, y, right, down] of interlaced ? PASSES : [[0, 0, 1, 1]]) {
    const row = Buffer.alloc(1 + 3 * Math.ceil((width - x) / right));
    for (let left = Math.ceil((height - y) / down); left > 0; --left)
      if (!packer.write(row)) await new Promise(resolve => packer.once('drain', resolve));
  }
  await new Promise(resolve => { packer.once('end', resolve); packer.end(); });
  fs.writeFileSync(file, Buffer.concat([SIGNATURE, header(width, height, interlaced ? 1 : 0), chunk('IDAT', Buffer.concat(parts)), chunk('IEND', Buffer.alloc(0))]));
}

const isProgressive = bytes => bytes.includes(Buffer.from([0xff, 0xc2]));

async function makePictures(folder) {
  const write = (name, bytes) => fs.writeFileSync(path.join(folder, name), bytes);
  const baseline = fs.readFileSync(path.join(SAMPLES, 'mountains.jpg'));
  const progressive = fs.readFileSync(path.join(SAMPLES, 'dragonfly.jpg'));
  assert.deepEqual([isProgressive(baseline), isProgressive(progressive)], [false, true]);
  await blackPng(path.join(folder, GOOD), 60, 40);
  write('empty.jpg', '');
  write('text.jpg', 'This is no picture.\n'.repeat(100));
  write('baseline-cut.jpg', baseline.subarray(0, baseline.length >> 1));
  write('progressive-cut.jpg', progressive.subarray(0, progressive.length >> 1));
  write('claims.png', Buffer.concat([SIGNATURE, header(30000, 30000), chunk('IDAT', zlib.deflateSync(Buffer.alloc(1000))), chunk('IEND', Buffer.alloc(0))]));
  fs.mkdirSync(path.join(folder, 'folder.jpg'));
  fs.copyFileSync(path.join(folder, GOOD), path.join(folder, '../outside.png'));
  fs.symlinkSync('../outside.png', path.join(folder, 'link.png'));
  await blackPng(path.join(folder, 'huge.png'), 16000, 16000);
}

const image = filePath => ({ imageId: `bad-${filePath.replace(/\W/g, '_')}`, filePath });

/** What can never work: {about, data, why}. */
const HOPELESS = [
  { about: 'an empty file', data: image('empty.jpg'), why: /empty\.jpg.*empty/i },
  { about: 'text', data: image('text.jpg'), why: /text\.jpg.*(no picture|not a|unknown|unsupported|format)/i },
  { about: 'a PNG that claims 30000 x 30000', data: image('claims.png'), why: /30000.*pixels|pixels.*30000|900000000/i },
  { about: 'a PNG of 16000 x 16000', data: image('huge.png'), why: /16000.*pixels|pixels.*16000|256000000/i },
  { about: 'a path that leaves the uploads folder', data: image('../outside.png'), why: /outside\.png/ },
  { about: 'an absolute path that leaves it', data: image('/../outside.png'), why: /outside\.png/ },
  { about: 'a link that leads outside', data: image('link.png'), why: /link\.png/ },
  { about: 'a folder', data: image('folder.jpg'), why: /folder\.jpg/ },
  { about: 'no filePath', data: { imageId: 'bad-none' }, why: /imageId and filePath/ },
  { about: 'no imageId', data: { filePath: GOOD }, why: /imageId and filePath/ },
  { about: 'an object for imageId', data: { imageId: {}, filePath: GOOD }, why: /imageId and filePath/ },
  { about: 'an array', data: [1, 2], why: /imageId and filePath|JSON object/ },
];

/** What may be whole once its upload has ended: {about, data, why}. */
const CUT_OFF = [
  { about: 'a truncated baseline JPEG', data: image('baseline-cut.jpg'), why: /baseline-cut\.jpg.*cut off/i },
  { about: 'a truncated progressive JPEG', data: image('progressive-cut.jpg'), why: /progressive-cut\.jpg.*cut off/i },
];

/** Resident bytes of a process and its children, each: [{pid, bytes}]. */
function memory(pid) {
  const out = [];
  try {
    const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    out.push({ pid, bytes: pages * 4096 });
    for (const task of fs.readdirSync(`/proc/${pid}/task`))
      for (const child of fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
        if (child) out.push(...memory(Number(child)));
  } catch { /* it ended meanwhile */ }
  return out;
}

/** Keeps good jobs coming until stop(); {jobs, stop}. */
function stream(queue) {
  const jobs = [];
  let going = true;
  const ended = (async () => {
    for (let i = 0; going; ++i, await sleep(60)) {
      const name = ['echo', 'sleep', 'generate-embeddings'][i % 3];
      jobs.push(await queue.add(name, name === 'generate-embeddings'
        ? { imageId: `good-${i}`, filePath: GOOD, metadata: { searchableText: `good picture ${i}` } } : { ms: 20 }));
    }
  })();
  return { jobs, stop() { going = false; return ended; } };
}

test('hostile pictures and jobs hurt only themselves', staged(async (stage, t) => {
  await makePictures(stage.uploads);
  await stage.serve({ DARKROOM_QUEUE_UNKNOWN_JOBS: 'fail' }); // as solo does; unknown_jobs.test.mjs has the rest
  const limits = { DARKROOM_IMAGING_CODEC_TIME: `${CODEC_TIME_S}s` };
  const worker = await stage.work('worker-1', limits);
  const queue = stage.queue();
  const events = await stage.workerEvents();
  const opts = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };
  const good = stream(queue);
  let most = 0;
  let mostCodec = 0;
  const watch = setInterval(() => {
    const [own, ...children] = memory(worker.pid);
    most = Math.max(most, own?.bytes || 0);
    for (const { bytes } of children) mostCodec = Math.max(mostCodec, bytes);
  }, 50);
  t.after(() => clearInterval(watch));
  const finish = async (id, ms) => {
    await until(async () => ['completed', 'failed'].includes(await queue.getJobState(id)), `job ${id} has ended`, ms);
    return queue.getJob(id);
  };

  for (const name of ['generate-variants', 'generate-metadata'])
    for (const { about, data, why } of [...HOPELESS, ...CUT_OFF])
      await t.test(`${name} of ${about} fails ${CUT_OFF.some(x => x.data === data) ? 'at its last attempt' : 'at once'} and for good`, async () => {
        const { id } = await queue.add(name, data, opts);
        const job = await finish(id, 8000);
        assert.equal(await job.getState(), 'failed', JSON.stringify(job.returnvalue));
        assert.match(job.failedReason, why);
        assert.equal(job.attemptsMade, CUT_OFF.some(x => x.data === data) ? opts.attempts : 1, job.failedReason);
        await until(() => events.find(x => x.jobId === id && x.type === 'job-failed' && x.final), 'job-failed is published');
        if (data.imageId && data.filePath && typeof data.imageId === 'string') {
          const row = await until(async () => (await stage.sql(`select * from images where id = '${data.imageId}' and status = 'failed'`))[0], 'the image has failed', 3000);
          assert.ok(row.error);
          assert.equal((await stage.sql(`select * from image_variants where image_id = '${data.imageId}'`)).length, 0);
        }
      });

  await t.test('data that is no JSON fails at once and for good', async () => {
    for (const text of ['{not json', '', '\x00\xff']) {
      const { id } = await queue.add('generate-variants', { hold: true }, { ...opts, delay: 700 });
      await stage.redis().hset(`bull:${queue.name}:${id}`, 'data', text);
      const state = await until(async () => {
        const [reason, made] = await stage.redis().hmget(`bull:${queue.name}:${id}`, 'failedReason', 'atm');
        return reason && { reason, made };
      }, 'it has failed', 8000);
      assert.match(state.reason, /JSON/);
      assert.equal(state.made, '1');
      await stage.redis().hset(`bull:${queue.name}:${id}`, 'data', '{}');
    }
  });

  await t.test('a job nobody knows fails with its name', async () => {
    const { id } = await queue.add('make-coffee', {}, opts);
    const job = await finish(id, 8000);
    assert.equal(await job.getState(), 'failed');
    assert.match(job.failedReason, /make-coffee/);
    assert.equal(job.attemptsMade, 1);
  });

  await t.test('a file that is not there names itself', async () => {
    const { id } = await queue.add('generate-variants', image('nowhere.jpg'), opts);
    const job = await finish(id, 8000);
    assert.match(job.failedReason, /nowhere\.jpg/);
  });

  await t.test('a decoder that crashes is replaced; three deaths are enough', async () => {
    const { id } = await queue.add('codec-crash', {}, { ...opts, attempts: 10 });
    const job = await finish(id, 15000);
    assert.equal(await job.getState(), 'failed');
    assert.match(job.failedReason, /SIGSEGV/);
    assert.equal(job.attemptsMade, 3, job.failedReason);
    assert.match(job.failedReason, /3 codec processes died/);
  });

  await t.test('a decoder that hangs is killed at its time limit', async () => {
    const { id } = await queue.add('codec-hang', {}, { ...opts, attempts: 1 });
    const job = await finish(id, 15000);
    assert.equal(await job.getState(), 'failed');
    assert.match(job.failedReason, /killed after 2000 ms of CPU time/);
    const took = job.finishedOn - job.processedOn;
    assert.ok(took >= CODEC_TIME_S * 1000 - 100, `took ${took} ms`); // longer where the machine is busy
    const again = await queue.add('codec-hang', {}, { ...opts, attempts: 10 });
    const dead = await finish(again.id, 180000);
    assert.equal(dead.attemptsMade, 3, dead.failedReason);
  });

  await t.test('all of them at once leave room for the good ones', async () => {
    const bad = await queue.addBulk([...HOPELESS.map(({ data }) => ({ name: 'generate-variants', data, opts })),
      { name: 'codec-crash', data: {}, opts: { attempts: 1 } }, { name: 'codec-hang', data: {}, opts: { attempts: 1 } }]);
    const { id } = await queue.add('generate-variants', { imageId: 'good-beside', filePath: GOOD }, opts);
    const job = await finish(id, 180000);
    assert.equal(await job.getState(), 'completed', job.failedReason);
    assert.equal(job.attemptsMade, 1);
    for (const x of bad) assert.equal(await (await finish(x.id, 15000)).getState(), 'failed');
  });

  await t.test('no good job noticed', async () => {
    await good.stop();
    for (const { id } of good.jobs) {
      const job = await finish(id, 10000);
      assert.equal(await job.getState(), 'completed', job.failedReason);
      assert.equal(job.attemptsMade, 1);
    }
    const slowest = Math.max(...(await Promise.all(good.jobs.map(({ id }) => queue.getJob(id)))).map(job => job.finishedOn - job.timestamp));
    console.log(`${good.jobs.length} good jobs beside, the slowest took ${slowest} ms`);
    assert.ok(good.jobs.length > 50);
  });

  await t.test('memory stayed within its limits', () => {
    console.log(`resident: worker ${Math.round(most / MIB)} MiB, a codec process ${Math.round(mostCodec / MIB)} MiB at most`);
    assert.ok(most < 600 * MIB, `the worker took ${Math.round(most / MIB)} MiB`);
    assert.ok(mostCodec > 0 && mostCodec < 768 * MIB, `a codec process took ${Math.round(mostCodec / MIB)} MiB`);
  });

  await t.test('the same worker still runs, with nothing half-written', async () => {
    assert.equal(worker.end, null);
    assert.deepEqual(stage.files('variants').filter(name => name.endsWith('.part')), []);
    assert.ok(!fs.existsSync(path.join(stage.folder, 'variants')));
  });
}));

test('a picture whose decoding takes too much memory kills only its codec', staged(async stage => {
  await blackPng(path.join(stage.uploads, 'huge.png'), 16000, 16000, true);
  await blackPng(path.join(stage.uploads, 'small.png'), 63, 41, true);
  await blackPng(path.join(stage.uploads, GOOD), 60, 40);
  await stage.serve();
  // The limit on pixels is out of the way: the one on memory must do.
  const worker = await stage.work('worker-1', {
    DARKROOM_IMAGING_MAX_PIXELS: '1000000000', DARKROOM_IMAGING_CODEC_MEMORY_BYTES: '512MiB' });
  const queue = stage.queue();
  let most = 0;
  const watch = setInterval(() => { for (const { bytes } of memory(worker.pid).slice(1)) most = Math.max(most, bytes); }, 20);
  const opts = { attempts: 10, backoff: { type: 'fixed', delay: 50 } };
  const small = await queue.add('generate-variants', { imageId: 'small', filePath: 'small.png' }, opts);
  await until(async () => (await small.getState()) === 'completed', 'a small interlaced one completes', 20000);
  const bad = await queue.add('generate-variants', { imageId: 'bad', filePath: 'huge.png' }, opts);
  const good = [];
  while (!['completed', 'failed'].includes(await bad.getState())) {
    good.push(await queue.add('generate-variants', { imageId: `good-${good.length}`, filePath: GOOD }, { attempts: 1 }));
    await sleep(200);
    if (good.length > 300) break;
  }
  for (const job of good) await until(async () => (await job.getState()) === 'completed', `good job ${job.id} completes`, 20000);
  clearInterval(watch);
  const ended = await queue.getJob(bad.id);
  console.log(`16000 x 16000, interlaced, under 512 MiB: ${await ended.getState()} after ${ended.attemptsMade} attempts, ${Math.round(most / MIB)} MiB resident: ${ended.failedReason}`);
  assert.equal(await ended.getState(), 'failed');
  assert.match(ended.failedReason, /huge\.png.*memory/);
  assert.ok(ended.attemptsMade <= 3, `tried ${ended.attemptsMade} times`);
  assert.ok(most < 512 * MIB, `${Math.round(most / MIB)} MiB`);
  assert.equal(worker.end, null);
}));
