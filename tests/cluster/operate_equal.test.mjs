// Every change that an operator's command makes, compared key by key and event
// by event with what BullMQ's method of that name makes of the same queue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowProducer, Queue, Worker } from 'bullmq';
import { QUEUE, sleep, staged } from './_lib.mjs';

const TOKEN = 'token';
const HOUR = 3600000;
const reactions = ['', 'failParentOnFailure', 'ignoreDependencyOnFailure', 'continueParentOnFailure', 'removeDependencyOnFailure'];

/** What is in Redis, with times left out. */
async function dump(redis) {
  const timeless = text => text.replace(/\b1[0-9]{12}\b/g, 'TIME').replace(/\b[0-9]{16}\b/g, 'DUE');
  const out = {};
  for (const key of (await redis.keys('bull:*')).sort()) {
    const type = await redis.type(key);
    let value;
    if (type === 'hash') value = Object.fromEntries(Object.entries(await redis.hgetall(key)).filter(([field]) => field !== 'stacktrace').sort());
    else if (type === 'list') value = await redis.lrange(key, 0, -1);
    else if (type === 'zset') value = await redis.zrange(key, 0, -1, 'WITHSCORES');
    else if (type === 'set') value = (await redis.smembers(key)).sort();
    else if (type === 'stream') value = (await redis.xrange(key, '-', '+')).map(entry => entry[1]);
    else value = await redis.get(key);
    out[timeless(key)] = timeless(JSON.stringify(value));
  }
  return out;
}

