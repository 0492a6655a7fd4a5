// Job schedulers over the API: BullMQ's clients see those that are made here, and the other way round.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';

async function put(stage, id, body) {
  const answer = await fetch(`${stage.url}/api/schedulers/${encodeURIComponent(id)}`, { method: 'PUT', body: JSON.stringify(body) });
  return { status: answer.status, ...await answer.json() };
}

test('a scheduler that is made here is one of BullMQ\'s', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  const body = { pattern: '0 5 * * *', tz: 'Europe/Berlin', limit: 9, name: 'echo', data: { a: [] }, options: { attempts: 2, priority: 4 } };
  const made = await put(stage, 'night:ly', body);
  assert.equal(made.status, 200, JSON.stringify(made));
  const seen = await queue.getJobScheduler('night:ly');
  assert.deepEqual([seen.pattern, seen.tz, seen.limit, seen.name, seen.next, seen.iterationCount], [body.pattern, body.tz, 9, 'echo', made.next, 1]);
  assert.deepEqual(seen.template, { data: { a: [] }, opts: { attempts: 2, priority: 4 } });
  const job = await queue.getJob(made.jobId);
  assert.deepEqual([job.name, job.data, job.opts.attempts, job.opts.repeat.pattern, job.repeatJobKey], ['echo', { a: [] }, 2, body.pattern, 'night:ly']);
  const { schedulers, total } = await stage.get('/api/schedulers');
  assert.equal(total, 1);
  assert.equal(schedulers[0].nextRuns.length, 5);
  assert.ok(schedulers[0].nextRuns.every((at, i, list) => i === 0 || at > list[i - 1]));
  // The same by BullMQ's client: nothing about it changes.
  const recorded = async () => {
    const { opts, ...rest } = await stage.redis().hgetall('bull:image-processing:repeat:night:ly');
    return { ...rest, opts: JSON.parse(opts) };
  };
  const record = await recorded();
  await queue.upsertJobScheduler('night:ly', { pattern: body.pattern, tz: body.tz, limit: 9 }, { name: 'echo', data: { a: [] }, opts: { attempts: 2, priority: 4 } });
  assert.deepEqual(await recorded(), record);
  assert.equal((await queue.getJobScheduler('night:ly')).next, made.next);
}));

test('schedulers of either side are listed, changed and removed, and run', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const queue = stage.queue();
  await queue.upsertJobScheduler('theirs', { every: 200 }, { name: 'echo', data: {} });
  const made = await put(stage, 'ours', { every: 200, name: 'echo' });
  assert.equal(made.status, 200);
  const count = async id => (await stage.get('/api/schedulers')).schedulers.find(x => x.id === id)?.iterationCount;
  await until(async () => await count('ours') > 3 && await count('theirs') > 3, 'both run');
  await put(stage, 'theirs', { pattern: '0 0 1 1 *', name: 'echo' });
  const [theirs] = (await stage.get('/api/schedulers')).schedulers.filter(x => x.id === 'theirs');
  assert.deepEqual([theirs.every, theirs.pattern], [null, '0 0 1 1 *']);
  for (const id of ['ours', 'theirs'])
    assert.equal((await fetch(`${stage.url}/api/schedulers/${id}`, { method: 'DELETE' })).status, 200);
  assert.equal((await fetch(`${stage.url}/api/schedulers/ours`, { method: 'DELETE' })).status, 404);
  assert.equal(await queue.getJobSchedulersCount(), 0);
  await until(async () => await queue.getDelayedCount() === 0, 'no job is left');
}));

test('a schedule that cannot be meant is refused with the reason', staged(async stage => {
  await stage.serve();
  for (const [body, words] of [
    [{ name: 'echo' }, /either an interval or a pattern/],
    [{ name: 'echo', every: 1000, pattern: '* * * * *' }, /either an interval or a pattern/],
    [{ every: 1000 }, /no member 'name'/],
    [{ name: 'echo', pattern: '99 * * * *' }, /pattern/],
    [{ name: 'echo', pattern: '* * * * *', tz: 'Mars/Olympus' }, /tz/],
    [{ name: 'echo', every: 1 }, /at least 100 ms/],
    [{ name: 'echo', every: 1000, endDate: '2001-01-01' }, /end date is over/],
    [{ name: 'echo', every: 1000, options: { jobId: 'x' } }, /jobId/],
    [{ name: 'echo', every: 1000, options: { atempts: 2 } }, /attempts/],
    [{ name: 'echo', every: 'often' }, /every/],
    [{ name: 'echo', evry: 1000 }, /every/],
  ]) {
    const answer = await put(stage, 'x', body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.error.message, words);
  }
  assert.equal((await stage.get('/api/schedulers')).total, 0);
}));
