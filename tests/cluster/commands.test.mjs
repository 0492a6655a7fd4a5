// add, jobs, queue: what a shell gets, and what it gets for bad input.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { QUEUE, freePort, sleep, staged, until } from './_lib.mjs';

const ok = (result, about) => {
  assert.equal(result.code, 0, `${about}: ${result.err}`);
  assert.equal(result.err.trim(), '', about);
  return result.out;
};

test('add puts a job on the queue that BullMQ reads', staged(async stage => {
  const queue = stage.queue();
  const id = ok(await stage.command(['add', 'generate-metadata', '--data', '{"imageId":"é","filePath":"a.jpg"}']), 'add').trim();
  const job = await queue.getJob(id);
  assert.equal(job.name, 'generate-metadata');
  assert.deepEqual(job.data, { imageId: 'é', filePath: 'a.jpg' });
  assert.equal(job.opts.attempts, 3);
  assert.deepEqual(job.opts.backoff, { type: 'exponential', delay: 2000 });
  assert.deepEqual(job.opts.removeOnComplete, { age: 3600, count: 1000 });
  assert.equal(job.opts.removeOnFail.age, 86400);
  assert.ok(Math.abs(Date.now() - job.timestamp) < 20000);

  const added = async (...flags) => queue.getJob(JSON.parse(ok(await stage.command(['add', 'echo', '--json', ...flags]), flags.join(' '))).id);
  assert.deepEqual((await added()).data, {});
  const delayed = await added('--delay', '60s');
  assert.deepEqual([await delayed.getState(), delayed.delay], ['delayed', 60000]);
  const first = await added('--priority', '7');
  assert.deepEqual([await first.getState(), first.priority], ['prioritized', 7]);
  const lifo = await added('--lifo');
  const [next] = await stage.redis().lrange(`bull:${QUEUE}:wait`, -1, -1);
  assert.equal(next, lifo.id);
  const other = JSON.parse(ok(await stage.command(['add', 'echo', '--queue', 'elsewhere', '--json']), '--queue'));
  assert.equal(await stage.redis().hget(`bull:elsewhere:${other.id}`, 'name'), 'echo');
}));

test('add takes BullMQ\'s options', staged(async stage => {
  const queue = stage.queue();
  const run = options => stage.command(['add', 'echo', '--json', '--options', JSON.stringify(options)]);
  const added = async options => JSON.parse(ok(await run(options), JSON.stringify(options))).id;
  const first = await added({ deduplication: { id: 'x', ttl: 60000 }, keepLogs: 3 });
  assert.equal(await added({ deduplication: { id: 'x' } }), first);
  assert.equal(await queue.getDeduplicationJobId('x'), first);
  assert.equal((await queue.getJob(first)).opts.keepLogs, 3);
  assert.equal((await queue.add('echo', {}, { deduplication: { id: 'x' } })).id, first);

  assert.equal(await added({ jobId: 'mine', delay: 60000, priority: 4 }), 'mine');
  const mine = await queue.getJob('mine');
  assert.deepEqual([await mine.getState(), mine.priority, mine.opts.attempts], ['delayed', 4, 3]);

  const parent = await queue.add('echo', {}, { delay: 60000 });
  const child = await queue.getJob(await added({ parent: { id: parent.id, queue: queue.qualifiedName }, failParentOnFailure: true }));
  assert.deepEqual([child.parentKey, child.parent.id, child.opts.failParentOnFailure], [`${queue.qualifiedName}:${parent.id}`, parent.id, true]);
  assert.deepEqual((await parent.getDependencies()).unprocessed, [`${queue.qualifiedName}:${child.id}`]);

  for (const [options, why] of [[{ jobId: '17' }, /jobId/], [{ priority: 3000000 }, /priority/], [[], /JSON object/],
    [{ parent: { id: 'nobody', queue: queue.qualifiedName } }, /no parent job/]]) {
    const refused = await run(options);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, why);
  }
}));

