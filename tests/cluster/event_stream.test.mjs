// The event bridge: what was published reaches every browser once, or a gap is
// told, whoever dies in between.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import IORedis from 'ioredis';
import { Browser } from './_browsers.mjs';
import { mainsOf } from './_mains.mjs';
import { freePort, ROOT, sleep, staged, until } from './_lib.mjs';

const CHANNEL = 'worker:events';
const PLACE = `darkroom:{${CHANNEL}}:place`;
const RING = `darkroom:{${CHANNEL}}:ring`;

/** A process that runs jobs and publishes, and has no browsers. */
async function publisher(stage) {
  const proc = stage.darkroom('publisher', ['solo'], {
    REDIS_URL: stage.redisUrl,
    DARKROOM_CLUSTER_PORT: '0',
    DARKROOM_WORKER_DIAGNOSTICS: 'true',
    DARKROOM_CATALOG_DATABASE: `${stage.folder}/publisher.db`,
  });
  await proc.line('ready');
  return proc;
}

/** `darkroom serve` that has browsers and does not publish itself; on the same port each time. */
async function bridge(stage, more = {}) {
  stage.bridgePort ||= await freePort();
  return stage.serve({ DARKROOM_HTTP_PORT: `${stage.bridgePort}`, DARKROOM_EVENTS_PUBLISH: 'false', ...more });
}

const newest = async stage => Number(await stage.redis().hget(PLACE, 'last'));

/** Waits until the browser has everything that Redis has. */
async function caughtUp(stage, browser) {
  const last = await until(() => newest(stage), 'something is published');
  await until(() => browser.last >= last, `the browser gets event ${last}`);
}

async function addJobs(queue, count, name = 'echo', data = {}) {
  const jobs = await queue.addBulk(Array.from({ length: count }, () => ({ name, data })));
  await until(async () => (await Promise.all(jobs.map(job => job.getState()))).every(state => state === 'completed'), `${count} jobs complete`);
  return jobs;
}

function sound(browser, about = 'a browser') {
  assert.equal(browser.doubles, 0, `${about}: nothing twice`);
  assert.equal(browser.holes, 0, `${about}: nothing left out without a gap`);
}

test('a main node that was killed returns with what was published meanwhile', staged(async stage => {
  await publisher(stage);
  const main = await bridge(stage);
  const queue = stage.queue();
  const browser = new Browser(stage, stage.url);
  const idle = new Browser(stage, stage.url);
  await until(() => browser.hellos.length && idle.hellos.length, 'both are greeted');
  await addJobs(queue, 3);
  await caughtUp(stage, browser);
  idle.leave();
  await caughtUp(stage, idle).catch(() => {}); // it may have left before the last one
  main.kill('SIGKILL');
  await main.within(5000);
  const away = await addJobs(queue, 5);
  await bridge(stage);
  await addJobs(queue, 2);
  await caughtUp(stage, browser);
  idle.connect();
  await caughtUp(stage, idle);
  const last = await newest(stage);
  assert.equal(last, 30, 'three events a job');
  for (const x of [browser, idle]) {
    sound(x);
    assert.deepEqual(x.gaps, []);
    assert.equal(x.events.length, last);
    for (const job of away)
      assert.deepEqual(x.events.filter(y => y.jobId === job.id).map(y => y.type), ['job-queued', 'job-active', 'job-completed']);
  }
  for (const x of [browser, idle]) x.leave();
}));

test('another main node goes on for the browsers of the one that died', staged(async stage => {
  const mains = await mainsOf(stage, ['a', 'b'], { DARKROOM_EVENTS_PUBLISH: 'false' });
  await publisher(stage);
  const queue = stage.queue();
  const browser = new Browser(stage, `http://127.0.0.1:${mains.a.http}`);
  await until(() => browser.hellos.length, 'it is greeted');
  await addJobs(queue, 3);
  await caughtUp(stage, browser);
  mains.a.proc.kill('SIGKILL');
  await addJobs(queue, 3);
  await mains.becomes(mains.b, 'active');
  browser.url = `http://127.0.0.1:${mains.b.http}`;
  await caughtUp(stage, browser);
  assert.equal(browser.events.length, 18);
  sound(browser);
  assert.deepEqual(browser.gaps, []);
  browser.leave();
}));

