// usage: run [--pictures N] [--concurrency N]
//
// The pictures are added in batches. Between two batches, when no picture is in
// work, the node and its codec processes are measured: their resident memory,
// descriptors and zombies. What a node keeps shows there, and what pictures in
// work take does not.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Queue } from 'bullmq';
import { facts } from '../lib/facts.mjs';
import { binary, environment } from '../lib/darkroom.mjs';
import { Program, freePort, sleep, until } from '../lib/processes.mjs';
import { cpuSeconds, processTree } from '../lib/process_tree.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { makePictures } from './pictures.mjs';
import { slopeOf } from './slope.mjs';

const queueName = 'soak';
const batch = 24; // each kind once
const warmUp = 500; // pictures after which the node must have all that it keeps
const bars = { mbPer1000: 1, descriptors: 0, zombies: 0, failed: 0 };
const options = { attempts: 1, removeOnComplete: 100, removeOnFail: false };

function arguments_() {
  const { values } = parseArgs({ options: { pictures: { type: 'string', default: '3000' }, concurrency: { type: 'string', default: '5' } } });
  return { pictures: Number(values.pictures), concurrency: Number(values.concurrency) };
}

function look(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** {rss_mb, node_mb, descriptors, processes, zombies} of the node and all below it. */
function measure(root) {
  const pids = processTree(root);
  const mb = pid => Number(look(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * 4 / 1024;
  const count = pid => { try { return fs.readdirSync(`/proc/${pid}/fd`).length; } catch { return 0; } };
  return {
    rss_mb: pids.reduce((sum, pid) => sum + mb(pid), 0),
    node_mb: mb(root),
    descriptors: pids.reduce((sum, pid) => sum + count(pid), 0),
    processes: pids.length,
    zombies: pids.filter(pid => /^State:\s+Z/m.test(look(`/proc/${pid}/status`))).length,
  };
}

/** Waits until no codec process works: on a busy machine they give memory back late. */
async function rest(root) {
  const spent = () => processTree(root).slice(1).reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  for (let last = spent(), i = 0; i < 20; ++i) {
    await sleep(100);
    const now = spent();
    if (now <= last) return;
    last = now;
  }
}

async function start(redis, uploads, concurrency) {
  const port = await freePort();
  const node = new Program(binary, ['solo', '--port', `${port}`, '--concurrency', `${concurrency}`], environment(redis, queueName, {
    DARKROOM_STORAGE_UPLOADS: uploads,
    DARKROOM_IMAGING_REUSE_RESULTS: 'false', // 24 pictures, again and again
    DARKROOM_IMAGING_AVIF_EFFORT: '0',
    DARKROOM_IMAGING_WEBP_EFFORT: '0',
    DARKROOM_FSCK_EVERY: '10s', // the first look after 5 minutes would be in the middle
    DARKROOM_HTTP_REPLAY_EVENTS: '1000', // 10,000 are full only after 1,000 pictures
  }));
  await node.line('ready');
  return node;
}

async function soak(node, queue, uploads, sources, count) {
  const samples = [];
  for (let done = 0; done < count;) {
    const next = Math.min(batch, count - done);
    await queue.addBulk(Array.from({ length: next }, (_, i) => ({
      name: 'generate-variants',
      data: { imageId: `p-${done + i}`, filePath: sources[(done + i) % sources.length] },
      opts: options,
    })));
    done += next;
    await until(async () => node.end || (await queue.getJobCountByTypes('wait', 'active', 'delayed')) === 0, `${done} pictures are done`, 300000);
    if (node.end) throw new Error(`the node ended: ${node.out}`);
    await rest(node.child.pid);
    samples.push({ done, ...measure(node.child.pid) });
    fs.rmSync(path.join(uploads, 'variants'), { recursive: true, force: true }); // 3,000 x 6 files
    process.stderr.write(`${done} of ${count}, ${samples.at(-1).rss_mb.toFixed(0)} MB  \r`);
  }
  process.stderr.write('\x1b[2K');
  return samples;
}

const { pictures: count, concurrency } = arguments_();
const uploads = fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'uploads-'));
const sources = await makePictures(uploads);
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const queue = new Queue(queueName, { connection: redis.connection });
const node = await start(redis, uploads, concurrency);
const began = Date.now();
const samples = await soak(node, queue, uploads, sources, count);
const seconds = (Date.now() - began) / 1000;

const late = samples.filter(x => x.done >= Math.min(warmUp, count / 2));
const { slope, error } = slopeOf(late.map(x => [x.done, x.rss_mb]));
const found = {
  mbPer1000: 1000 * slope,
  descriptors: Math.max(...late.map(x => x.descriptors)) - late[0].descriptors,
  zombies: Math.max(...samples.map(x => x.zombies)),
  failed: await queue.getFailedCount(),
};
const missed = Object.keys(bars).filter(name => !(found[name] <= bars[name]));
console.log(`${count} pictures of ${sources.length} kinds, concurrency ${concurrency}: ${seconds.toFixed(0)} s, ${(count / seconds).toFixed(1)} pictures/s`);
console.log('done  RSS MB  node MB  descriptors  processes');
for (const x of samples.filter((_, i) => i % Math.ceil(samples.length / 12) === 0 || i === samples.length - 1))
  console.log([`${x.done}`.padStart(4), x.rss_mb.toFixed(1).padStart(7), x.node_mb.toFixed(1).padStart(8), `${x.descriptors}`.padStart(12), `${x.processes}`.padStart(10)].join(' '));
const words = { mbPer1000: 'MB more per 1,000 pictures (least squares, after the first ones)', descriptors: 'descriptors more', zombies: 'zombies', failed: 'jobs failed' };
console.log(`standard error of the slope: ${(1000 * error).toFixed(2)} MB per 1,000`);
for (const name of Object.keys(bars))
  console.log(`${words[name]}: ${Number(found[name].toFixed(2))}, at most ${bars[name]}: ${missed.includes(name) ? 'MISSED' : 'met'}`);
fs.mkdirSync(path.dirname(process.env.BENCH_RESULT), { recursive: true });
fs.writeFileSync(process.env.BENCH_RESULT, `${JSON.stringify({ ...await facts(redis, ['bullmq', 'sharp']), count, concurrency, seconds, found, bars, samples }, null, 2)}\n`);
await queue.close();
await node.stop();
await redis.stop();
process.exit(missed.length > 0 ? 1 : 0);
