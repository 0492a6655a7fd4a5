// Redis' connections are killed, it is killed, stopped, frozen, its memory is
// full, while jobs are added and run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Book } from './_book.mjs';
import { QUEUE } from '../cluster/_lib.mjs';
import { AOF, LONG, chaos, sleep, until } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const ALWAYS = [...AOF, 'always'];
const BACK_MS = 3000;
const JOB_MS = 200;
const ON_ITS_WAY_MS = 80; // what was taken before that has reached its worker
// So long a new main waits for workers to say what they run. A claim whose answer is lost meanwhile is looked for after that only: its
// jobs seem to run.
const ADOPTION_MS = 2500;
const FEW = 3;            // jobs that run when Redis goes, at least
const AHEAD = 60; // jobs waiting or running: more than the 20 slots
const run = promisify(execFile);

const answers = async stage => (await run('redis-cli', ['-p', `${stage.redisPort}`, 'ping'], { timeout: 1000 }).catch(() => ({ stdout: '' }))).stdout.trim() === 'PONG';

/** How often a job was started, and stalled. */
const history = async (stage, id) => (await stage.redis().hmget(`bull:${QUEUE}:${id}`, 'ats', 'stc')).join();

/** Jobs that run at this moment, {id, before}. What was taken just now does not count: its answer may be lost. */
async function running(stage, ledger) {
  const out = [];
  for (const id of await stage.redis().lrange(`bull:${QUEUE}:active`, 0, -1))
    if (ledger.of(id).active.at(-1) < Date.now() - ON_ITS_WAY_MS) out.push({ id, before: await history(stage, id) });
  return out.length >= FEW && out;
}

/** A main, two workers, a queue that is never empty; runs `body` meanwhile, then closes the books. */
async function underLoad(stage, book, { job_ms = JOB_MS, ahead = AHEAD, settings = {} }, body) {
  const procs = [await stage.main('main', settings), ...await Promise.all(['worker-1', 'worker-2'].map(name => stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: '10' })))];
  const ledger = await Ledger.open(stage);
  const feed = ledger.feed(ahead, i => mixed(i, job_ms));
  await ledger.taken(Date.now());
  await sleep(ADOPTION_MS);
  const again = []; // ms from Redis' answer to the first job that is taken
  const ran = []; // {id, before}: jobs that ran when Redis went, as `history` has them
  await body({
    async leave(hit) {
      ran.push(...await until(() => running(stage, ledger), 'jobs run', 20000, 10));
      await hit();
    },
    async back() {
      await until(() => answers(stage), 'Redis answers', 20000, 10);
      const at = Date.now();
      again.push(Math.max(0, await ledger.taken(at) - at));
      await sleep(500);
    },
  });
  await feed.stop();
  await ledger.end();
  book.times('fetching again after it answers', again, { most: BACK_MS });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  const moved = [];
  for (const { id, before } of ran) if (await history(stage, id) !== before) moved.push(id);
  book.row('jobs that ran when it went', ran.length);
  book.row('of these started anew, or stalled by BullMQ\'s count', moved.length, { most: 0 });
  book.row('attempts or stalls counted, of all', verdict.burned.length);
  for (const proc of procs) assert.equal(proc.end, null, `${proc.label} lives`);
  await until(async () => await stage.role('main') === 'active', 'ready again', 2000);
  book.close();
}

function outage(times, what, hit, load = {}) {
  test(`${times} x ${what}`, chaos(async (stage, t) => {
    const book = new Book(`5. Redis: ${times} × ${what}`, t);
    await underLoad(stage, book, load, async ({ leave, back }) => {
      for (let i = 0; i < times; ++i) {
        await leave(() => hit(stage));
        await back();
      }
    });
  }, { redis: ALWAYS }));
}

outage(LONG ? 60 : 10, 'CLIENT KILL of all connections', async stage => {
  for (const type of ['normal', 'pubsub']) await run('redis-cli', ['-p', `${stage.redisPort}`, 'client', 'kill', 'type', type, 'skipme', 'yes']);
});

/** Redis is ended, is away for `ms`, and starts again with what its log has. */
const ended = (signal, ms) => async stage => {
  stage.redisProc.kill(signal);
  await stage.redisProc.within(2000);
  await sleep(ms);
  await stage.startRedis(ALWAYS);
};
outage(LONG ? 20 : 3, 'kill -9, AOF always', ended('SIGKILL', 0));
outage(LONG ? 15 : 1, '3 s stopped', ended('SIGTERM', 3000));
if (LONG) outage(4, '10 s stopped', ended('SIGTERM', 10000));
if (LONG) outage(1, '60 s stopped', ended('SIGTERM', 60000));

const frozen = ms => async stage => {
  stage.redisProc.kill('SIGSTOP');
  await sleep(ms);
  stage.redisProc.kill('SIGCONT');
};
outage(LONG ? 15 : 2, '3 s frozen', frozen(3000));
if (LONG) outage(4, '10 s frozen', frozen(10000));
outage(1, LONG ? '60 s frozen' : '6 s frozen', frozen(LONG ? 60000 : 6000));

// Away for longer than a lock lasts, while jobs run for longer than that; BullMQ's stalled check comes before the first renewal, as a
// rule. Slots stay free, to see that jobs are fetched.
const LONGER = { job_ms: 8000, ahead: 15, settings: { DARKROOM_QUEUE_LOCK_DURATION: '2s', DARKROOM_QUEUE_STALLED_INTERVAL: '100ms' } };
outage(LONG ? 6 : 1, '6 s stopped, three times the lock', ended('SIGTERM', 6000), LONGER);
outage(LONG ? 6 : 1, '6 s frozen, three times the lock', frozen(6000), LONGER);

outage(LONG ? 10 : 1, '2 s of full memory (noeviction)', async stage => {
  const config = (...args) => run('redis-cli', ['-p', `${stage.redisPort}`, 'config', 'set', ...args]);
  await config('maxmemory-policy', 'noeviction');
  await config('maxmemory', '1mb');
  await sleep(2000);
  await config('maxmemory', '0');
});
