// What operators do to jobs over the API: find them, look at one, change many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowProducer } from 'bullmq';
import { QUEUE, staged, until } from './_lib.mjs';

/** A request with a JSON body: {status, body}. */
async function send(stage, method, target, body) {
  const answer = await fetch(stage.url + target, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

/** One that must succeed: its body. */
async function ok(stage, method, target, body, status = 200) {
  const answer = await send(stage, method, target, body);
  assert.equal(answer.status, status, `${method} ${target}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const ids = page => page.jobs.map(job => job.id);

/** All pages of a list. */
async function all(stage, query) {
  const out = [];
  for (let next = ''; next !== null;) {
    const page = await stage.get(`/api/jobs?${query}${next && `&cursor=${encodeURIComponent(next)}`}`);
    out.push(...ids(page));
    next = page.next;
  }
  return out;
}

test('jobs are found by state, name, image, failure and time, in pages', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  const begun = Date.now();
  await queue.addBulk(Array.from({ length: 120 }, (_, i) => ({ name: i % 2 ? 'echo' : 'sleep', data: { imageId: `img-${i % 10}` }, opts: { jobId: `j${i}` } })));
  const waiting = Array.from({ length: 120 }, (_, i) => `j${i}`);
  assert.deepEqual(await all(stage, 'limit=7'), waiting);
  assert.deepEqual(await all(stage, 'state=waiting&limit=500'), waiting);
  assert.deepEqual(await all(stage, 'name=echo&imageId=img-3&limit=5'), waiting.filter((_, i) => i % 10 === 3));
  assert.deepEqual(await all(stage, `after=${begun + 60000}`), []);
  assert.equal((await all(stage, `after=${begun - 60000}&before=2100-01-01`)).length, 120);
  const page = await stage.get('/api/jobs?limit=2&name=echo');
  assert.equal(page.total, 120, 'the total is that of the state');
  assert.deepEqual(ids(await stage.get('/api/jobs?state=waiting&page=1')), waiting.slice(50, 100));
  for (const wrong of ['state=lost', 'limit=0', 'limit=501', 'cursor=x', 'after=yesterday', 'after=-5', 'before=-1', 'nam=echo', 'page=-2'])
    assert.equal((await fetch(`${stage.url}/api/jobs?${wrong}`)).status, 400, wrong);
}));

test('dead letters are grouped, and one cause is redriven', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const queue = stage.queue();
  for (let i = 0; i < 12; ++i) await queue.add('generate-variants', { imageId: `img-${i}`, filePath: i < 8 ? `none-${i}.jpg` : '../outside.jpg' }, { attempts: 1 });
  await until(async () => await queue.getFailedCount() === 12, 'all have failed');
  const { causes, jobs, more } = await stage.get('/api/dead/causes');
  assert.deepEqual([jobs, more], [12, false]);
  assert.deepEqual(causes.map(x => x.count), [8, 4], JSON.stringify(causes));
  assert.equal(causes[0].name, 'generate-variants');
  const found = await stage.get(`/api/jobs?state=failed&error=${encodeURIComponent('none-3.jpg')}`);
  assert.equal(found.jobs.length, 1);
  assert.equal((await stage.get('/api/jobs?state=failed&error=%2F(.%2B)%2B%24%2F')).jobs.length, 0, 'an expression is a text, since it may take for ever');
  await queue.pause();
  const run = await ok(stage, 'POST', '/api/dead/redrive', { cause: causes[0].cause, rate: 100 }, 202);
  assert.equal(run.state, 'running');
  await until(async () => (await stage.get('/api/dead/redrive')).state === 'done', 'the run has ended');
  assert.equal((await stage.get('/api/dead/redrive')).redriven, 8);
  assert.equal(await queue.getFailedCount(), 4);
  assert.equal(await queue.getWaitingCount(), 8);
  await ok(stage, 'POST', '/api/dead/redrive', { rate: 1 }, 202);
  assert.equal((await send(stage, 'POST', '/api/dead/redrive', {})).status, 409);
  assert.equal((await ok(stage, 'POST', '/api/dead/redrive/stop')).state, 'stopped');
}));

test('many jobs are changed by one request', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  await queue.addBulk(Array.from({ length: 30 }, (_, i) => ({ name: i % 2 ? 'echo' : 'sleep', data: {}, opts: { delay: 600000, jobId: `d${i}` } })));
  const promoted = await ok(stage, 'POST', '/api/jobs/bulk', { action: 'promote', state: 'delayed', name: 'echo' });
  assert.deepEqual(promoted, { action: 'promote', matched: 15, done: 15, refused: [], more: false });
  const some = await ok(stage, 'POST', '/api/jobs/bulk', { action: 'remove', state: 'delayed', limit: 5 });
  assert.deepEqual([some.done, some.more], [5, true]);
  const named = await ok(stage, 'POST', '/api/jobs/bulk', { action: 'promote', ids: ['d1', 'd28', 'none'] });
  assert.deepEqual([named.matched, named.done, named.refused.map(x => x.id)], [3, 1, ['d1', 'none']]);
  const cancelled = await ok(stage, 'POST', '/api/jobs/bulk', { action: 'cancel', state: 'waiting' });
  assert.equal(cancelled.done, 16);
  assert.equal(await queue.getFailedCount(), 16);
  const retried = await ok(stage, 'POST', '/api/jobs/bulk', { action: 'retry', state: 'failed', error: 'cancelled', attempts: 'all' });
  assert.equal(retried.done, 16, JSON.stringify(retried));
  for (const wrong of [{}, { action: 'retry' }, { action: 'burn', state: 'failed' }, { action: 'retry', state: 'failed', ids: ['a'] },
    { action: 'retry', state: 'failed', limit: 0 }, { action: 'retry', state: 'failed', oops: 1 }, [], 'x'])
    assert.equal((await send(stage, 'POST', '/api/jobs/bulk', wrong)).status, 400, JSON.stringify(wrong));
}));

test('jobs are added and edited as BullMQ does it', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  const added = await ok(stage, 'POST', '/api/jobs', { name: 'echo', data: { a: 1 }, options: { jobId: 'mine', delay: 60000, priority: 3 } }, 201);
  assert.deepEqual(added, { id: 'mine', existed: false });
  assert.deepEqual(await ok(stage, 'POST', '/api/jobs', { name: 'echo', options: { jobId: 'mine' } }), { id: 'mine', existed: true });
  await ok(stage, 'PATCH', '/api/jobs/mine', { data: { b: 2 }, delay: 1000000 });
  let job = await queue.getJob('mine');
  assert.deepEqual([job.data, await job.getState(), job.delay], [{ b: 2 }, 'delayed', 1000000]);
  await ok(stage, 'POST', '/api/jobs/mine/promote');
  await ok(stage, 'PATCH', '/api/jobs/mine', { priority: 0 });
  job = await queue.getJob('mine');
  assert.deepEqual([await job.getState(), job.priority], ['waiting', 0]);
  assert.equal((await send(stage, 'PATCH', '/api/jobs/mine', { delay: 5 })).status, 409);
  assert.equal((await send(stage, 'PATCH', '/api/jobs/none', { data: {} })).status, 404);
  for (const wrong of [{ name: 'ecko' }, { data: {} }, { name: 'echo', options: { atempts: 3 } }, { name: 'echo', options: [] }, { name: '' }])
    assert.equal((await send(stage, 'POST', '/api/jobs', wrong)).status, 400, JSON.stringify(wrong));
  await ok(stage, 'POST', '/api/jobs', { name: 'of-another-worker', force: true }, 201);
}));

test('one job shows its family, failures and what happened to it', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const flow = new FlowProducer({ connection: { url: stage.redisUrl } });
  stage.closers.push(() => flow.close());
  const tree = await flow.add({ name: 'echo', queueName: QUEUE, data: {}, children: [
    { name: 'echo', queueName: QUEUE, data: { n: 1 } },
    { name: 'generate-variants', queueName: QUEUE, data: { imageId: 'i', filePath: 'none.jpg' }, opts: { attempts: 1, ignoreDependencyOnFailure: true } },
  ] });
  await until(async () => await tree.job.getState() === 'completed', 'the parent has completed');
  const parent = await stage.get(`/api/jobs/${tree.job.id}`);
  assert.equal(parent.state, 'completed');
  assert.equal(parent.children.counts.processed, 1);
  assert.equal(parent.children.counts.ignored, 1);
  assert.equal(parent.children.processed[0].queue, QUEUE);
  const child = await stage.get(`/api/jobs/${parent.children.ignored[0].id}`);
  assert.equal(child.parent.id, tree.job.id);
  assert.equal(child.errors.length, 1);
  assert.deepEqual(child.timeline.map(x => x.what).filter(x => ['added', 'active', 'failed'].includes(x)), ['added', 'active', 'failed']);
  assert.ok(child.timeline.every((x, i) => i === 0 || x.at >= child.timeline[i - 1].at));
  assert.match(child.timeline.find(x => x.what === 'failed').note, /none\.jpg/);
  await stage.redis().del(`bull:${QUEUE}:events`); // an old job, whose events were trimmed
  assert.deepEqual((await stage.get(`/api/jobs/${child.id}`)).timeline.map(x => x.what), ['added', 'active', 'failed']);
}));

test('the queue is cleaned, drained, limited and obliterated', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  await queue.addBulk(Array.from({ length: 6 }, () => ({ name: 'echo', data: {} })));
  await queue.add('generate-metadata', { imageId: 'img-1', filePath: 'a.jpg' }, { delay: 600000 });
  const facts = await stage.get('/api/queue');
  assert.ok(facts.oldestWaiting > 0 && facts.oldestWaiting <= Date.now());
  assert.deepEqual([facts.concurrency, facts.limit], [0, null]);
  assert.deepEqual(await ok(stage, 'POST', '/api/queue/clean', { state: 'waiting', limit: 2 }), { removed: 2 });
  assert.deepEqual(await ok(stage, 'POST', '/api/queue/drain', {}), { removed: 4 });
  const live = await stage.workerEvents();
  assert.deepEqual(await ok(stage, 'POST', '/api/queue/drain', { delayed: true }), { removed: 1 });
  await until(() => live.some(x => x.type === 'job-failed' && x.imageId === 'img-1'), 'the web tier heard of the job that is gone');
  assert.deepEqual(await ok(stage, 'PUT', '/api/queue/limits', { concurrency: 3, max: 10, duration: 1000 }), { concurrency: 3, limit: { max: 10, duration: 1000 } });
  assert.equal(await queue.getGlobalConcurrency(), 3);
  assert.deepEqual(await queue.getGlobalRateLimit(), { max: 10, duration: 1000 });
  await ok(stage, 'PUT', '/api/queue/limits', {});
  assert.equal(await queue.getGlobalConcurrency(), null);
  assert.equal((await send(stage, 'PUT', '/api/queue/limits', { max: 5 })).status, 400);
  await queue.add('echo', {});
  assert.equal((await send(stage, 'POST', '/api/queue/obliterate', { name: 'other' })).status, 400);
  assert.equal((await send(stage, 'POST', '/api/queue/obliterate', {})).status, 400);
  assert.deepEqual(await ok(stage, 'POST', '/api/queue/obliterate', { name: QUEUE }), { obliterated: QUEUE });
  assert.deepEqual((await stage.redis().keys(`bull:${QUEUE}:*`)).filter(key => !key.endsWith(':meta') && !key.endsWith(':events')), []);
}));
