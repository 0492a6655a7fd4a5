// Plays cases against `darkroom solo`, several at once, each with a process, a
// queue and a catalog of its own, so that no case learns from another one.
//
// A case: {name, answers, …what is expected}. Expected are
//   calls      to the provider, 1 by default
//   attempts   that count, 1 by default
//   state      'completed' by default; 'failed'; 'waits': not called again, no
//              attempt counted
//   reason     a pattern for what the job says, if it failed
//   said       members of the stored metadata
//   waited     [least, most] ms between the first two calls
//   sent       a function that gets the bodies of the calls, and asserts
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Queue } from 'bullmq';
import { freePort, ROOT, sleep, Stage, until } from '../cluster/_lib.mjs';
import { good, Provider, vector } from './_provider.mjs';

const KEY = 'sk-canary-0123456789abcdef';
const PICTURE = path.join(ROOT, 'tests/pictures/photo-baseline.jpg');
const REST_MS = 1500; // how long a job that waits is watched
const LIMIT_MS = 60000;
const DAY = { attempts: 3, backoff: { type: 'fixed', delay: 200 } };

/** The settings under which a case's provider is asked. */
function settings(kind, url) {
  const section = kind === 'vision' ? 'VISION' : 'EMBEDDING';
  return {
    [`DARKROOM_${section}_PROVIDER`]: 'openai',
    [`DARKROOM_${section}_BASE_URL`]: `${url}/`, // the slash is taken off
    [`DARKROOM_${section}_API_KEY`]: ` ${KEY} `, // as is the space
    [`DARKROOM_${section}_MODEL`]: 'scripted',
    [`DARKROOM_${section}_TIMEOUT`]: '3s',
    DARKROOM_WORKER_CONCURRENCY: '1',
    DARKROOM_LOG_LEVEL: 'debug',
  };
}

/** A stage of one case, on the Redis that all cases of a file share. */
class Booth extends Stage {
  constructor(hall, kind, url) {
    super();
    this.redisUrl = hall.redisUrl;
    this.redisPort = hall.redisPort;
    this.kind = kind;
    this.more = settings(kind, url);
    fs.copyFileSync(PICTURE, path.join(this.uploads, 'picture.jpg'));
  }

  /** Starts the process; its queue has a name of its own. */
  async open(number) {
    this.name = `case-${number}`;
    const port = await freePort();
    this.solo = this.darkroom('solo', ['solo', '--port', `${port}`], {
      REDIS_URL: this.redisUrl, DARKROOM_QUEUE_NAME: this.name, DARKROOM_CLUSTER_PORT: '0', DARKROOM_CATALOG_DATABASE: this.database, ...this.more,
    });
    this.url = `http://127.0.0.1:${port}`;
    this.jobs = new Queue(this.name, { connection: { url: this.redisUrl, maxRetriesPerRequest: null } });
    this.jobs.on('error', () => {});
    this.closers.push(() => this.jobs.close());
    await this.solo.line('ready');
  }

  add(options) {
    const data = { imageId: 'one', filePath: 'picture.jpg', metadata: { searchableText: 'a red bicycle' } };
    return this.jobs.add(this.kind === 'vision' ? 'generate-metadata' : 'generate-embeddings', data, { ...DAY, ...options });
  }
}

async function judge(wanted, booth, provider, number) {
  const job = await booth.add(wanted.options);
  const calls = provider.callsOf(number);
  const now = () => booth.jobs.getJob(job.id);
  const state = wanted.state || 'completed';
  if (state === 'waits') {
    await until(() => calls.length >= (wanted.calls ?? 1), 'the provider is called', LIMIT_MS);
    await sleep(REST_MS);
    const left = await now();
    assert.ok(!['completed', 'failed'].includes(await left.getState()), `it is ${await left.getState()}: ${left.failedReason}`);
    assert.equal(left.attemptsMade, wanted.attempts ?? 0, 'attempts');
  } else {
    const ended = await until(async () => {
      if (booth.solo.end) throw new Error('solo has ended');
      const is = await job.getState();
      return (is === 'completed' || is === 'failed') && is;
    }, 'the job ends', LIMIT_MS);
    const left = await now();
    assert.equal(ended, state, left.failedReason);
    assert.equal(left.attemptsMade, wanted.attempts ?? 1, 'attempts');
    if (wanted.reason) assert.match(left.failedReason, wanted.reason);
  }
  assert.equal(calls.length, wanted.calls ?? 1, `calls: ${calls.map(x => x.at - calls[0].at)}`);
  if (wanted.waited) {
    const gap = calls[1].at - calls[0].at;
    assert.ok(gap >= wanted.waited[0] && gap <= wanted.waited[1], `waited ${gap} ms`);
  }
  if (wanted.said) {
    const { metadata } = await booth.get('/api/images/one');
    for (const [key, value] of Object.entries(wanted.said)) assert.deepEqual(metadata[key], value, key);
  }
  if (wanted.sent) wanted.sent(calls.map(call => call.body));
  for (const call of calls) {
    assert.equal(call.headers.authorization, `Bearer ${KEY}`);
    assert.ok(!('temperature' in call.body), 'temperature is never sent');
    assert.ok(!call.path.includes('//'), call.path);
  }
}

/** No text that leaves the process has the key. */
async function findKey(booth) {
  const redis = booth.redis();
  const keys = await redis.keys(`*${booth.name}*`);
  const texts = [booth.solo.out];
  for (const key of keys) texts.push(key, `${await redis.dump(key)}`);
  assert.ok(!texts.some(text => text.includes(KEY)), 'the key is told');
}

/** A test of a table: each of its cases is a subtest. */
export function cases(name, kind, table) {
  test(name, { concurrency: Number(process.env.AT_ONCE || 4), timeout: 600000 }, t => play(t, kind, table));
}

async function play(t, kind, table) {
  const chosen = table.filter(x => !process.env.CASE || x.name.includes(process.env.CASE));
  const hall = new Stage();
  const provider = new Provider();
  try {
    await hall.startRedis();
    await provider.start();
    await Promise.all(chosen.map((wanted, number) => t.test(wanted.name, { timeout: 120000 }, async () => {
      const answers = wanted.answers || [kind === 'vision' ? good : vector];
      const booth = new Booth(hall, kind, provider.play(number, answers));
      try {
        await booth.open(number);
        await judge(wanted, booth, provider, number);
        await findKey(booth);
      } catch (problem) {
        console.error(`${wanted.name}\n${booth.report()}`);
        throw problem;
      } finally {
        await booth.close();
      }
    })));
  } finally {
    provider.close();
    await hall.close();
  }
}
