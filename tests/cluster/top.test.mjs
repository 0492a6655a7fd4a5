// `darkroom top`: on a real terminal with keys typed, and for programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, staged, until } from './_lib.mjs';
import { Terminal } from './_terminal.mjs';

const UP = '\x1b[A', DOWN = '\x1b[B';

async function cluster(stage) {
  await stage.serve();
  await stage.work('worker-1');
  await until(async () => (await stage.get('/api/nodes')).nodes.some(node => node.state === 'up'), 'the node has told what it is');
  return stage.queue();
}

const top = (stage, args = [], options) => new Terminal(stage, ['top', '--main', stage.url, '--every', '200ms', ...args], options);

test('top shows counts, nodes and jobs, looks into a job, cancels it, and gives the terminal back', staged(async stage => {
  const queue = await cluster(stage);
  const job = await queue.add('sleep', { ms: 600000 }, { attempts: 1 });
  await queue.add('crash', { message: 'as \x1b[31mordered' }, { attempts: 1 });
  await queue.add('echo', {}, { delay: 3600000 });
  const screen = top(stage);
  await screen.shows(new RegExp(`^darkroom top  ${QUEUE} .*\\d\\d:\\d\\d:\\d\\d$`));
  await screen.shows(/waiting 0 {2}active 1 {2}delayed 1 {2}prioritized 0 {2}failed 1 {2}completed 0/);
  await screen.shows(/^slots 1\/\d+ {2}nodes 1 {2}done 0\.0\/s {2}failed \d/);
  await screen.shows(/^worker-1 +up +1\/\d/);
  screen.type('2');
  await screen.shows(new RegExp(`^${job.id} +sleep +0 +- +\\d.* +worker-1`));
  screen.type('4');
  await screen.shows(/crash +1 +.*as \\x1b\[31mordered/);
  screen.type('c');
  await screen.shows(/choose a running or waiting job/);
  screen.type('1');
  await screen.shows(/\[1 nodes\]/);
  screen.type('\r'); // into the node
  await screen.shows(/\[node worker-1\]/);
  await screen.shows(new RegExp(`^${job.id} +\\d`));
  screen.type('\r'); // into its job
  await screen.shows(new RegExp(`\\[job ${job.id}\\]`));
  await screen.shows(/^name +sleep/);
  screen.type('c');
  await screen.shows(new RegExp(`Cancel job ${job.id}\\? .* y or n`));
  screen.type('n');
  await screen.shows(/nothing was cancelled/);
  assert.equal(await job.getState(), 'active');
  screen.type('c');
  await screen.shows(/Cancel job/);
  screen.type('y');
  await screen.shows(new RegExp(`job ${job.id}: stopping`));
  await until(async () => (await job.getState()) === 'failed', 'the job was cancelled');
  screen.type('\x1b');
  await screen.shows(/\[node worker-1\]/);
  screen.type('\x1b');
  await screen.shows(/\[1 nodes\]/);
  screen.type('?');
  await screen.shows(/leave \(or Ctrl-C\)/);
  for (const line of screen.screen) assert.ok([...line].length <= 80, line);
  assert.equal(screen.screen.length, 24);
  screen.type('x');
  screen.type('q');
  const end = await screen.ended;
  assert.deepEqual(end, { code: 0, signal: null, restored: true });
  assert.ok(screen.text.startsWith('\x1b[?1049h') && screen.text.endsWith('\x1b[?1049l'), 'the alternate screen was left');
}));

test('top sorts, follows the size of its terminal, and leaves in order when it is told to', staged(async stage => {
  const queue = await cluster(stage);
  await stage.queue().pause();
  for (const name of ['bravo', 'alpha', 'charlie']) await queue.add(name, { imageId: `of-${name}` });
  const screen = top(stage);
  const rows = () => screen.screen.filter(line => / of-\w+ /.test(line)).map(line => line.split(/ +/)[1]);
  screen.type('3');
  await until(() => rows().length === 3, 'three wait');
  assert.deepEqual(rows(), ['bravo', 'alpha', 'charlie']);
  screen.type('ss'); // the second column
  await screen.shows(/sort: NAME/);
  await until(() => rows().join() === 'alpha,bravo,charlie', 'sorted by name');
  screen.type('r');
  await until(() => rows().join() === 'charlie,bravo,alpha', 'the other way round');
  screen.type(`${DOWN}${DOWN}${UP}\r`);
  await screen.shows(/^name +bravo/);
  screen.resize(40, 10);
  await until(() => screen.screen.length === 10, 'it is smaller');
  for (const line of screen.screen) assert.ok([...line].length <= 40, line);
  screen.signal('SIGTERM');
  assert.deepEqual(await screen.ended, { code: 0, signal: null, restored: true });
  assert.ok(screen.text.endsWith('\x1b[?1049l'));
}));

test('top has no colours with NO_COLOR, and says what does not answer', staged(async stage => {
  const dead = ['--set', 'http.port=1'];
  const run = async env => {
    const screen = new Terminal(stage, ['top', '--every', '200ms', ...dead], { env });
    await screen.shows(/http:\/\/127\.0\.0\.1:1.* cannot be reached/);
    await screen.shows(/^waiting 0 {2}active 0/);
    await screen.shows(/^slots -\/- {2}nodes - {2}done -\/s/);
    screen.type('\x03');
    assert.equal((await screen.ended).restored, true);
    return screen.text;
  };
  assert.match(await run({}), /\x1b\[31m/);
  assert.doesNotMatch(await run({ NO_COLOR: '1' }), /\x1b\[3\dm/);
}));

test('without a terminal top prints one frame, and with --json an object per look', staged(async stage => {
  const queue = await cluster(stage);
  await queue.add('sleep', { ms: 600000 });
  await until(async () => (await stage.get('/api/nodes')).nodes[0].running === 1, 'its node says that it runs');
  const args = ['top', '--main', stage.url, '--every', '200ms'];
  const { code, out } = await stage.command(args);
  assert.equal(code, 0);
  assert.match(out, /^darkroom top  image-processing/);
  assert.match(out, /^worker-1 +up +1\//m);
  assert.match(out, /^1 +sleep /m);
  assert.doesNotMatch(out, /\x1b/);
  for (const line of out.split('\n')) assert.ok(line.length <= 80, line);
  const once = JSON.parse((await stage.command([...args, '--once', '--json'])).out);
  assert.equal(once.counts.active, 1);
  assert.equal(once.nodes[0].name, 'worker-1');
  assert.equal(once.jobs.list[0].name, 'sleep');
  assert.deepEqual(Object.keys(once.rates).sort(), ['completed', 'failed', 'retried']);
  const proc = stage.darkroom('top', [...args, '--json'], { REDIS_URL: stage.redisUrl });
  await until(() => proc.out.trim().split('\n').length >= 3, 'three looks');
  for (const line of proc.out.trim().split('\n').slice(0, 3)) assert.equal(JSON.parse(line).queue, QUEUE);
  proc.kill('SIGTERM');
  assert.equal((await proc.within(5000)).code, 0);
  const wrong = await stage.command(['top', '--every', '1ms']);
  assert.equal(wrong.code, 2);
}));
