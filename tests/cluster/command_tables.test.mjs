// Lists for people: headers, ages, what was left out; nothing that strangers
// wrote adds a line or moves the cursor. Ids of keys are no jobs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, staged, until } from './_lib.mjs';
import { Worker } from 'bullmq';

const NASTY = 'a\r\n\x1b[2J\x00\x7f\u0085\u202eb\u200b\u2028c';
// eslint-disable-next-line no-control-regex
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

async function lines(stage, ...args) {
  const { code, out, err } = await stage.command(args);
  assert.equal(code, 0, `${args.join(' ')}: ${err}`);
  return out.split('\n').slice(0, -1);
}

async function fail(stage, count, name = 'echo', reason = 'broke') {
  const queue = stage.queue();
  const worker = new Worker(QUEUE, () => { throw new Error(reason); }, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null } });
  worker.on('error', () => {});
  await queue.addBulk(Array.from({ length: count }, () => ({ name, data: { text: NASTY } })));
  await until(async () => await queue.getFailedCount() === count, 'all fail');
  await worker.close();
  return queue;
}

test('what strangers wrote takes one line and is escaped', staged(async stage => {
  const queue = await fail(stage, 1, NASTY, NASTY);
  const [dead] = await queue.getFailed();
  await dead.log(NASTY);
  await queue.add(NASTY, {}, { jobId: `id${NASTY}` });
  const count = async (n, ...args) => {
    const out = await lines(stage, ...args);
    assert.equal(out.length, n, `${args.join(' ')}: ${out.join('|')}`);
    for (const line of out) assert.doesNotMatch(line, RAW, args.join(' '));
  };
  await count(2, 'jobs', '--state', 'failed');
  await count(2, 'jobs');
  await count(3, 'jobs', '--state', 'all');
  await count(2, 'dead');
  await count(1, 'job', 'logs', dead.id);
  for (const args of [['job', 'show', dead.id], ['dead', 'show', dead.id], ['job', 'why', `id${NASTY}`], ['job', 'show', `id${NASTY}`]].map(x => x.map(y => y.replaceAll('\0', ''))))
    for (const line of (await stage.command(args)).out.split('\n')) assert.doesNotMatch(line, RAW, args.join(' '));
  for (const args of [['jobs', '--state', 'failed'], ['job', 'show', dead.id], ['job', 'logs', dead.id], ['dead'], ['events', '--last', '5'], ['top', '--once', '--every', '100ms']]) {
    const { out } = await stage.command([...args, '--json']);
    assert.ok(out.trim().split('\n').every(line => JSON.parse(line)), args.join(' '));
    assert.doesNotMatch(out.replaceAll('\n', ''), RAW, `${args.join(' ')} --json`);
  }
  const { err } = await stage.command(['job', 'show', 'x\r\n\x1b[2Jforged']);
  assert.equal(err.trimEnd().split('\n').length, 1);
  assert.doesNotMatch(err.trimEnd(), RAW);
}));

test('a job of odd fields is shown and ends nothing', staged(async stage => {
  const queue = await fail(stage, 1);
  const [dead] = await queue.getFailed();
  await stage.redis().hset(`bull:${QUEUE}:${dead.id}`, 'finishedOn', '"soon"', 'timestamp', '1e300', 'atm', '[]', 'pb', '\x1b', 'stacktrace', '7');
  for (const args of [['dead'], ['dead', 'show', dead.id], ['jobs', '--state', 'failed'], ['job', 'show', dead.id]])
    assert.ok((await lines(stage, ...args)).length > 0, args.join(' '));
}));