test('jobs and queue show what is there', staged(async stage => {
  await stage.solo({}, ['--diagnostics']);
  const queue = stage.queue();
  await queue.add('echo', { i: 1 });
  await queue.add('fatal', { message: 'broken on purpose' });
  await until(async () => (await queue.getFailedCount()) + (await queue.getCompletedCount()) === 2, 'both end');
  await queue.add('echo', { later: true }, { delay: 60000 });
  await queue.pause();
  await queue.add('echo', { i: 2 });

  const show = async (...args) => ok(await stage.command(args), args.join(' '));
  const list = async state => JSON.parse(await show('jobs', '--state', state, '--json'));
  const [completed] = await list('completed');
  assert.deepEqual([completed.name, completed.data, completed.returnvalue, completed.attemptsMade], ['echo', { i: 1 }, { i: 1 }, 1]);
  const [failed] = await list('failed');
  assert.deepEqual([failed.name, failed.failedReason], ['fatal', 'broken on purpose']);
  assert.deepEqual((await list('delayed')).map(job => job.data), [{ later: true }]);
  assert.deepEqual((await list('waiting')).map(job => job.data), [{ i: 2 }]);
  assert.deepEqual(await list('active'), []);
  assert.match(await show('jobs', '--state', 'failed'), new RegExp(`^id +name +state +age +attempts +data\n${failed.id} +fatal +failed +.*failed: broken on purpose\n$`));
  assert.match(await show('jobs'), /echo +waiting +.* 0 +\{"i":2\}/);
  const { oldestWaitingMs, workers, ...stats } = JSON.parse(await show('queue', '--json'));
  assert.ok(oldestWaitingMs >= 0 && oldestWaitingMs < 60000, `waits for ${oldestWaitingMs} ms`);
  assert.equal(workers.length, 1);
  assert.deepEqual(stats, {
    name: QUEUE, paused: true, withoutNode: {},
    counts: { waiting: 1, active: 0, delayed: 1, prioritized: 0, completed: 1, failed: 1, 'waiting-children': 0 },
  });
  const text = await show('queue');
  assert.match(text, new RegExp(`^${QUEUE} \\(paused\\)\n`));
  for (const line of ['waiting +1', 'delayed +1', 'completed +1', 'failed +1', 'active +0']) assert.match(text, new RegExp(`^${line}$`, 'm'));
}));

test('queue pause and resume are those of BullMQ', staged(async stage => {
  await stage.solo({}, ['--diagnostics']);
  const queue = stage.queue();
  const says = async action => JSON.parse(ok(await stage.command(['queue', action, '--json']), action)).paused;
  const ended = async job => until(async () => (await job.getState()) === 'completed', `${job.id} ends`);
  const waits = async job => {
    await sleep(700);
    assert.equal(await job.getState(), 'waiting');
  };
  await ended(await queue.add('echo', { i: 0 }));

  assert.equal(await says('pause'), true);
  assert.equal(await says('pause'), true, 'twice is once');
  assert.equal(await queue.isPaused(), true);
  const first = await queue.add('echo', { i: 1 });
  await waits(first);
  assert.equal(await says('resume'), false);
  assert.equal(await queue.isPaused(), false);
  await ended(first);

  await queue.pause(); // by a client, resumed by us
  const second = await queue.add('echo', { i: 2 });
  await waits(second);
  assert.equal(await says('stats'), true);
  assert.equal(await says('resume'), false);
  await ended(second);

  assert.equal(await says('pause'), true); // by us, resumed by a client
  const third = await queue.add('echo', { i: 3 });
  await waits(third);
  await queue.resume();
  assert.equal(await says('stats'), false);
  await ended(third);
}));

test('pages hold fifty jobs', staged(async stage => {
  const queue = stage.queue();
  await queue.addBulk(Array.from({ length: 60 }, (_, i) => ({ name: 'echo', data: { i } })));
  const page = async n => JSON.parse(ok(await stage.command(['jobs', '--json', '--page', n]), n)).map(job => job.data.i);
  const all = [...await page('0'), ...await page('1')];
  assert.equal((await page('0')).length, 50);
  assert.deepEqual([...all].sort((a, b) => a - b), Array.from({ length: 60 }, (_, i) => i));
  assert.deepEqual(await page('2'), []);
}));

