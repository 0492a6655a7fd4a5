// HUP: what may change while a node runs changes, the log says what and what
// needs a restart, and wrong settings change nothing. And the log's two forms.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, sleep, staged, until } from './_lib.mjs';
import { pair } from './_mains.mjs';
import { provider } from './_provider.mjs';

/** Writes the settings of all nodes of the stage. */
const write = (stage, sections) => fs.writeFileSync(stage.config, Object.entries(sections)
  .map(([name, keys]) => `[${name}]\n${Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join('')}`).join(''));

/** Sends HUP. @returns what the process logs until it is done with it */
async function reload(proc) {
  const before = proc.out.length;
  proc.kill('SIGHUP');
  await until(() => /reloaded/.test(proc.out.slice(before)), `${proc.label} has reloaded`);
  return proc.out.slice(before);
}

const statusAs = (stage, host) => new Promise((resolve, reject) => {
  http.get(`${stage.url}/api/queue`, { headers: { Host: host } }, answer => { answer.resume(); resolve(answer.statusCode); }).on('error', reject);
});

const slotsOf = async (stage, name) => (await stage.get('/api/nodes')).nodes.find(node => node.name === name).concurrency;

test('HUP takes over limits, slots, levels, keys and hosts while jobs run', staged(async stage => {
  const peer = await provider(stage);
  const { OPENAI_BASE_URL } = peer.env();
  const own = { DARKROOM_QUEUE_LIMIT: '', DARKROOM_EMBEDDING_PROVIDER: 'local' };
  const settings = { vision: { provider: 'openai', base_url: OPENAI_BASE_URL, api_key: 'old-key', cache: '0' }, worker: { concurrency: 2 }, queue: { limit: 'off' } };
  write(stage, settings);
  const main = await stage.serve(own);
  const worker = await stage.work('w', own);
  const queue = stage.queue();
  const long = await queue.add('sleep', { ms: 4000 });
  await until(async () => (await long.getState()) === 'active', 'it runs');

  assert.match(await reload(main), /reloaded: nothing changed/);
  Object.assign(settings.vision, { api_key: 'new-key' });
  write(stage, { ...settings, worker: { concurrency: 5 }, queue: { limit: '3/10m' }, http: { hosts: ['pictures.example'], threads: 3 }, log: { level: 'debug' } });
  assert.equal(await statusAs(stage, 'pictures.example'), 421);
  const said = await reload(main);
  assert.match(said, /reloaded: .*queue\.limit off -> 3\/10m/);
  assert.match(said, /log\.level info -> debug/);
  assert.match(said, /vision\.api_key \(changed\)/);
  assert.match(said, /needs a restart to change: http\.threads 2 -> 3/);
  assert.doesNotMatch(main.out, /(old|new)-key/);
  await until(async () => (await statusAs(stage, 'pictures.example')) === 200, 'the host is served');
  assert.match(await reload(worker), /worker\.concurrency 2 -> 5/);
  await until(async () => (await slotsOf(stage, 'w')) === 5, 'it has five slots');

  // The key is the new one, and the limit holds: the sleep took none of it.
  fs.copyFileSync(path.join(SAMPLES, fs.readdirSync(SAMPLES).find(name => name.endsWith('.jpg'))), path.join(stage.uploads, 'a.jpg'));
  const jobs = await queue.addBulk([{ name: 'generate-metadata', data: { imageId: 'a', filePath: 'a.jpg' } }, ...Array.from({ length: 4 }, () => ({ name: 'echo', data: {} }))]);
  await until(async () => (await queue.getCompletedCount()) >= 3, 'the limit is used up');
  assert.deepEqual([...new Set(peer.vision().map(call => call.key))], ['new-key']);
  const why = await stage.command(['job', 'why', jobs[4].id], { DARKROOM_QUEUE_LIMIT: 'off' });
  assert.match(why.out, /the queue allows 3 starts a window/, 'by the limit of the main node');
  assert.notEqual(await long.getState(), 'failed');

  // A wrong file changes nothing; a limit that goes lets all start.
  write(stage, { worker: { concurrency: 'many' } });
  assert.match(await reload(main), /not reloaded, the old settings stay: .*worker\.concurrency = "many"/);
  write(stage, settings);
  assert.match(await reload(main), /queue\.limit 3\/10m -> off/);
  await until(async () => (await queue.getCompletedCount()) === 7, 'all are completed');
  assert.equal((await queue.getJob(long.id)).attemptsStarted, 1);
  const actors = (await stage.get('/api/nodes')).main.actors;
  assert.equal(actors.reduce((sum, actor) => sum + actor.restarts, 0), 0, 'nothing failed');
  assert.match(worker.out, /joined the main node at 127\.0\.0\.1:\d+/);
  assert.match(worker.out, /job \d+ \(generate-metadata\) completed: attempt 1, \d+ ms/);
}));