test('what Node workers publish reaches the browsers of every main node once', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const one = new Browser(stage, stage.url);
  await bridge(stage);
  const two = new Browser(stage, stage.url);
  await until(() => one.hellos.length && two.hellos.length, 'both are greeted');
  const node = new IORedis(stage.redisUrl);
  stage.closers.push(() => node.disconnect());
  const queue = stage.queue();
  for (let i = 0; i < 40; ++i) {
    await node.publish(CHANNEL, JSON.stringify({ type: 'job-active', jobId: `n-${i}`, jobName: 'theirs', timestamp: Date.now() }));
    if (i % 10 === 0) await queue.add('echo', {});
  }
  await until(async () => (await queue.getCompletedCount()) === 4, 'the jobs complete');
  await caughtUp(stage, one);
  await caughtUp(stage, two);
  for (const x of [one, two]) {
    sound(x);
    assert.deepEqual(x.events.filter(y => y.jobName === 'theirs').map(y => y.jobId), Array.from({ length: 40 }, (_, i) => `n-${i}`));
    assert.equal(x.events.filter(y => y.jobName === 'echo').length, 12);
  }
  assert.deepEqual(one.events.slice(-52), two.events.slice(-52), 'the same ids, in the same order');
  for (const x of [one, two]) x.leave();
}));

test('the first frame has the newest id and the counts of the queue', staged(async stage => {
  await publisher(stage);
  await bridge(stage);
  const queue = stage.queue();
  await addJobs(queue, 2);
  await queue.pause();
  await queue.add('echo', {});
  const greeted = () => until(async () => {
    const browser = new Browser(stage, stage.url);
    await until(() => browser.hellos.length, 'it is greeted');
    browser.leave();
    const [hello] = browser.hellos;
    return hello.counts?.completed === 2 && hello.counts.waiting === 1 && hello;
  }, 'the counts are told', 5000, 200);
  const hello = await greeted();
  assert.equal(hello.queue, 'image-processing');
  assert.equal(hello.paused, true);
  assert.match(hello.id, /^\d+-[1-9]\d*$/);
  assert.ok(Math.abs(Date.now() - hello.at) < 5000);
}));

test('a ring that Redis lost is told as a gap', staged(async stage => {
  await publisher(stage);
  const main = await bridge(stage);
  const queue = stage.queue();
  const live = new Browser(stage, stage.url);
  const away = new Browser(stage, stage.url);
  await until(() => live.hellos.length && away.hellos.length, 'both are greeted');
  await addJobs(queue, 2);
  for (const x of [live, away]) await caughtUp(stage, x);
  away.leave();
  await stage.redis().del(RING, PLACE);
  await addJobs(queue, 1);
  await until(() => live.gaps.length, 'the live one is told');
  main.kill('SIGKILL');
  await main.within(5000);
  await bridge(stage);
  await addJobs(queue, 1);
  away.connect();
  // Its id has the number of the newest event, too: of those that were lost.
  await until(() => away.hellos.length > 1, 'it is greeted again');
  for (const x of [live, away]) {
    await caughtUp(stage, x);
    assert.deepEqual(x.gaps.map(y => y.reason), ['restarted']);
    assert.equal(x.events.length, 12, 'all that came after the loss');
    sound(x);
    x.leave();
  }
}));

test('what the ring has no more is told with its number', staged(async stage => {
  const main = await bridge(stage, { DARKROOM_HTTP_REPLAY_EVENTS: '20' });
  const browser = new Browser(stage, stage.url);
  await until(() => browser.hellos.length, 'it is greeted');
  browser.leave();
  await publisher(stage);
  await addJobs(stage.queue(), 10);
  assert.equal(await newest(stage), 30);
  browser.connect();
  await caughtUp(stage, browser);
  assert.deepEqual(browser.gaps, [{ reason: 'expired', missed: 10 }]);
  assert.equal(browser.events.length, 20);
  browser.leave();
  assert.equal(main.end, null);
}));

