// The same death beside BullMQ's own Worker, both with their default settings:
// three workers that share fifteen jobs, kill -9 of one, the time until each of
// its jobs runs again. BullMQ's takes 30 to 60 s.
import path from 'node:path';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, kill9, sleep, until } from './_cluster.mjs';
import { Ledger, sleeping } from './_ledger.mjs';
import { QUEUE, ROOT } from '../cluster/_lib.mjs';

const SLOTS = 10; // of each worker
const JOBS = 15;  // half of all slots: nobody waits for one
const JOB_MS = 1500;
const NAMES = ['worker-1', 'worker-2', 'worker-3'];

const DARKROOM = {
  name: 'Darkroom',
  rounds: LONG ? 3 : 2,
  async open(stage) {
    await stage.main();
    const events = await stage.workerEvents();
    const where = id => events.findLast(x => x.jobId === id && x.type === 'job-active')?.node;
    return { start: name => stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: `${SLOTS}` }), where };
  },
};

const BULLMQ = {
  name: 'BullMQ\'s Worker',
  rounds: LONG ? 3 : 1,
  async open(stage) {
    const start = async name => {
      const proc = stage.start(name, 'node', [path.join(ROOT, 'tests/compat/reference-worker.mjs')], {
        env: { ...stage.env(), REDIS_URL: stage.redisUrl, QUEUE, CONCURRENCY: `${SLOTS}`, WORKER_NAME: name },
      });
      stage.nodes.set(name, proc);
      await proc.line('ready');
    };
    return { start, where: id => stage.redis().hget(`bull:${QUEUE}:${id}`, 'pb') };
  },
};

/** One kill; ms until each of the victim's jobs runs again. */
async function round(stage, ledger, { start, where }) {
  await ledger.add(JOBS, sleeping(JOB_MS));
  await until(async () => (await ledger.queue.getActiveCount()) === JOBS, 'all run', 15000, 20);
  await sleep(300);
  const active = (await ledger.queue.getActive()).map(job => job.id);
  const places = await Promise.all(active.map(where));
  const victims = active.filter((_, i) => places[i] === NAMES[0]);
  const killed = await kill9(stage.nodes.get(NAMES[0]));
  const again = await until(() => {
    const times = victims.filter(id => ledger.of(id).completed[0] === undefined || ledger.of(id).completed[0] > killed)
      .map(id => ledger.of(id).active.find(ms => ms >= killed));
    return times.every(Boolean) && times;
  }, 'the victim\'s jobs run again', 120000, 20);
  await start(NAMES[0]);
  await ledger.end(120000);
  return again.map(at => at - killed);
}

for (const system of [DARKROOM, BULLMQ])
  test(`kill -9 of a worker with default settings: ${system.name}`, chaos(async (stage, t) => {
    const book = new Book(`6. kill -9 of one of three workers, default settings: ${system.name}`, t);
    const ledger = await Ledger.open(stage);
    const fleet = await system.open(stage);
    for (const name of NAMES) await fleet.start(name);
    const times = [];
    for (let i = 0; i < system.rounds; ++i) times.push(...await round(stage, ledger, fleet));
    book.times('a dead worker\'s job starts elsewhere', times, system === DARKROOM ? { most: 1000 } : {});
    if (system === DARKROOM) book.verdict(await ledger.verdict());
    book.close();
  }));
