// add: what nobody would run or read is refused, and what was there is told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BINARY, QUEUE, staged } from './_lib.mjs';

const run = (stage, ...args) => stage.command(['add', ...args]);

test('a job type that Darkroom does not run needs --force', staged(async stage => {
  const queue = stage.queue();
  const wrong = await run(stage, 'generate-metdata');
  assert.deepEqual([wrong.code, wrong.out], [2, '']);
  assert.match(wrong.err, /no job type 'generate-metdata'; did you mean 'generate-metadata'\?.*--force/);
  assert.equal((await run(stage, 'resize-video')).code, 2);
  assert.equal((await run(stage, 'resize-video', '--count', '2')).code, 2);
  assert.equal(await queue.count(), 0);
  const forced = await run(stage, 'resize-video', '--force');
  assert.equal(forced.code, 0, forced.err);
  assert.equal((await queue.getJob(forced.out.trim())).name, 'resize-video');
}));

test('options that nobody reads are refused with what was meant', staged(async stage => {
  const queue = stage.queue();
  for (const [options, why] of [
    [{ attemps: 3 }, /'attemps' is unknown; did you mean 'attempts'/],
    [{ removeOnCompleted: true }, /did you mean 'removeOnComplete'/],
    [{ frobnicate: 1 }, /'frobnicate' is unknown/],
    [{ attempts: '3' }, /attempts is not a whole number/],
    [{ attempts: 2.5 }, /attempts is not a whole number/],
    [{ attempts: -1 }, /attempts is not a whole number/],
    [{ lifo: 'yes' }, /lifo is neither true nor false/],
    [{ delay: 'soon' }, /delay is not a number/],
    [{ backoff: 'fixed' }, /backoff is neither/],
    [{ backoff: { type: 'exponental', delay: 5 } }, /backoff is malformed: type .*did you mean 'exponential'/],
    [{ backoff: { type: 'fixed', dealy: 5 } }, /'dealy' is unknown; did you mean 'delay'/],
    [{ removeOnFail: 'yes' }, /removeOnFail is not one of true, false/],
    [{ removeOnFail: { ages: 5 } }, /did you mean 'age'/],
    [{ deduplication: { id: 'x', ttl: 5, repalce: true } }, /did you mean 'replace'/],
    [{ repeat: { every: 5 } }, /repeat is not read here.*scheduler/],
    [{ jobId: 'meta' }, /'meta' is the name of a key/],
    [{ jobId: 'wait' }, /'wait' is the name of a key/],
    ['{"attempts":', /--options is not valid JSON/],
  ]) {
    const text = typeof options === 'string' ? options : JSON.stringify(options);
    const { code, out, err } = await run(stage, 'echo', '--options', text);
    assert.deepEqual([code, out], [2, ''], `${text}: ${err}`);
    assert.match(err, why);
  }
  assert.equal(await queue.count(), 0);
  const all = { attempts: 2, backoff: { type: 'exponential', delay: 5, jitter: 0.5 }, delay: 1, lifo: true, priority: 1, jobId: 'all', timestamp: 5,
    removeOnComplete: { age: 1, count: 2, limit: 3 }, removeOnFail: 5, keepLogs: 2, stackTraceLimit: 0, sizeLimit: 1000, deduplication: { id: 'd', ttl: 5, extend: true, replace: true, keepLastIfActive: false } };
  const good = await run(stage, 'echo', '--options', JSON.stringify(all));
  assert.equal(good.code, 0, good.err);
}));

test('a job that was there already is told', staged(async stage => {
  const queue = stage.queue();
  const add = (...more) => run(stage, 'echo', '--job-id', 'mine', ...more);
  assert.deepEqual(await add(), { code: 0, out: 'mine\n', err: '' });
  const again = await add('--data', '{"other":1}');
  assert.deepEqual([again.code, again.out], [0, 'mine\n']);
  assert.match(again.err, /job mine was there already: nothing was added/);
  assert.deepEqual(JSON.parse((await add('--json')).out), { id: 'mine', existed: true });
  assert.equal(await queue.count(), 1);
  const same = ['echo', '--json', '--options', '{"deduplication":{"id":"d"}}'];
  const { id, existed } = JSON.parse((await run(stage, ...same)).out);
  assert.equal(existed, undefined);
  assert.deepEqual(JSON.parse((await run(stage, ...same)).out), { id, existed: true });
}));

test('add to a queue that is new makes it and says so', staged(async stage => {
  const add = () => run(stage, 'echo', '--queue', 'brand-new');
  const first = await add();
  assert.equal(first.code, 0, first.err);
  assert.match(first.err, /queue 'brand-new' is new/);
  assert.equal((await add()).err, '');
  assert.equal(await stage.redis().llen('bull:brand-new:wait'), 2);
}));

const good = n => JSON.stringify({ name: 'echo', data: { n } });

test('a bad line of --bulk adds nothing', staged(async stage => {
  const queue = stage.queue();
  const file = path.join(stage.folder, 'jobs');
  const many = Array.from({ length: 1000 }, (_, n) => good(n));
  for (const [bad, why] of [['{oops', /not valid JSON/], ['{"name":"resize-video"}', /no job type 'resize-video'/], ['{"name":"echo","opts":{"attemps":1}}', /did you mean 'attempts'/],
    ['[]', /JSON object/], ['{"name":"echo","opts":{"jobId":"7"}}', /jobId/]]) {
    fs.writeFileSync(file, [...many, '', bad, good(0)].join('\n'));
    const { code, out, err } = await run(stage, '--bulk', file);
    assert.deepEqual([code, out], [2, ''], `${bad}: ${err}`);
    assert.match(err, /line 1002: .*nothing was added/);
    assert.match(err, why);
  }
  assert.equal(await queue.count(), 0);
  fs.writeFileSync(file, ['', ...many, '  \r'].join('\n'));
  const all = await run(stage, '--bulk', file);
  assert.match(all.out, /^added 1000 jobs, ids 1 to 1000$/m, all.err);
  fs.writeFileSync(file, good(1));
  assert.match((await run(stage, '--bulk', file)).out, /^added 1 job, id 1001$/m);
}));

test('standard input is read whole before the first job is added', staged(async stage => {
  const queue = stage.queue();
  const pipe = lines => new Promise(resolve => {
    const child = spawn(BINARY, ['add', '--bulk', '-'], { env: stage.env({ REDIS_URL: stage.redisUrl }) });
    let err = '';
    child.stderr.on('data', data => { err += data; });
    child.stdout.resume();
    child.on('close', code => resolve({ code, err }));
    child.stdin.end(lines.join('\n'));
  });
  const refused = await pipe([...Array.from({ length: 500 }, (_, n) => good(n)), 'nonsense']);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /line 501/);
  assert.equal(await queue.count(), 0);
  assert.equal((await pipe([good(1), good(2)])).code, 0);
  assert.equal(await queue.count(), 2);
  const none = await run(stage, '--bulk', '/no/such/file');
  assert.equal(none.code, 2);
  assert.match(none.err, /cannot read '\/no\/such\/file': No such file/);
}));