test('bad input ends with 2 and says what is wrong', staged(async stage => {
  const before = await stage.redis().dbsize();
  const wrong = [];
  const bad = async (args, why, more) => {
    const { code, out, err } = await stage.command(args, more);
    if (code !== 2 || !why.test(err) || out !== '')
      wrong.push(`${JSON.stringify(args)} ended with ${code}; stdout '${out}'; stderr '${err}', which should match ${why}`);
  };
  await bad([], /subcommand/i);
  await bad(['frobnicate'], /no command 'frobnicate'|'frobnicate' is not a known command/);
  await bad(['add'], /name is empty/);
  await bad(['add', 'echo', '--data', '{oops'], /--data.*JSON/);
  await bad(['add', 'echo', '--data', ''], /--data.*JSON/);
  await bad(['add', 'echo', '--delay', '-5'], /--delay/);
  await bad(['add', 'echo', '--delay', 'soon'], /--delay/);
  await bad(['add', 'echo', '--priority', '2097152'], /--priority/);
  await bad(['add', 'echo', '--colour', 'red'], /--colour/);
  await bad(['add', 'echo', '--queue', 'a:b'], /queue\.name/);
  await bad(['add', ''], /name/);
  await bad(['jobs', '--state', 'sleeping'], /sleeping.*(waiting|completed)/);
  await bad(['jobs', '--page', '-1'], /--page/);
  await bad(['job', 'show'], /id is required/);
  await bad(['job', 'eat', '1'], /eat/);
  await bad(['dead', 'list', '--error', '/(/'], /expression \/\(\//);
  await bad(['dead', 'redrive', '--rate', 'often'], /--rate.*often/);
  await bad(['dead', 'list', '--older', 'long'], /--older/);
  await bad(['queue', 'clean', '--state', 'sleeping'], /sleeping.*waiting/);
  await bad(['queue', '--config', '/no/such/file.toml'], /\/no\/such\/file\.toml/);
  await bad(['queue', '--set', 'http.port=70000'], /http\.port.*70000/);
  await bad(['queue', '--set', 'nonsense'], /nonsense/);
  await bad(['queue'], /LOG_LEVEL.*loud/, { LOG_LEVEL: 'loud' });
  await bad(['queue'], /REDIS_URL/, { REDIS_URL: 'ftp://nowhere' });
  await bad(['work'], /--main/);
  await bad(['work', '--main', 'nowhere'], /nowhere/);
  await bad(['serve'], /queue\.limit.*many/, { DARKROOM_QUEUE_LIMIT: 'many' });
  const config = path.join(stage.folder, 'bad.toml');
  fs.writeFileSync(config, '[http]\nprot = 80\n');
  await bad(['queue', '--config', config], /bad\.toml:2.*prot.*did you mean 'port'/);
  assert.deepEqual(wrong, []);
  assert.equal(await stage.redis().dbsize(), before, 'nothing was added');
}));

test('without Redis every command ends with 3 and says where it looked', staged(async stage => {
  const port = await freePort();
  for (const args of [['add', 'echo'], ['jobs'], ['queue'], ['solo'], ['serve']]) {
    const { code, out, err } = await stage.command(args, { REDIS_URL: `redis://127.0.0.1:${port}`, DARKROOM_HTTP_PORT: '0', DARKROOM_CLUSTER_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database });
    assert.equal(code, 3, `${args[0]}: ended with ${code}: ${out}${err}`);
    assert.match(err, new RegExp(`127\\.0\\.0\\.1.*${port}`), args[0]);
    assert.equal(out, '', args[0]);
  }
}));

test('a Redis that is silent ends commands with 3 in time', staged(async stage => {
  stage.redisProc.kill('SIGSTOP');
  const started = Date.now();
  const { code, err } = await stage.command(['queue'], { DARKROOM_REDIS_COMMAND_TIMEOUT: '500ms', DARKROOM_REDIS_CONNECT_TIMEOUT: '500ms' });
  stage.redisProc.kill('SIGCONT');
  assert.equal(code, 3, err);
  assert.ok(Date.now() - started < 6000, `took ${Date.now() - started} ms`);
}));

test('help of every command ends with 0 and lists its flags', staged(async stage => {
  for (const [args, flag] of [[[], 'serve'], [['add'], '--data'], [['jobs'], '--state'], [['queue'], '--json'], [['job'], '--fresh'], [['dead'], '--rate'], [['serve'], '--port'], [['work'], '--main'], [['solo'], '--diagnostics']])
    assert.match(ok(await stage.command([...args, '--help']), args.join(' ')), new RegExp(flag));
}));

test('ports and names that are taken are told', staged(async stage => {
  await stage.serve();
  const port = stage.url.split(':').at(-1);
  const taken = await stage.command(['serve'], { DARKROOM_HTTP_PORT: port, DARKROOM_CLUSTER_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database });
  assert.ok([1, 2].includes(taken.code), `ended with ${taken.code}`);
  assert.match(taken.err, new RegExp(port));
}));
