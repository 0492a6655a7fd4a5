// Redis' connections are killed, it is killed, frozen, its memory is full, while
// jobs are added and run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Book } from './_book.mjs';
import { AOF, LONG, chaos, sleep, until } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const ALWAYS = [...AOF, 'always'];
const BACK_MS = 3000;
const JOB_MS = 200;
const AHEAD = 60; // jobs waiting or running: more than the 20 slots
const run = promisify(execFile);

const answers = async stage => (await run('redis-cli', ['-p', `${stage.redisPort}`, 'ping'], { timeout: 1000 }).catch(() => ({ stdout: '' }))).stdout.trim() === 'PONG';

/** A main, two workers, a queue that is never empty; runs `body` meanwhile, then closes the books. */
async function underLoad(stage, book, body) {
  const procs = [await stage.main(), ...await Promise.all(['worker-1', 'worker-2'].map(name => stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: '10' })))];
  const ledger = await Ledger.open(stage);
  const feed = ledger.feed(AHEAD, i => mixed(i, JOB_MS));
  await ledger.taken(Date.now());
  const again = []; // ms from Redis' answer to the first job that is taken
  const back = async () => {
    await until(() => answers(stage), 'Redis answers', 20000, 10);
    const at = Date.now();
    again.push(Math.max(0, await ledger.taken(at) - at));
    await sleep(500);
  };
  await body(back);
  await feed.stop();
  await ledger.end();
  book.times('fetching again after it answers', again, { most: BACK_MS });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  book.row('attempts or stalls counted', verdict.burned.length);
  for (const proc of procs) assert.equal(proc.end, null, `${proc.label} lives`);
  await until(async () => await stage.role('main') === 'active', 'ready again', 2000);
  book.close();
}

function outage(times, what, hit) {
  test(`${times} x ${what}`, chaos(async (stage, t) => {
    const book = new Book(`5. Redis: ${times} × ${what}`, t);
    await underLoad(stage, book, async back => {
      for (let i = 0; i < times; ++i) {
        await hit(stage);
        await back();
      }
    });
  }, { redis: ALWAYS }));
}

outage(LONG ? 60 : 10, 'CLIENT KILL of all connections', async stage => {
  for (const type of ['normal', 'pubsub']) await run('redis-cli', ['-p', `${stage.redisPort}`, 'client', 'kill', 'type', type, 'skipme', 'yes']);
});

outage(LONG ? 20 : 3, 'kill -9, AOF always', async stage => {
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  await stage.startRedis(ALWAYS);
});

const frozen = ms => async stage => {
  stage.redisProc.kill('SIGSTOP');
  await sleep(ms);
  stage.redisProc.kill('SIGCONT');
};
outage(LONG ? 15 : 2, '3 s frozen', frozen(3000));
if (LONG) outage(4, '10 s frozen', frozen(10000));
outage(1, LONG ? '60 s frozen' : '6 s frozen', frozen(LONG ? 60000 : 6000));

outage(LONG ? 10 : 1, '2 s of full memory (noeviction)', async stage => {
  const config = (...args) => run('redis-cli', ['-p', `${stage.redisPort}`, 'config', 'set', ...args]);
  await config('maxmemory-policy', 'noeviction');
  await config('maxmemory', '1mb');
  await sleep(2000);
  await config('maxmemory', '0');
});
