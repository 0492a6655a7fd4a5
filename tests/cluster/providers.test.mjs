// Providers that refuse their key, their quota, or ask to wait; and what is not
// asked twice. The provider itself keeps the ledger.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, sleep, staged, until } from './_lib.mjs';
import { json, KEY, provider } from './_provider.mjs';

const PICTURE = 'friends-soft-edge.png';
const REFUSED_MS = 10000;

/** Jobs about equal pictures. */
function pictures(stage, count) {
  const bytes = fs.readFileSync(path.join(SAMPLES, PICTURE));
  return Array.from({ length: count }, (_, i) => {
    const name = `picture-${i}.png`;
    fs.writeFileSync(path.join(stage.uploads, name), bytes);
    return { name: 'generate-metadata', data: { imageId: `img-${i}`, filePath: name }, opts: { attempts: 3, backoff: { type: 'fixed', delay: 100 } } };
  });
}

/** Answers are shared by equal pictures, so tests that count calls switch that off. */
const unshared = { DARKROOM_VISION_CACHE: '0' };

async function refusedThenGood(stage, t, status, body) {
  const peer = await provider(stage);
  let since = 0;
  peer.answer = (_call, response) => {
    since ||= Date.now();
    return Date.now() - since < REFUSED_MS && json(response, status, body);
  };
  const events = await stage.workerEvents();
  const main = await stage.serve({ ...peer.env(), ...unshared });
  await stage.work('worker-1', { ...peer.env(), ...unshared, DARKROOM_WORKER_CONCURRENCY: '5' });
  const queue = stage.queue();
  const jobs = await queue.addBulk(pictures(stage, 100));
  await until(() => events.some(x => x.type === 'provider-state' && x.state === 'resting'), 'it rests', 20000);
  const why = await until(async () => {
    for (const job of jobs.slice(0, 5)) {
      const { out } = await stage.command(['job', 'why', job.id]);
      if (out.includes('rests until')) return out;
    }
  }, 'a job says why it waits', 10000);
  t.diagnostic(why.trim().split('\n').join(' | '));
  await until(async () => await queue.getJobCountByTypes('completed', 'failed') >= 100, 'all have ended', 90000);
  const counts = await queue.getJobCounts('completed', 'failed');
  const meanwhile = peer.vision().filter(call => call.at - since < REFUSED_MS).length;
  t.diagnostic(`${meanwhile} calls while it refused, ${peer.vision().length} in all`);
  assert.equal(counts.failed, 0);
  assert.ok(meanwhile <= 5, `${meanwhile} calls meanwhile`);
  for (const job of await queue.getJobs(['completed'])) if (job.name === 'generate-metadata') assert.equal(job.attemptsMade, 1);
  const states = events.filter(x => x.type === 'provider-state').map(x => x.state);
  assert.deepEqual(states, ['resting', 'working']);
  assert.equal(main.out.match(/rests until/g).length, 1, 'one line in the log');
  return events;
}

test('a refused key costs no attempt', staged(async (stage, t) => {
  const events = await refusedThenGood(stage, t, 401, { error: { message: `Incorrect API key provided: ${KEY}` } });
  assert.ok(!JSON.stringify(events).includes(KEY));
}));

test('an exhausted quota costs no attempt', staged(async (stage, t) => {
  await refusedThenGood(stage, t, 429, { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } });
}));