test('another model needs a restart, and a standby starts anew', staged(async stage => {
  const { a, b, becomes } = await pair(stage, { DARKROOM_VISION_PROVIDER: 'openai', DARKROOM_VISION_API_KEY: 'key' });
  write(stage, { vision: { model: 'another', timeout: '9s' } });
  assert.match(await reload(a.proc), /needs a restart to change: vision\.model gpt-4o-mini -> another, vision\.timeout 1m -> 9s/);
  write(stage, { vision: { timeout: '9s' } });
  assert.match(await reload(a.proc), /reloaded: vision\.timeout 1m -> 9s/);
  write(stage, { log: { level: 'loud' } });
  assert.match(await reload(b.proc), /not reloaded, the old settings stay: .*log\.level/);
  write(stage, { log: { level: 'debug' } });
  const before = b.proc.out.length;
  b.proc.kill('SIGHUP');
  await until(() => /darkroom serve starts/.test(b.proc.out.slice(before)), 'it starts anew');
  await becomes(b, 'standby');
  assert.equal(b.proc.end, null, 'it is the same process');
}));

test('a log in JSON is JSON whatever strangers write, and tells of each job', staged(async stage => {
  const main = await stage.solo({ DARKROOM_LOG_FORMAT: 'json', DARKROOM_LOG_LEVEL: 'debug' }, ['--diagnostics']);
  const queue = stage.queue();
  const nasty = 'x"}\n{"level":"info"}\x1b[2J\x85\u202e\x1e{"job":"forged"}';
  await queue.add('crash', { message: nasty }, { jobId: 'a"b', attempts: 2, backoff: 10 });
  await until(async () => (await queue.getFailedCount()) === 1, 'it has failed');
  main.kill('SIGTERM');
  await main.within(10000);
  const lines = main.out.split('\n').filter(line => line && line !== 'ready').map(line => JSON.parse(line));
  for (const line of lines) {
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(['debug', 'info', 'warning', 'error'].includes(line.level) && line.message, JSON.stringify(line));
  }
  const runs = lines.filter(line => line.job === 'a"b').map(({ event, attempt, name }) => [event, attempt, name]);
  assert.deepEqual(runs, [['starts', 1, 'crash'], ['failed', 1, 'crash'], ['starts', 2, 'crash'], ['failed', 2, 'crash']]);
  assert.ok(lines.every(line => line.job !== 'forged'));
  assert.ok(lines.some(line => line.level === 'error' && line.message.includes('failed for good')));
  assert.ok(lines.filter(line => line.event === 'failed').every(line => Number.isInteger(line.ms)));
}));

test('a Ctrl-C that comes twice at once is one', staged(async stage => {
  const solo = await stage.solo({}, ['--diagnostics']);
  const job = await stage.queue().add('sleep', { ms: 1500 });
  await until(async () => (await job.getState()) === 'active', 'it runs');
  solo.kill('SIGINT');
  await until(() => /draining/.test(solo.out), 'it drains');
  solo.kill('SIGINT'); // as npm, or a shell's script, passes it on
  assert.equal((await solo.within(8000)).code, 0);
  assert.equal(await job.getState(), 'completed');
  const hasty = await stage.solo({}, ['--diagnostics']);
  const next = await stage.queue().add('sleep', { ms: 20000 });
  await until(async () => (await next.getState()) === 'active', 'it runs');
  hasty.kill('SIGINT');
  await sleep(1100);
  hasty.kill('SIGINT');
  assert.equal((await hasty.within(8000)).code, 0);
  assert.equal(await next.getState(), 'waiting');
}));
