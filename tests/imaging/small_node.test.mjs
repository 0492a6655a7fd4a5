// A node with 1 GB and five slots gets pictures of 20 MP at once: they wait for
// memory, none dies, all are made. The limit is a cgroup's where this machine
// lets us make one, else RLIMIT_AS, which a node understands as well.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { staged, until } from '../cluster/_lib.mjs';
import { childrenOf } from './_processes.mjs';

const LIMIT = 2 ** 30;
const CONCURRENCY = 5;
const ROUNDS = Number(process.env.ROUNDS || 1);
const [WIDTH, HEIGHT] = [5472, 3648];

const read = file => fs.readFileSync(file, 'utf8').trim();

/** Cgroups that may be made here: {make(folder), peak(), kills()} of each version. */
function cgroups() {
  const own = mark => fs.readFileSync('/proc/self/cgroup', 'utf8').split('\n').find(line => line.includes(mark))?.split(mark)[1];
  const kills = text => Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  const found = [];
  const v1 = own(':memory:');
  if (v1 !== undefined) found.push({ base: `/sys/fs/cgroup/memory${v1}`, limit: 'memory.limit_in_bytes', peak: 'memory.max_usage_in_bytes', events: 'memory.oom_control' });
  const v2 = own('0::');
  if (v2 !== undefined) found.push({ base: `/sys/fs/cgroup${v2}`, limit: 'memory.max', peak: 'memory.peak', events: 'memory.events' });
  return found.map(x => ({ ...x, kills: folder => kills(read(path.join(folder, x.events))) }));
}

/** {what, wrap(command), peak(), kills(), close()}: 1 GB for a process and its children. */
function limitedTo(bytes) {
  for (const kind of cgroups()) {
    const folder = path.join(kind.base, `darkroom-test-${process.pid}`);
    try {
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, kind.limit), `${bytes}`);
      return {
        what: 'a cgroup',
        wrap: (...command) => ['sh', ['-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', folder, ...command]],
        peak: () => (fs.existsSync(path.join(folder, kind.peak)) ? Number(read(path.join(folder, kind.peak))) : undefined),
        kills: () => kind.kills(folder),
        close: () => until(() => { fs.rmdirSync(folder); return true; }, 'the cgroup is removed', 5000),
      };
    } catch {
      try { fs.rmdirSync(folder); } catch { /* it was not made */ }
    }
  }
  return {
    what: 'RLIMIT_AS',
    wrap: (...command) => ['prlimit', [`--as=${bytes}`, ...command]],
    peak: () => undefined,
    kills: () => 0,
    close: () => {},
  };
}

/** Pictures of 20 MP whose decoders keep nothing, much, or all of it. */
async function makePictures(folder) {
  const noise = await sharp({ create: { width: WIDTH / 16, height: HEIGHT / 16, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .resize(WIDTH, HEIGHT).raw().toBuffer();
  const from = () => sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  const names = {
    'baseline.jpg': x => x.jpeg({ quality: 80 }),
    'progressive.jpg': x => x.jpeg({ quality: 80, progressive: true }),
    'full-colours.jpg': x => x.jpeg({ quality: 80, progressive: true, chromaSubsampling: '4:4:4' }),
    'deep.png': x => x.ensureAlpha(0.5).toColourspace('rgb16').png({ progressive: true, compressionLevel: 1 }),
    'lossless.webp': x => x.webp({ lossless: true, effort: 0 }),
    'large.avif': x => x.avif({ effort: 0 }),
  };
  for (const [name, encode] of Object.entries(names)) await encode(from()).toFile(path.join(folder, name));
  return Object.keys(names);
}

test('a node with 1 GB makes 20 MP pictures at concurrency 5 and nothing dies', staged(async (stage, t) => {
  const names = await makePictures(stage.uploads);
  const limit = limitedTo(LIMIT);
  const env = {
    DARKROOM_WORKER_CONCURRENCY: `${CONCURRENCY}`,
    DARKROOM_IMAGING_CORES: `${CONCURRENCY}`, // else two cores make two pictures at once
    DARKROOM_IMAGING_AVIF_EFFORT: '0',
    DARKROOM_IMAGING_WEBP_EFFORT: '0',
    DARKROOM_IMAGING_MAX_BYTES: '200MB',
  };
  const start = stage.start.bind(stage);
  stage.start = (label, command, args, options) => (label === 'solo' ? start(label, ...limit.wrap(command, ...args), options) : start(label, command, args, options));
  const node = await stage.solo(env);
  let most = 0;
  let atOnce = 0;
  const resident = pid => { try { return Number(read(`/proc/${pid}/statm`).split(' ')[1]) * 4096; } catch { return 0; } };
  const watch = setInterval(() => {
    const all = [node.pid, ...childrenOf(node.pid)];
    atOnce = Math.max(atOnce, all.length - 1);
    most = Math.max(most, all.reduce((sum, pid) => sum + resident(pid), 0));
  }, 50);
  t.after(() => clearInterval(watch));
  const queue = stage.queue();
  const jobs = [];
  for (let round = 0; round < ROUNDS; ++round)
    for (const name of names)
      for (const copy of ['a', 'b'])
        jobs.push(await queue.add('generate-variants', { imageId: `${copy}-${round}-${name}`, filePath: name }, { attempts: 1 }));
  for (const { id } of jobs) {
    await until(async () => ['completed', 'failed'].includes(await queue.getJobState(id)), `job ${id} has ended`, 240000);
    const job = await queue.getJob(id);
    assert.equal(await job.getState(), 'completed', `${job.data.filePath}: ${job.failedReason}`);
  }
  clearInterval(watch);
  console.log(`${jobs.length} pictures under ${limit.what} of 1 GB: ${Math.round(most / 2 ** 20)} MiB resident in ${atOnce} codec processes and their node at most`
    + `${limit.peak() ? `, the cgroup's peak with its page cache ${Math.round(limit.peak() / 2 ** 20)} MiB` : ''}`);
  assert.equal(node.end, null);
  assert.equal(limit.kills(), 0, 'processes were killed because memory was short');
  assert.doesNotMatch(node.out, /died of/);
  assert.ok(most < LIMIT);
  assert.equal((await stage.sql('select count(*) n from image_variants'))[0].n, 6 * jobs.length);
  node.kill('SIGTERM');
  await node.within(30000);
  await limit.close();
}));