test('a day of Retry-After does not outlive a new key', staged(async stage => {
  const peer = await provider(stage);
  peer.answer = (call, response) => call.key === KEY && json(response, 429, { error: { message: 'come back tomorrow' } }, { 'Retry-After': '86400' });
  const main = await stage.serve({ ...peer.env(), ...unshared });
  const worker = await stage.work('worker-1', { ...peer.env(), ...unshared });
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 5));
  await until(() => peer.vision().length === 1, 'it refuses');
  await until(async () => await queue.getDelayedCount() === 5, 'all wait', 20000);
  const { providers } = await stage.get('/api/providers');
  assert.equal(providers[0].state, 'resting');
  assert.ok(providers[0].restingUntil - Date.now() <= 15 * 60000, 'for 15 minutes at most');
  for (const proc of [worker, main]) { proc.kill('SIGKILL'); await proc.within(5000); }
  const key = peer.env('another-key');
  await stage.serve({ ...key, ...unshared });
  await stage.work('worker-1', { ...key, ...unshared });
  await until(async () => await queue.getJobCountByTypes('completed') >= 5, 'all are completed', 60000);
}));

test('an operator ends the rest of a provider', staged(async stage => {
  const peer = await provider(stage);
  let refuses = true;
  peer.answer = (_call, response) => refuses && json(response, 403, { error: 'no' });
  await stage.serve({ ...peer.env(), ...unshared });
  await stage.work('worker-1', { ...peer.env(), ...unshared });
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 8));
  await until(async () => await queue.getDelayedCount() === 8, 'all wait', 20000);
  refuses = false;
  const started = Date.now();
  const { code, out } = await stage.command(['resume', 'vision']);
  assert.equal(code, 0, out);
  await until(async () => (await queue.getJobs(['completed'])).filter(job => job.name === 'generate-metadata').length === 8, 'all are completed', 15000);
  assert.ok(Date.now() - started < 15000);
}));

test('the same picture is asked about once', staged(async stage => {
  const peer = await provider(stage);
  peer.delay = 1500;
  await stage.serve(peer.env());
  const worker = await stage.work('worker-1', { ...peer.env(), DARKROOM_WORKER_CONCURRENCY: '10' });
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 10));
  await until(async () => await queue.getJobCountByTypes('completed') >= 10, 'ten at once are completed', 40000);
  assert.equal(peer.vision().length, 1);
  await queue.addBulk(pictures(stage, 3).map(job => ({ ...job, data: { ...job.data, imageId: `${job.data.imageId}-again` } })));
  await until(async () => await stage.sql("SELECT 1 FROM image_metadata").then(rows => rows.length === 13), 'three more have metadata', 40000);
  assert.equal(peer.vision().length, 1);
  worker.kill('SIGTERM');
}));

test('a kill after the answer does not pay twice', staged(async stage => {
  const peer = await provider(stage);
  const main = await stage.serve(peer.env());
  const worker = await stage.work('worker-1', peer.env());
  const unlock = await stage.lockCatalog(); // answers cannot be committed
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 1));
  await until(() => peer.vision().length === 1, 'it is asked');
  await until(async () => (await stage.redis().keys('darkroom:*:answer:*')).length === 1, 'the answer is kept');
  for (const proc of [worker, main]) { proc.kill('SIGKILL'); await proc.within(5000); }
  unlock();
  await stage.serve(peer.env());
  await stage.work('worker-1', peer.env());
  await until(async () => await queue.getJobCountByTypes('completed') >= 1, 'it is completed', 60000);
  assert.equal(peer.vision().length, 1);
}));

test('the budget is exceeded by one call at most', staged(async stage => {
  const peer = await provider(stage);
  peer.delay = 200;
  const env = { ...peer.env(), ...unshared, DARKROOM_VISION_PRICE_IN: '10', DARKROOM_VISION_PRICE_OUT: '40', DARKROOM_BUDGET_VISION_MONEY: '0.0299' };
  const events = await stage.workerEvents();
  await stage.serve(env);
  await stage.work('worker-1', { ...env, DARKROOM_WORKER_CONCURRENCY: '8' });
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 30));
  await until(() => events.some(x => x.state === 'spent'), 'it is spent', 30000);
  await sleep(1500);
  // 100 and 50 tokens cost 0.003, so ten calls reach the bound.
  assert.equal(peer.vision().length, 10);
  assert.deepEqual(events.filter(x => x.type === 'provider-state').map(x => `${x.resource} ${x.state}`), ['vision.money 80 %', 'vision.money spent']);
  const { out } = await stage.command(['budget', '--json'], env);
  const money = JSON.parse(out).bounds.find(x => x.scope === 'vision' && x.kind === 'money');
  assert.equal(money.used, 0.03);
  assert.equal(await queue.getFailedCount(), 0);
}));

