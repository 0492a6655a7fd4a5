// Pictures that are odd, cut off or none: through the real binary, beside sharp.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { ROOT, staged, until } from './_lib.mjs';

const PICTURES = path.join(ROOT, 'tests/pictures');
const RETRIES = { attempts: 3, backoff: { type: 'fixed', delay: 50 } };

/** Mean of each channel, transparent parts on white. */
async function mean(input, failOn = 'none') {
  const { data, info } = await sharp(input, { failOn }).rotate().flatten({ background: '#fff' }).toColourspace('srgb').raw()
    .toBuffer({ resolveWithObject: true });
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += info.channels) for (let k = 0; k < 3; ++k) sum[k] += data[i + Math.min(k, info.channels - 1)];
  return sum.map(x => x * info.channels / data.length);
}

const isNear = (a, b) => a.every((x, k) => Math.abs(x - b[k]) <= 3); // WebP loses some

async function sharpRefuses(file, failOn) {
  try {
    await sharp(file, { failOn }).raw().toBuffer();
    return false;
  } catch {
    return true;
  }
}

test('odd pictures', staged(async (stage, t) => {
  execFileSync('python3', [path.join(PICTURES, 'make_odd.py'), stage.uploads]);
  await stage.serve();
  await stage.work('worker-1', { DARKROOM_IMAGING_AVIF_EFFORT: '0', DARKROOM_IMAGING_WEBP_EFFORT: '0' }); // quick
  const queue = stage.queue();
  const uploads = begin => fs.readdirSync(stage.uploads).filter(name => name.startsWith(begin));
  const add = (filePath, opts = RETRIES, imageId = filePath.slice(0, 60)) => queue.add('generate-variants', { imageId, filePath }, opts);
  const ended = async job => {
    await until(async () => (await job.isCompleted()) || (await job.isFailed()), `${job.data.filePath} has ended`, 240000);
    return queue.getJob(job.id);
  };
  const endedAll = async names => {
    const jobs = await Promise.all(names.map(name => add(name)));
    return Promise.all(jobs.map(ended));
  };
  const fate = job => `${job.data.filePath}: ${job.failedReason ?? 'completed'}`;
  const variant = (job, name) => path.join(stage.uploads, 'variants', job.data.imageId, name);

  await t.test("ink has sharp's colours", async () => {
    for (const job of await endedAll([...uploads('cmyk-'), ...uploads('ycck-'), ...uploads('icc-')])) {
      assert.equal(await job.getState(), 'completed', fate(job));
      const ours = await mean(variant(job, 'lg.webp'));
      const theirs = await mean(path.join(stage.uploads, job.data.filePath));
      assert.ok(isNear(ours, theirs), `${job.data.filePath}: ${ours} beside sharp's ${theirs}`);
    }
  });

  await t.test('what every viewer shows is made, as sharp does where nothing is to fail', async () => {
    for (const job of await endedAll(uploads('whole-'))) {
      assert.equal(await job.getState(), 'completed', fate(job));
      assert.equal(job.attemptsMade, 1, fate(job));
      const file = path.join(stage.uploads, job.data.filePath);
      assert.ok(isNear(await mean(variant(job, 'lg.webp')), await mean(file)), job.data.filePath);
    }
  });

  await t.test('what is cut off is tried until the last attempt; sharp refuses it too', async () => {
    for (const job of await endedAll(uploads('cut-'))) {
      assert.equal(await job.getState(), 'failed', fate(job));
      assert.equal(job.attemptsMade, 3, fate(job));
      assert.match(job.failedReason, /cut off after \d+ bytes/);
      assert.ok(await sharpRefuses(path.join(stage.uploads, job.data.filePath), 'truncated'), job.data.filePath);
    }
  });

  await t.test('a picture whose upload goes on is made once it is whole', async () => {
    const whole = fs.readFileSync(path.join(PICTURES, 'photo-baseline.jpg'));
    const file = path.join(stage.uploads, 'growing.jpg');
    fs.writeFileSync(file, whole.subarray(0, whole.length >> 1));
    const job = await add('growing.jpg', { attempts: 100, backoff: { type: 'fixed', delay: 100 } });
    await until(async () => (await queue.getJob(job.id)).attemptsMade > 0, 'one attempt has failed', 30000);
    fs.appendFileSync(file, whole.subarray(whole.length >> 1));
    assert.equal(await (await ended(job)).getState(), 'completed');
  });

  await t.test('a file that is missing may still come', async () => {
    const job = await add('late.jpg', { attempts: 100, backoff: { type: 'fixed', delay: 100 } });
    await until(async () => (await queue.getJob(job.id)).attemptsMade > 0, 'one attempt has failed', 30000);
    fs.copyFileSync(path.join(PICTURES, 'tiny.jpg'), path.join(stage.uploads, 'late.jpg'));
    assert.equal(await (await ended(job)).getState(), 'completed');
  });

  await t.test('what is hopeless fails at once and says why', async () => {
    fs.symlinkSync('loop-2.jpg', path.join(stage.uploads, 'loop-1.jpg'));
    fs.symlinkSync('loop-1.jpg', path.join(stage.uploads, 'loop-2.jpg'));
    const here = process.cwd();
    const server = net.createServer();
    process.chdir(stage.uploads); // a socket's path may have 107 bytes
    await new Promise(resolve => server.listen('socket.jpg', resolve));
    process.chdir(here);
    t.after(() => server.close());
    const hopeless = {
      [`${'x'.repeat(300)}.jpg`]: /too long/i, 'loop-1.jpg': /symbolic link/i, 'socket.jpg': /socket\.jpg/, 'growing.jpg/below.jpg': /not a directory/i,
      'tall-50000000.png': /1x50000000.*65535/, 'wide-50000000.png': /50000000x1.*65535/, 'tall-65536.png': /65535/, 'broken-rgb16.png': /picture is broken/,
      'a.heic': /HEIC is not read: use JPEG, PNG, WebP.*\[imaging\] formats/, 'b.heic': /HEIC is not read/, 'a.dng': /raw picture/, 'a.psd': /Photoshop/,
      'a.bmp': /BMP/, 'a.ico': /ICO/, 'a.svg': /SVG/, 'a.tiff': /begins as a TIFF, but its header is broken/, 'a.pdf': /PDF/, 'a.mp4': /video/, 'a.html': /HTML/,
    };
    for (const name of uploads('missing-')) hopeless[name] = /pixels are missing/;
    for (const job of await endedAll(Object.keys(hopeless))) {
      assert.equal(await job.getState(), 'failed', fate(job));
      assert.equal(job.attemptsMade, 1, fate(job));
      assert.match(job.failedReason, hopeless[job.data.filePath]);
    }
  });

  await t.test('bombs are refused at once, and the pictures among them are made', async () => {
    const folder = path.join(stage.uploads, 'bombs');
    fs.mkdirSync(folder);
    execFileSync('python3', [path.join(PICTURES, 'make_bombs.py'), folder]);
    const bombs = fs.readdirSync(folder).filter(name => name.startsWith('header-'));
    assert.ok(bombs.length > 15);
    const good = bombs.filter((_, i) => i % 4 === 0).map((_, i) => `bombs/good-${i}.jpg`);
    for (const name of good) fs.copyFileSync(path.join(PICTURES, 'tiny.jpg'), path.join(stage.uploads, name));
    const all = await Promise.all([...bombs.map(name => `bombs/${name}`), ...good].map(name => add(name, RETRIES, path.basename(name))));
    for (const job of await Promise.all(all.map(ended))) {
      assert.equal(job.attemptsMade, 1, fate(job));
      assert.equal(await job.getState(), good.includes(job.data.filePath) ? 'completed' : 'failed', fate(job));
      assert.doesNotMatch(job.failedReason ?? '', /died|killed|memory/, fate(job));
    }
  });

  await t.test('widths that a picture does not have are three rows and one file', async () => {
    fs.copyFileSync(path.join(PICTURES, 'tiny.jpg'), path.join(stage.uploads, 'tiny.jpg')); // 96 wide
    fs.copyFileSync(path.join(PICTURES, 'photo.webp'), path.join(stage.uploads, 'photo.webp')); // 700 wide
    const expected = { 'tiny.jpg': { sm: 'lg', md: 'lg', lg: 'lg' }, 'photo.webp': { sm: 'sm', md: 'lg', lg: 'lg' } };
    for (const job of await endedAll(Object.keys(expected))) {
      assert.equal(await job.getState(), 'completed', fate(job));
      const rows = await stage.sql(`select * from image_variants where image_id = '${job.data.imageId}'`);
      assert.equal(rows.length, 6);
      for (const row of rows) {
        const found = fs.statSync(path.join(stage.uploads, row.file_path));
        assert.equal(found.size, row.file_size);
        assert.equal(path.basename(row.file_path), `${expected[job.data.filePath][row.variant_type]}.${row.format}`);
      }
    }
  });

  await t.test('nothing half-written is left', () => assert.deepEqual(stage.files('variants').filter(name => name.endsWith('.part')), []));
}));
