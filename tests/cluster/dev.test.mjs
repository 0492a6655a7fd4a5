// `darkroom dev`: samples, and --watch, which starts the node anew with what was changed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, kill, sleep, staged, until } from './_lib.mjs';

const starts = proc => proc.out.split('\n').filter(line => line === 'ready').length;
const started = (proc, n) => until(() => starts(proc) === n, `it is ready for the ${n}. time`);
const runs = (queue, job) => until(async () => (await queue.getJob(job.id)).progress > 0, 'the job runs');

/** Uploads a sample; resolves once it is completed. */
async function upload(stage) {
  const body = fs.readFileSync(path.join(SAMPLES, 'friends-soft-edge.png'));
  const answer = await fetch(`${stage.url}/api/images?name=friends.png&duplicate=allow`, { method: 'POST', body });
  assert.equal(answer.status, 201);
  const { imageId } = await answer.json();
  return until(async () => {
    const image = await stage.get(`/api/images/${imageId}`);
    return image.status === 'completed' && image;
  }, 'the picture is done', 30000);
}

async function concurrency(stage) {
  return (await stage.get('/api/nodes')).nodes[0].concurrency;
}

test('dev --watch starts anew when a setting changes and loses no job', staged(async stage => {
  fs.writeFileSync(stage.config, '[worker]\nconcurrency = 3\n');
  const proc = await stage.dev({}, ['--watch', '--diagnostics']);
  assert.equal(await concurrency(stage), 3);
  await upload(stage);
  const queue = stage.queue();
  const job = await queue.add('sleep', { ms: 4000 });
  await runs(queue, job);
  fs.writeFileSync(stage.config, '[worker]\nconcurrency = 2\n');
  await started(proc, 2);
  const done = await queue.getJob(job.id);
  assert.deepEqual([await done.getState(), done.attemptsStarted], ['completed', 1]);
  assert.equal(await concurrency(stage), 2);
  await upload(stage);
  kill(proc.pid, 'SIGTERM');
  assert.equal((await proc.within(8000)).code, 0);
}));

test('dev --watch waits where a changed setting is wrong', staged(async stage => {
  const proc = await stage.dev({}, ['--watch']);
  fs.writeFileSync(stage.config, '[worker]\nconcurrency = "many"\n');
  await proc.line('watch: it ended with 2');
  assert.match(proc.out, /concurrency/);
  fs.writeFileSync(stage.config, '[worker]\nconcurrency = 4\n');
  await started(proc, 2);
  assert.equal(await concurrency(stage), 4);
  kill(proc.pid, 'SIGTERM');
  assert.equal((await proc.within(8000)).code, 0);
}));

test('dev --watch lets the jobs finish at a terminal\'s Ctrl-C', staged(async stage => {
  const proc = await stage.dev({}, ['--watch', '--diagnostics']);
  const queue = stage.queue();
  const job = await queue.add('sleep', { ms: 3000 });
  await runs(queue, job);
  kill(-proc.pid, 'SIGINT');
  assert.equal((await proc.within(10000)).code, 0);
  const done = await queue.getJob(job.id);
  assert.deepEqual([await done.getState(), done.attemptsStarted], ['completed', 1]);
}));

test('a second Ctrl-C makes dev --watch hand back', staged(async stage => {
  const proc = await stage.dev({}, ['--watch', '--diagnostics']);
  const queue = stage.queue();
  const job = await queue.add('sleep', { ms: 20000 });
  await until(async () => (await job.getState()) === 'active', 'it is active');
  kill(-proc.pid, 'SIGINT');
  await until(() => /draining/.test(proc.out), 'it drains');
  await sleep(1100); // within a second, it would be the same Ctrl-C
  kill(-proc.pid, 'SIGINT');
  assert.equal((await proc.within(8000)).code, 0);
  assert.equal(await job.getState(), 'waiting');
}));

test('dev --watch that is killed leaves no node behind', staged(async stage => {
  const proc = await stage.dev({}, ['--watch']);
  stage.own(Number(fs.readFileSync(`/proc/${proc.pid}/task/${proc.pid}/children`, 'utf8')));
  kill(proc.pid, 'SIGKILL');
  await until(() => fetch(`${stage.url}/livez`).then(() => false, () => true), 'nobody answers', 8000);
}));

test('dev --samples makes the pictures of a folder, and passes over what is none', staged(async stage => {
  const samples = path.join(stage.folder, 'samples');
  fs.mkdirSync(path.join(samples, 'album.jpg'), { recursive: true });
  fs.copyFileSync(path.join(SAMPLES, 'friends-soft-edge.png'), path.join(samples, 'friends.png'));
  fs.writeFileSync(path.join(samples, 'notes.txt'), 'no picture');
  const proc = await stage.dev({}, ['--samples', samples, '--exit']);
  assert.equal((await proc.within(60000)).code, 0, proc.out);
  assert.match(proc.out, /^friends +completed$/m);
  assert.doesNotMatch(proc.out, /album|notes/);
}));

test('dev --samples says why it cannot read a picture', staged(async stage => {
  const samples = path.join(stage.folder, 'samples');
  fs.mkdirSync(samples);
  fs.symlinkSync('/proc/self/mem', path.join(samples, 'broken.jpg'));
  const proc = await stage.dev({}, ['--samples', samples, '--exit']);
  assert.equal((await proc.within(30000)).code, 2);
  assert.match(proc.out, /the picture '.*broken\.jpg' cannot be read: Input\/output error/);
}));
