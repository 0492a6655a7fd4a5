// One cell of the table each: a system makes the variants of all pictures.
import fs from 'node:fs';
import path from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { sleep, until } from '../lib/processes.mjs';
import { Watch, endedChildrenSeconds } from '../lib/process_tree.mjs';
import { bytesOf, variantFolder } from './files.mjs';
import { darkroomVariants, hasVariantsCommand, queueName, sharpDirect, systems } from './systems.mjs';

const look_every_ms = 10;
const longest_ms = 1800000;
const warm_up = { name: 'warm-up.jpg', jobs: 5 };

/** A folder of uploads with fresh copies of the pictures. */
function layOut({ pictures, warmUp }) {
  const uploads = fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'uploads-'));
  for (const file of pictures) fs.copyFileSync(file, path.join(uploads, path.basename(file)));
  fs.copyFileSync(warmUp, path.join(uploads, warm_up.name));
  return uploads;
}

/** Data of `generate-variants`: so many jobs for each picture. */
function jobsOf({ pictures }, copies = 1) {
  return Array.from({ length: copies }, (_, copy) => pictures.map(file => {
    const { name, base } = path.parse(file);
    return { imageId: copy === 0 ? name : `${name}-${copy}`, filePath: base };
  })).flat();
}

const warmUpJobs = Array.from({ length: warm_up.jobs }, (_, i) => ({ imageId: `warm-up-${i}`, filePath: warm_up.name }));

/** Total size of the pictures' variants. */
function bytesMade(bench, uploads) {
  return jobsOf(bench).reduce((bytes, { imageId }) => bytes + bytesOf(uploads, imageId), 0);
}

function addAll(queue, jobs) {
  return queue.addBulk(jobs.map(data => ({ name: 'generate-variants', data, opts: { attempts: 1 } })));
}

/** Waits until so many jobs have ended; none may have failed. */
async function drained(redis, queue, jobs) {
  const ended = async () => {
    const [[, completed], [, failed]] = await redis.client.pipeline()
      .zcard(`bull:${queueName}:completed`).zcard(`bull:${queueName}:failed`).exec();
    if (failed > 0) throw new Error(`a job failed: ${(await queue.getFailed())[0].failedReason}`);
    return completed === jobs;
  };
  await until(ended, `${jobs} jobs have ended`, longest_ms, look_every_ms);
}

function figuresOf(bench, uploads, seconds, { cpu_s, rss_mb, pss_mb }, copies = 1) {
  const count = bench.pictures.length * copies;
  return {
    pictures_per_s: count / seconds,
    wall_s: seconds,
    picture_s: seconds / count,
    cpu_s: cpu_s / count,
    cores: cpu_s / seconds,
    rss_mb,
    pss_mb,
    kb: bytesMade(bench, uploads) / 1000,
  };
}

/** Runs `body` beside the system's worker, which is warm and idle. */
async function withWorker(bench, system, options, body) {
  const { redis } = bench;
  await redis.reset();
  const uploads = layOut(bench);
  const queue = new Queue(queueName, { connection: redis.connection });
  await queue.waitUntilReady();
  let worker;
  try {
    worker = await systems[system](redis, uploads, options);
    await addAll(queue, warmUpJobs);
    await drained(redis, queue, warmUpJobs.length);
    return await body({ queue, worker, uploads });
  } finally {
    await worker?.stop();
    await queue.close();
    bench.keep(system, options, uploads);
  }
}

/**
 * All pictures wait in the queue: calls `before(worker)`, lets them be made, and
 * calls `after(seconds, uploads)`. @returns what that returns
 */
export async function runBacklog(bench, system, options, { before, after }) {
  return withWorker(bench, system, options, async ({ queue, worker, uploads }) => {
    await queue.pause();
    const jobs = await addAll(queue, jobsOf(bench, options.copies));
    await before(worker);
    const start = performance.now();
    await queue.resume();
    await drained(bench.redis, queue, jobs.length + warmUpJobs.length);
    return after((performance.now() - start) / 1000, uploads);
  });
}

/** How fast is a backlog of all pictures made, at what cost? */
export function backlog(bench, system, options) {
  let watch;
  return runBacklog(bench, system, options, {
    before(worker) { watch = new Watch(worker.child.pid); },
    after: (seconds, uploads) => figuresOf(bench, uploads, seconds, watch.stop(), options.copies),
  });
}

/** One picture at a time for an idle worker, as a Node client sees it. */
export async function idle(bench, system, options) {
  return withWorker(bench, system, options, async ({ queue, worker, uploads }) => {
    const events = new QueueEvents(queueName, { connection: bench.redis.connection });
    await events.waitUntilReady();
    await sleep(200); // it reads the stream from now on
    const watch = new Watch(worker.child.pid);
    let seconds = 0;
    for (const data of jobsOf(bench)) {
      const start = performance.now();
      const job = await queue.add('generate-variants', data, { attempts: 1 });
      await job.waitUntilFinished(events, longest_ms);
      seconds += (performance.now() - start) / 1000;
      await sleep(100); // the worker comes to rest
    }
    const figures = figuresOf(bench, uploads, seconds, watch.stop());
    await events.close();
    return figures;
  });
}

/** Without a queue: so many pictures are in flight in one process. */
async function sharpAlone(bench, options) {
  const uploads = layOut(bench);
  const program = await sharpDirect(uploads, options);
  let lines = 0;
  const make = async jobs => {
    program.child.stdin.write(`${JSON.stringify(jobs)}\n`);
    return Number((await program.line(`done ${++lines} `, longest_ms)).rest);
  };
  try {
    await make(warmUpJobs);
    const watch = new Watch(program.child.pid);
    const seconds = await make(jobsOf(bench));
    return figuresOf(bench, uploads, seconds, watch.stop());
  } finally {
    await program.stop();
    bench.keep('sharp', options, uploads);
  }
}

/** Moves NAME-TYPE.FORMAT from a folder to where a worker puts it. */
function sortIn(folder, uploads) {
  for (const file of fs.readdirSync(folder)) {
    const [, name, variant] = /^(.*)-(\w+\.\w+)$/.exec(file);
    fs.mkdirSync(variantFolder(uploads, name), { recursive: true });
    fs.renameSync(path.join(folder, file), path.join(variantFolder(uploads, name), variant));
  }
}

/** By `darkroom variants`, whose start counts; else by a worker with so many slots. */
async function darkroomAlone(bench, options) {
  if (!hasVariantsCommand()) return backlog(bench, 'darkroom', options);
  const uploads = layOut(bench);
  const folder = path.join(uploads, 'out');
  const before = endedChildrenSeconds();
  const start = performance.now();
  const program = darkroomVariants(bench.redis, jobsOf(bench).map(x => path.join(uploads, x.filePath)), folder, options);
  const watch = new Watch(program.child.pid);
  await program.done();
  const seconds = (performance.now() - start) / 1000;
  const peaks = watch.stop();
  sortIn(folder, uploads);
  const figures = figuresOf(bench, uploads, seconds, { ...peaks, cpu_s: endedChildrenSeconds() - before });
  bench.keep('darkroom', options, uploads);
  return figures;
}

/** So many pictures in flight (`concurrency`), without a queue. */
export function direct(bench, system, options) {
  return system === 'sharp' ? sharpAlone(bench, options) : darkroomAlone(bench, options);
}
