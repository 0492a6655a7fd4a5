// One cell of the table each: a system does something on an empty Redis.
import fs from 'node:fs';
import path from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { cpuSeconds } from '../lib/process_tree.mjs';
import { quiet, sleep, until } from '../lib/processes.mjs';
import { costAJob } from '../lib/redis.mjs';
import { addByBullmq, addByDarkroom, addMany, queueName, systems } from './systems.mjs';

const warm_up_jobs = 10000; // enough for V8 to compile the worker's loop
const look_every_ms = 4;    // 0.3 % of the shortest run

const sum = (list, of) => list.reduce((total, x) => total + of(x), 0);

/** Waits until at most `left` jobs wait and, at the end, none runs. */
async function drained(redis, left) {
  for (;;) {
    const [[, waiting], [, active]] = await redis.client.pipeline()
      .llen(`bull:${queueName}:wait`).llen(`bull:${queueName}:active`).exec();
    if (waiting <= left && (left > 0 || active === 0)) return waiting;
    await sleep(look_every_ms);
  }
}

const echo = i => ({ name: 'echo', data: { i } });

/** Adds the jobs that `make` gives for the numbers from `begin` to before `end`. */
async function addBulk(queue, begin, end, opts, make = echo) {
  for (let i = begin; i < end; i += 1000)
    await queue.addBulk(Array.from({ length: Math.min(1000, end - i) }, (_, k) => ({ ...make(i + k), opts })));
}

/** Runs `body(queue, workers)` with the system's workers warm, idle and paused. */
async function withWorkers(redis, system, { concurrency, opts, make, env, warmUp = warm_up_jobs }, body) {
  const queue = new Queue(queueName, { connection: redis.connection });
  await queue.waitUntilReady();
  let workers = [];
  try {
    await addBulk(queue, -warmUp, 0, opts, make);
    workers = await systems[system].start(redis, concurrency, env);
    await drained(redis, 0);
    await queue.pause();
    await quiet(workers);
    return await body(queue, workers);
  } finally {
    await Promise.all(workers.map(x => x.stop()));
    await queue.close();
  }
}

/** CPU us of each role that the programs have, with all processes below them. */
function cpuByRole(programs) {
  const out = {};
  for (const { role, child } of programs)
    if (role) out[`${role}_us`] = (out[`${role}_us`] ?? 0) + 1e6 * cpuSeconds(child.pid);
  return out;
}

/** Resumes a queue of `backlog` jobs. @returns the figures of the first `jobs` */
async function processFirst(redis, queue, workers, backlog, jobs, others = []) {
  await quiet(workers);
  const cost = await redis.cost();
  const cpu = sum(workers, x => x.cpu());
  const before = cpuByRole([...workers, ...others]);
  const start = performance.now();
  await queue.resume();
  const done = backlog - await drained(redis, backlog - jobs);
  const seconds = (performance.now() - start) / 1000;
  const whole = done === backlog;
  if (whole) await quiet(workers); // what is told to others may come later
  const after = cpuByRole([...workers, ...others]);
  return {
    jobs_per_s: done / seconds,
    worker_cpu_us: (sum(workers, x => x.cpu()) - cpu) / done,
    ...Object.fromEntries(Object.entries(after).map(([role, us]) => [role, (us - before[role]) / done])),
    ...costAJob(cost, await redis.cost(), done),
    rss_mb: sum(workers, x => x.rss()),
  };
}

/**
 * A backlog is there: how fast is it done, at what cost?
 * @param make the job of a number; those of the warm-up are below 0
 * @param others programs with a role whose CPU time counts as well
 * @param watch is called with the workers; the function that it returns gives
 *        more figures once all is done
 */
export async function backlog(redis, system, { jobs, aof, remove, concurrency = 50, make, env, warmUp, others, watch }) {
  await redis.reset({ aof });
  const opts = remove ? { removeOnComplete: true } : {};
  return withWorkers(redis, system, { concurrency, opts, make, env, warmUp }, async (queue, workers) => {
    await addBulk(queue, 0, jobs, opts, make);
    const watched = watch?.(workers);
    const figures = await processFirst(redis, queue, workers, jobs, jobs, others);
    const failed = await queue.getFailedCount();
    if (failed > 0) throw new Error(`${failed} jobs failed: ${(await queue.getFailed(0, 0))[0].failedReason}`);
    return { ...figures, ...await watched?.() };
  });
}

/** Jobs are added in bulk, nobody works. */
export async function bulkAdd(redis, system, { jobs }) {
  await redis.reset();
  let seconds;
  let cost;
  if (system === 'bullmq') {
    cost = await redis.cost();
    seconds = await addByBullmq(redis, jobs);
  } else {
    const file = path.join(process.env.BENCH_FOLDER, 'jobs.ndjson');
    fs.writeFileSync(file, Array.from({ length: jobs }, (_, i) => `{"name":"echo","data":{"i":${i}}}\n`).join(''));
    cost = await redis.cost();
    seconds = await addByDarkroom(redis, file);
  }
  const found = await redis.client.llen(`bull:${queueName}:wait`);
  if (found !== jobs) throw new Error(`${found} of ${jobs} jobs were added`);
  return { jobs_per_s: jobs / seconds, ...costAJob(cost, await redis.cost(), jobs) };
}

/** One job at a time for an idle worker, as a Node client sees it. */
export async function latency(redis, system, { jobs, concurrency }) {
  await redis.reset();
  const workers = await systems[system].start(redis, concurrency);
  const queue = new Queue(queueName, { connection: redis.connection });
  const events = new QueueEvents(queueName, { connection: redis.connection });
  try {
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
    const listens = async () => / name=\S+:qe .* cmd=xread /.test(await redis.client.client('LIST'));
    await until(listens, 'QueueEvents reads the stream', 5000);
    let tell;
    events.on('completed', () => tell(performance.now()));
    const times = [];
    for (let i = -100; i < jobs; ++i) {
      const completed = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`job ${i} is not completed after 10 s`)), 10000);
        tell = at => { clearTimeout(late); resolve(at); };
      });
      const start = performance.now();
      await queue.add('echo', { i });
      const ms = await completed - start;
      if (i >= 0) times.push(ms);
      await sleep(3); // the worker waits for the next one again
    }
    times.sort((a, b) => a - b);
    const at = part => times[Math.floor(part * (times.length - 1))];
    return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
  } finally {
    await Promise.all([...workers.map(x => x.stop()), events.close(), queue.close()]);
  }
}

/** The first `jobs` of a small and of a huge backlog. */
export async function hugeBacklog(redis, system, { jobs, backlog }) {
  await redis.reset();
  return withWorkers(redis, system, { concurrency: 50 }, async (queue, workers) => {
    const before = sum(workers, x => x.rss());
    await addMany(redis, backlog);
    const figures = await processFirst(redis, queue, workers, backlog, jobs);
    return { ...figures, rss_growth_mb: figures.rss_mb - before };
  });
}