test('commands change a queue as BullMQ does', staged(async stage => {
  const redis = stage.redis();
  const connection = { url: stage.redisUrl, maxRetriesPerRequest: null };
  const queue = new Queue(QUEUE, { connection, skipMetasUpdate: true });
  const flow = new FlowProducer({ connection });
  const worker = new Worker(QUEUE, null, { connection, autorun: false });
  for (const x of [worker, flow, queue]) x.on('error', () => {});
  stage.closers.push(() => worker.close(true), () => flow.close(), () => queue.close());
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);

  const next = () => worker.getNextJob(TOKEN, { block: false });
  const complete = async () => (await next()).moveToCompleted(1, TOKEN, false);
  const fail = async () => (await next()).moveToFailed(new Error('x'), TOKEN, false);
  const child = (jobId, more = {}) => ({ name: 'k', queueName: QUEUE, opts: { jobId }, ...more });
  const family = (count, options = {}) => flow.add({ name: 'p', queueName: QUEUE, opts: { jobId: 'p' },
    children: Array.from({ length: count }, (_, i) => child(`k${i}`, { opts: { jobId: `k${i}`, ...options } })) });
  const mix = async () => {
    for (let i = 0; i < 3; i++) await queue.add('a', { i });
    await queue.add('b', {}, { priority: 3 });
    await queue.add('c', {}, { delay: HOUR, deduplication: { id: 'u' } });
  };

  const cases = [];
  const same = (name, setUp, theirs, ours, keys = () => true) => cases.push({ name, setUp, theirs, ours, keys });
  const remove = (name, id, setUp) => same(`remove ${name}`, setUp, () => queue.remove(id), ['job', 'remove', id]);
  const retry = (name, id, setUp, state = 'failed') =>
    same(`retry ${name}`, setUp, async () => (await queue.getJob(id)).retry(state), ['job', 'retry', id]);
  const promote = (name, id, setUp) => same(`promote ${name}`, setUp, async () => (await queue.getJob(id)).promote(), ['job', 'promote', id]);

  for (const id of ['1', '4', '5']) remove(`job ${id}`, id, mix);
  remove('a job that runs', '1', async () => { await mix(); await next(); });
  remove('a child', 'k0', () => family(2));
  remove('the only child', 'k0', () => family(1));
  remove('a parent whose child runs', 'p', async () => { await family(2); await next(); });
  remove('a flow over queues', 'p', () => flow.add({ name: 'p', queueName: QUEUE, opts: { jobId: 'p' },
    children: [child('a'), child('b', { queueName: 'other', children: [child('c')] })] }));
  for (const flag of reactions) {
    const setUp = async () => { await family(2, flag ? { [flag]: true } : {}); await fail(); };
    remove(`a failed child, ${flag}`, 'k0', setUp);
    retry(`a failed child, ${flag}`, 'k0', setUp);
  }
  retry('a completed child', 'k0', async () => { await family(2); await complete(); }, 'completed');
  for (const options of [{}, { priority: 4 }, { lifo: true }]) {
    retry(JSON.stringify(options), '1', async () => {
      await queue.add('a', {}, options);
      await fail();
      await queue.add('b');
      await queue.add('b', {}, { priority: 4 });
    });
    promote(JSON.stringify(options), '2', async () => { await queue.add('b'); await queue.add('a', {}, { delay: HOUR, ...options }); });
  }
  retry('while paused', '1', async () => { await queue.add('a'); await fail(); await queue.pause(); });
  promote('while paused', '1', async () => { await queue.add('a', {}, { delay: HOUR }); await queue.pause(); });

  const drain = (name, setUp, delayed = false) => same(`drain ${name}`, setUp, () => queue.drain(delayed), ['queue', 'drain', '--yes', ...delayed ? ['--delayed'] : []]);
  drain('a mix', mix);
  drain('a mix with delayed', mix, true);
  drain('a family', () => family(3));
  drain('a family whose child runs', async () => { await family(3); await next(); });
  drain('three generations', () => flow.add({ name: 'p', queueName: QUEUE, opts: { jobId: 'p' }, children: [child('a', { children: [child('b')] })] }));
  for (const state of ['failed', 'completed', 'waiting', 'delayed', 'prioritized', 'active', 'waiting-children'])
    for (const limit of [0, 1])
      same(`clean ${limit} of ${state}`, async () => {
        for (let i = 0; i < 4; i++) await queue.add('a');
        await fail(); await fail(); await complete(); await complete();
        await mix();
        await next();
        await family(2);
        await sleep(3);
      }, () => queue.clean(0, limit, state === 'waiting' ? 'wait' : state), ['queue', 'clean', '--yes', '--state', state, '--limit', `${limit}`],
      key => !key.endsWith(':events')); // `cleaned` comes once a slice
  same('obliterate', async () => { await mix(); await fail(); await complete(); await family(2); }, () => queue.obliterate(), ['queue', 'obliterate', '--yes']);
  same('obliterate while a job runs', async () => { await mix(); await next(); }, () => queue.obliterate(), ['queue', 'obliterate', '--yes']);
  same('obliterate with force', async () => {
    await mix();
    await next();
    await queue.upsertJobScheduler('s', { every: HOUR });
    await flow.add({ name: 'p', queueName: QUEUE, opts: { jobId: 'p' }, children: [child('k', { queueName: 'other' })] });
  }, () => queue.obliterate({ force: true }), ['queue', 'obliterate', '--force', '--yes']);

  // The parent's queue hears nothing of it.
  const elsewhere = () => flow.add({ name: 'p', queueName: 'other', opts: { jobId: 'p' }, children: [child('k'), child('l')] });
  same('obliterate the queue of the children', elsewhere, () => queue.obliterate(), ['queue', 'obliterate', '--yes']);
  drain('the queue of the children', elsewhere);
  const press = (action, name, setUp) =>
    same(`${action} ${name}`, setUp, () => queue[action](), ['queue', action], key => !key.endsWith(':marker') || action === 'resume');
  press('pause', 'a mix', mix);
  press('pause', 'twice', async () => { await mix(); await queue.pause(); });
  press('resume', 'what is paused', async () => { await mix(); await queue.pause(); });
  press('resume', 'what is not paused', mix);
  press('resume', 'a list of version 5', async () => { await mix(); await redis.rename(`bull:${QUEUE}:wait`, `bull:${QUEUE}:paused`); });
  press('resume', 'two lists', async () => { await mix(); await redis.rpush(`bull:${QUEUE}:paused`, '8', '9'); });

  const wrong = [];
  for (const { name, setUp, theirs, ours, keys } of cases) {
    const seen = [];
    for (const act of [() => theirs().catch(() => {}), () => stage.command(ours)]) {
      await redis.flushall();
      await setUp();
      const told = await act();
      seen.push({ told, keys: Object.fromEntries(Object.entries(await dump(redis)).filter(([key]) => keys(key))) });
    }
    try {
      assert.deepEqual(seen[1].keys, seen[0].keys);
    } catch (difference) {
      wrong.push(`${name} (${JSON.stringify(seen[1].told)}): ${difference.message}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(cases.length > 40);
}));

test('ids of deduplication last as with BullMQ', staged(async stage => {
  const redis = stage.redis();
  const queue = stage.queue();
  const key = `bull:${QUEUE}:de:k`;
  const lasts = async () => {
    const ms = await redis.pttl(key);
    return ms > 0 ? Math.ceil(ms / 10000) : ms;
  };
  const rules = [{}, { ttl: 10000 }, { ttl: 10000, keepLastIfActive: true }, { ttl: 10000, keepLastIfActive: true, extend: true },
    { ttl: 10000, replace: true }, { ttl: 20000, extend: true }, { replace: true }, { ttl: 20000, replace: true, extend: true },
    { ttl: 20000, replace: true, keepLastIfActive: true }];
  const seen = async add => {
    const out = [];
    for (const first of rules)
      for (const second of rules) {
        await redis.flushall();
        for (const rule of [first, second]) {
          await add({ delay: 600000, deduplication: { id: 'k', ...rule } });
          out.push(`${JSON.stringify(first)} ${JSON.stringify(second)}: ${await redis.get(key)} for ${await lasts()}`);
        }
      }
    return out;
  };
  assert.deepEqual(await seen(options => stage.command(['add', 'echo', '--data', '{}', '--options', JSON.stringify(options)])),
    await seen(options => queue.add('echo', {}, options)));
}));
