// `darkroom events`: what happened, what happens, only what is wanted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';
import { Terminal } from './_terminal.mjs';

const objects = text => text.trim().split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));

test('events are told from the stream, filtered by type, job, image and time', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const queue = stage.queue();
  const first = await queue.add('echo', { imageId: 'cat-1' });
  const second = await queue.add('crash', { message: 'broke\x1b[2J' }, { attempts: 1 });
  await until(async () => (await queue.getFailedCount()) === 1 && (await queue.getCompletedCount()) === 1, 'both have ended');
  const told = async (...args) => {
    const { code, out, err } = await stage.command(['events', '--json', ...args]);
    assert.equal(code, 0, err);
    return objects(out);
  };
  const all = await told('--since', '10m');
  const types = id => all.filter(x => x.jobId === id).map(x => x.type).filter(x => x !== 'job-progress');
  assert.deepEqual(types(first.id), ['job-queued', 'job-waiting', 'job-active', 'job-completed']);
  assert.deepEqual(types(second.id).slice(-2), ['job-failed', 'job-retries-exhausted']);
  const done = all.find(x => x.type === 'job-completed');
  assert.equal(done.jobName, 'echo');
  assert.equal(done.imageId, 'cat-1');
  assert.ok(Math.abs(done.at - Date.now()) < 60000);
  assert.equal(all.find(x => x.type === 'job-failed').failedReason, 'broke\x1b[2J');
  assert.deepEqual((await told('--type', 'job-failed,job-completed')).map(x => x.type).sort(), ['job-completed', 'job-failed']);
  assert.ok((await told('--job', second.id)).every(x => x.jobId === second.id));
  assert.deepEqual((await told('--image', 'cat-1', '--type', 'job-queued')).map(x => x.jobId), [first.id]);
  assert.equal((await told('--last', '2')).length, 2);
  assert.deepEqual(await told('--since', done.id), all.slice(all.findIndex(x => x.id === done.id) + 1));
  assert.deepEqual(await told('--since', `${all[0].at}`), all);
  assert.deepEqual(await told('--since', new Date(Date.now() + 3600000).toISOString().replace(/\.\d+Z/, 'Z')), []);
  assert.match((await stage.command(['events', '--since', '2020-01-01'])).err, /Redis keeps the events since/);
  const { out } = await stage.command(['events', '--type', 'job-failed']);
  assert.match(out, /^\d\d:\d\d:\d\d\.\d{3} {2}job-failed +2 +crash +- {2}broke\\x1b\[2J$/m);
}));

test('wrong flags are refused with what is allowed', staged(async stage => {
  for (const [args, why] of [[['--type', 'job-fialed'], /did you mean 'job-failed'/], [['--type', 'failed'], /did you mean 'job-failed'/],
    [['--since', 'yesterday'], /'yesterday' is no time: use 10m/], [['--since', '1m', '--last', '3'], /exclude each other/], [['--last', '-1'], /--last/]]) {
    const { code, err } = await stage.command(['events', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, why);
  }
}));

test('followed events come as they happen, through lost connections, until a signal', staged(async stage => {
  const follower = stage.darkroom('events', ['events', '--follow', '--json'], { REDIS_URL: stage.redisUrl });
  const seen = () => objects(follower.out).filter(x => x.type === 'job-queued').map(x => x.jobName);
  await until(async () => { // it has begun to follow
    await stage.queue().add('one', {});
    return seen().length > 0;
  }, 'it follows');
  await stage.redis().client('KILL', 'TYPE', 'normal');
  await stage.queue().add('two', {});
  await until(() => seen().includes('two'), 'it goes on');
  follower.kill('SIGTERM');
  assert.equal((await follower.within(5000)).code, 0);
}));

test('on a terminal events fit its width, and are coloured unless NO_COLOR is set', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  await stage.queue().add('crash', { message: 'x'.repeat(300) }, { attempts: 1 });
  await until(async () => (await stage.queue().getFailedCount()) === 1, 'it has failed');
  const run = async env => {
    const terminal = new Terminal(stage, ['events', '--type', 'job-failed'], { env });
    assert.equal((await terminal.ended).code, 0);
    return terminal.text.trim();
  };
  const coloured = await run({});
  assert.match(coloured, /\x1b\[31mjob-failed/);
  const plain = await run({ NO_COLOR: '1' });
  assert.doesNotMatch(plain, /\x1b/);
  assert.ok([...plain].length <= 80 && plain.endsWith('…'), plain);
}));