test('keys of the queue are no jobs', staged(async stage => {
  const queue = stage.queue();
  await queue.add('echo', {});
  await queue.upsertJobScheduler('nightly', { every: 3600000 }, { name: 'echo' });
  const dump = async () => {
    const keys = (await stage.redis().keys('*')).sort();
    return Object.fromEntries(await Promise.all(keys.map(async key => [key, (await stage.redis().dumpBuffer(key)).toString('hex')])));
  };
  const before = await dump();
  for (const id of ['meta', 'wait', 'events', 'id', 'delayed', 'repeat', 'repeat:nightly', 'nothing'])
    for (const action of ['show', 'why', 'logs', 'retry', 'promote', 'cancel', 'remove']) {
      const { code, out, err } = await stage.command(['job', action, id]);
      assert.deepEqual([code, out], [1, ''], `${action} ${id}: ${err}`);
      assert.match(err, new RegExp(`there is no job ${id}`), `${action} ${id}`);
    }
  assert.deepEqual(await dump(), before);
}));

test('lists have a header and say how many more there are', staged(async stage => {
  const queue = await fail(stage, 7);
  await queue.addBulk(Array.from({ length: 60 }, (_, i) => ({ name: 'echo', data: { i } })));
  const first = await lines(stage, 'jobs');
  assert.match(first[0], /^id +name +state +age +attempts +data$/);
  assert.match(first[1], /^\d+ +echo +waiting +\d+(\.\d)? m?s +0 +\{"i":0\}$/);
  assert.equal(first.length, 52);
  assert.equal(first[51], '10 more jobs: --page 1');
  const last = await lines(stage, 'jobs', '--page', '1');
  assert.equal(last.length, 11);
  assert.equal((await lines(stage, 'jobs', '--limit', '59')).at(-1), '1 more job: --page 1');
  assert.equal((await lines(stage, 'jobs', '--limit', '60')).length, 61);

  const dead = await lines(stage, 'dead', '--limit', '3');
  assert.match(dead[0], /^id +name +failed +age +attempts +node +failure$/);
  assert.equal(dead.length, 5);
  assert.equal(dead[4], '4 more jobs: --limit 0 lists all');
  assert.equal((await lines(stage, 'dead', '--limit', '6', '--error', 'bro')).at(-1), '1 more job: --limit 0 lists all');
  assert.equal((await lines(stage, 'dead', '--limit', '7', '--error', 'bro')).length, 8);
}));

test('jobs are listed of all states, and under BullMQ\'s names', staged(async stage => {
  const queue = await fail(stage, 2);
  await queue.add('echo', { i: 1 });
  await queue.add('echo', { i: 2 }, { delay: 3600000 });
  await queue.add('echo', { i: 3 }, { priority: 2 });
  const ids = async (...args) => JSON.parse((await lines(stage, 'jobs', '--json', ...args)).join('')).map(job => `${job.id} ${job.state}`);
  const all = ['3 waiting', '5 prioritized', '4 delayed', '2 failed', '1 failed'];
  assert.deepEqual(await ids('--state', 'all'), all);
  const pages = [];
  for (const page of ['0', '1', '2', '3']) pages.push(...await ids('--state', 'all', '--limit', '2', '--page', page));
  assert.deepEqual(pages, all);
  assert.deepEqual(await ids('--state', 'wait'), ['3 waiting']);
  assert.deepEqual(await ids('--state', 'paused'), []);
  await queue.pause();
  assert.deepEqual(await ids('--state', 'paused'), ['3 waiting']);
}));

test('one is one job, and two are two jobs', staged(async stage => {
  const queue = await fail(stage, 3);
  const says = async (...args) => (await lines(stage, ...args)).join('\n');
  assert.equal(await says('dead', 'redrive', '--limit', '1'), '1 job redriven');
  assert.equal(await says('dead', 'purge', '--yes'), '2 jobs removed');
  assert.equal(await says('queue', 'drain', '--yes'), '1 job removed');
  assert.match(await says('add', 'echo', '--count', '2'), /^added 2 jobs, ids \d+ to \d+$/);
  await queue.setGlobalRateLimit(1, 1000);
  assert.match(await says('queue'), /^limit +1 start in 1 s$/m);
}));