test('a provider that drops connections sees no more calls than its limit', staged(async (stage, t) => {
  const peer = await provider(stage);
  const bounds = { most: 10, window: 6000 };
  let n = 0;
  peer.answer = (_call, response) => { if (++n % 3 === 0) { response.socket.destroy(); return true; } response.shouldKeepAlive = n % 2 === 0; return false; };
  const env = { ...peer.env(), ...unshared, DARKROOM_LIMITS_VISION: `${bounds.most}/${bounds.window}ms` };
  await stage.serve(env);
  for (let i = 1; i <= 4; ++i) await stage.work(`worker-${i}`, env);
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 40));
  await sleep(3 * bounds.window);
  const at = peer.vision().map(call => call.at);
  let most = 0;
  for (let from = 0, to = 0; to < at.length; ++to) {
    while (at[to] - at[from] >= bounds.window) ++from;
    most = Math.max(most, to - from + 1);
  }
  t.diagnostic(`${at.length} calls, at most ${most} in ${bounds.window} ms`);
  assert.ok(most <= bounds.most, `${most} calls in a window`);
  assert.ok(at.length > bounds.most, 'the limit is used');
}));

test('no key is anywhere', staged(async stage => {
  const peer = await provider(stage);
  let n = 0;
  peer.answer = (call, response) => {
    ++n;
    if (n === 1) return json(response, 400, { error: { message: `bad ${call.key}`, param: 'max_tokens' } });
    if (n === 2) return json(response, 401, { error: { message: `Incorrect API key provided: ${call.key}` } });
    return json(response, 400, { error: { message: `this picture is broken for ${call.key}` } });
  };
  const events = await stage.workerEvents();
  const hooks = [];
  const hook = await stage.listen((_request, body, response) => { hooks.push(body.toString()); response.end('{}'); });
  const env = { ...peer.env(), ...unshared, DARKROOM_NOTIFY_WEBHOOK: hook, DARKROOM_LOG_LEVEL: 'debug' };
  const main = await stage.serve(env);
  const worker = await stage.work('worker-1', env);
  const queue = stage.queue();
  await queue.addBulk(pictures(stage, 2));
  await until(() => events.some(x => x.state === 'resting'), 'it rests', 20000);
  await stage.command(['resume', 'vision']);
  await until(async () => await queue.getFailedCount() === 2, 'both have failed', 30000);
  await until(() => hooks.length >= 2, 'the operators know');
  const redis = stage.redis();
  const dump = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    dump.push(key, JSON.stringify(type === 'hash' ? await redis.hgetall(key) : type === 'string' ? await redis.get(key) : type === 'zset' ? await redis.zrange(key, 0, -1)
      : type === 'list' ? await redis.lrange(key, 0, -1) : type === 'stream' ? await redis.xrange(key, '-', '+') : await redis.smembers(key)));
  }
  const metrics = await (await fetch(`${stage.url}/metrics`)).text();
  const places = {
    log: main.out + worker.out, events: JSON.stringify(events), webhook: hooks.join(), redis: dump.join(), metrics,
    providers: JSON.stringify(await stage.get('/api/providers')), ps: fs.readFileSync(`/proc/${worker.pid}/cmdline`, 'utf8'),
    doctor: (await stage.command(['doctor', '--role', 'worker'], env)).out, catalog: JSON.stringify(await stage.sql('SELECT * FROM image_parts')),
  };
  for (const [where, text] of Object.entries(places)) assert.ok(!text.includes(KEY), `the key is in ${where}`);
}));
