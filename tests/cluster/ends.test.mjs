// Whatever strangers wrote into a job or beside it: its end is one, and holds up
// no other job.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, staged, until } from './_lib.mjs';

/** Fields of a job that are numbers, with what is none. */
const NUMBERS = [];

const key = id => `bull:${QUEUE}:${id}`;

/** What makes Redis refuse to move a job that has run: {name, spoil}. */
const SPOILT = {
  'a parent whose children are no set': async redis => {
    await redis.hset(key('bad'), 'parentKey', key('p'), 'parent', JSON.stringify({ id: 'p', queueKey: `bull:${QUEUE}` }));
    await redis.set(`${key('p')}:dependencies`, 'x');
  },
  'a deduplication id whose owner is no string': async redis => {
    await redis.hset(key('bad'), 'deid', 'd');
    await redis.rpush(key('de:d'), 'x');
  },
};

for (const [what, spoil] of Object.entries(SPOILT)) {
  test(`a job with ${what} ends, and those with it complete`, staged(async stage => {
    const queue = stage.queue();
    await queue.pause();
    await queue.add('echo', {}, { jobId: 'bad', attempts: 1 });
    await queue.addBulk(Array.from({ length: 6 }, (_, i) => ({ name: 'echo', data: { i } })));
    await spoil(stage.redis());
    await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true', DARKROOM_WORKER_CONCURRENCY: '10' });
    await queue.resume();
    await until(async () => await queue.getCompletedCount() === 6, 'the others are completed');
    await until(async () => await stage.redis().zscore(key('failed'), 'bad'), 'it has failed');
    assert.match(await stage.redis().hget(key('bad'), 'failedReason'), /^Redis cannot do what this job needs: /);
    assert.equal(await queue.getActiveCount(), 0);
    await queue.add('echo', {});
    await until(async () => await queue.getCompletedCount() === 7, 'a job that is added later is completed');
  }));
}

for (const field of ['ats', 'atm', 'stc', 'priority', 'delay', 'timestamp', 'drLost', 'drCodecDeaths', 'processedOn'])
  for (const text of ['abc', 'nan', '1e999', '-1e999', ''])
    NUMBERS.push([field, text]);

test('jobs whose numbers are none run as if the numbers were missing', staged(async stage => {
  const queue = stage.queue();
  await queue.pause();
  for (const [i, [field, text]] of NUMBERS.entries()) {
    await queue.add('echo', {}, { jobId: `bad${i}`, attempts: 1 });
    await stage.redis().hset(key(`bad${i}`), field, text);
    await queue.add('echo', { i });
  }
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true', DARKROOM_WORKER_CONCURRENCY: '10' });
  await queue.resume();
  await until(async () => await queue.getCompletedCount() === 2 * NUMBERS.length, 'all are completed');
  assert.deepEqual(await queue.getFailed(), []);
  assert.equal(await queue.getActiveCount(), 0);
}));

test('a job is tried again though its stack trace has what is no JSON number', staged(async stage => {
  const queue = stage.queue();
  await queue.pause();
  await queue.add('flaky', { failTimes: 1 }, { jobId: 'bad', attempts: 2 });
  await stage.redis().hset(key('bad'), 'stacktrace', '[1e999]');
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  await queue.resume();
  await until(async () => await queue.getCompletedCount() === 1, 'it is completed');
  const trace = JSON.parse(await stage.redis().hget(key('bad'), 'stacktrace'));
  assert.equal(trace.length, 1);
  assert.match(trace[0], /^Error: /);
}));