test('two hundred browsers, ten events a second, and a main node that is killed twice', staged(async (stage, t) => {
  await publisher(stage);
  const limits = { DARKROOM_HTTP_MAX_CONNECTIONS_PER_ADDRESS: '0' };
  let main = await bridge(stage, limits);
  const queue = stage.queue();
  const all = Array.from({ length: 150 }, () => new Browser(stage, stage.url));
  const stalled = all.slice(0, 10);
  const begin = Date.now();
  for (let tick = 0; Date.now() - begin < 10000; ++tick) {
    await queue.add('echo', { tick });
    await sleep(300);
    if (tick === 5) while (all.length < 200) all.push(new Browser(stage, stage.url)); // late ones
    if (tick === 6) for (const x of stalled) x.response?.pause();
    if (tick === 20) for (const x of stalled) x.response?.resume();
    if (tick % 2) for (let i = 0; i < 10; ++i) all[10 + Math.floor(Math.random() * (all.length - 10))].response?.destroy();
    if (tick !== 10 && tick !== 18) continue;
    main.kill('SIGKILL');
    await main.within(5000);
    await queue.add('echo', { tick, alone: true });
    main = await bridge(stage, limits);
  }
  for (const x of stalled) x.response?.resume(); // a busy machine does not come to tick 20
  await until(async () => (await queue.getActiveCount()) + (await queue.getWaitingCount()) === 0, 'all jobs complete');
  await sleep(500); // the last events
  for (const [i, x] of all.entries()) {
    await caughtUp(stage, x);
    sound(x, `browser ${i}`);
    assert.deepEqual(x.gaps, [], `browser ${i}`);
  }
  t.diagnostic(`${await newest(stage)} events, ${all.reduce((sum, x) => sum + x.returns, 0)} returns`);
  for (const x of all) x.leave();
}));

/** The seed's trace store, by its description: what it makes of an event. */
const entryOf = event => ({
  type: event.type,
  level: event.type === 'job-failed' ? 'error' : 'info',
  summary: `${event.jobName}: ${event.type}`,
  jobId: event.jobId,
  jobProgress: event.progress,
});

/** The page's store, without a page. */
async function pageStore(stage) {
  globalThis.document = { hidden: false, addEventListener() {} };
  globalThis.requestAnimationFrame = run => setTimeout(run, 0);
  const folder = path.join(stage.folder, 'page');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  for (const name of ['store.js', 'events.js', 'format.js']) fs.copyFileSync(path.join(ROOT, 'nodes/dashboard', name), path.join(folder, name));
  return import(path.join(folder, 'store.js'));
}

test('a plain subscriber makes the same trace as the page', staged(async stage => {
  const entries = [];
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const subscriber = new IORedis(stage.redisUrl);
  stage.closers.push(() => subscriber.disconnect());
  subscriber.on('message', (_channel, text) => entries.push(entryOf(JSON.parse(text))));
  await subscriber.subscribe(CHANNEL);
  const store = await pageStore(stage);
  const browser = new Browser(stage, stage.url);
  await until(() => browser.hellos.length, 'it is greeted');
  const queue = stage.queue();
  await queue.add('sleep', { ms: 1200 }); // progress 25, 50, 75, 100
  await queue.add('fatal', { message: 'told' });
  await queue.add('echo', { imageId: 'cat' });
  await until(async () => (await queue.getCompletedCount()) === 2 && (await queue.getFailedCount()) === 1, 'all jobs end');
  await until(() => entries.filter(x => /completed|failed/.test(x.type)).length === 3, 'all is published');
  await caughtUp(stage, browser);
  for (const { id, ...event } of browser.events) store.receive(event);
  await until(() => store.state.trace.length === browser.events.length, 'the page has taken all');
  const page = store.state.trace.map(({ type, level, summary, jobId, jobProgress }) => ({ type, level, summary, jobId, jobProgress })).reverse();
  assert.ok(entries.some(x => x.jobProgress === 50));
  assert.deepEqual(page, entries);
  browser.leave();
}));
