// Commands that empty something ask first: --yes, a terminal, or nothing is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, BINARY, staged, until } from './_lib.mjs';
import { Worker } from 'bullmq';

/** A queue with two jobs that wait, one that is delayed, two dead ones. */
async function filled(stage) {
  const queue = stage.queue();
  const worker = new Worker(QUEUE, () => { throw new Error('broke'); }, { connection: { url: stage.redisUrl, maxRetriesPerRequest: null } });
  worker.on('error', () => {});
  await queue.addBulk([{ name: 'echo', data: {} }, { name: 'echo', data: {} }]);
  await until(async () => await queue.getFailedCount() === 2, 'two fail');
  await worker.close();
  await queue.addBulk([{ name: 'echo', data: {} }, { name: 'echo', data: {} }]);
  await queue.add('echo', {}, { delay: 3600000 });
  return queue;
}

const DANGEROUS = [
  [['queue', 'drain'], /removes 2 jobs that wait in queue 'image-processing' for good.*--yes/],
  [['queue', 'drain', '--delayed'], /removes 3 jobs/],
  [['queue', 'clean', '--state', 'failed'], /removes all jobs in state failed/],
  [['queue', 'obliterate'], /removes queue 'image-processing' with its 5 jobs/],
  [['queue', 'obliterate', '--force'], /removes queue/],
  [['dead', 'redrive'], /puts all dead jobs .* back in line/],
  [['dead', 'redrive', '--limit', '0'], /puts all dead jobs/],
  [['dead', 'purge'], /removes all dead jobs/],
  [['dead', 'purge', '--name', 'echo'], /named 'echo'/],
  [['dead', 'purge', '1'], /removes dead job 1 /],
];

test('without a terminal and without --yes nothing is done', staged(async stage => {
  const queue = await filled(stage);
  const before = await queue.getJobCounts();
  for (const [args, what] of DANGEROUS) {
    const { code, out, err } = await stage.command(args);
    assert.deepEqual([code, out], [2, ''], `${args.join(' ')}: ${err}`);
    assert.match(err, what);
    assert.match(err, /--yes/);
  }
  assert.deepEqual(await queue.getJobCounts(), before);
  assert.equal(await queue.isPaused(), false);
}));

test('with --yes, or for a part of the dead, it is done at once', staged(async stage => {
  const queue = await filled(stage);
  const done = async (...args) => JSON.parse((await stage.command([...args, '--json'])).out);
  assert.deepEqual(await done('dead', 'purge', '1', '--yes'), { removed: 1 });
  assert.equal(await queue.getFailedCount(), 1, 'only the one that was named');
  assert.deepEqual(await done('dead', 'redrive', '--limit', '1'), { redriven: 1 });
  assert.deepEqual(await done('queue', 'drain', '--yes'), { removed: 3 });
  assert.deepEqual(await done('queue', 'clean', '--state', 'delayed', '--yes'), { removed: 1 });
  assert.equal((await done('queue', 'obliterate', '--yes')).obliterated, QUEUE);
  assert.deepEqual(await stage.redis().keys('bull:*'), []);
}));

test('at a terminal it is asked', staged(async stage => {
  const queue = await filled(stage);
  // script(1) gives the command a terminal.
  const answer = async text => {
    const proc = stage.start('asked', 'script', ['-qefc', `${BINARY} queue drain`, '/dev/null'], { env: stage.env({ REDIS_URL: stage.redisUrl }), stdio: ['pipe', 'pipe', 'pipe'] });
    await until(() => /Type yes/.test(proc.out), 'it asks');
    proc.child.stdin.write(`${text}\n`);
    return (await proc.within(10000)).code;
  };
  assert.equal(await answer('no'), 1);
  assert.equal(await queue.getWaitingCount(), 2);
  assert.equal(await answer('yes'), 0);
  assert.equal(await queue.getWaitingCount(), 0);
}));

test('only a dead job is purged by its id', staged(async stage => {
  const queue = await filled(stage);
  const { code, err } = await stage.command(['dead', 'purge', '3', '--yes']);
  assert.equal(code, 1);
  assert.match(err, /job 3 is not dead/);
  assert.equal(await queue.getWaitingCount(), 2);
}));
