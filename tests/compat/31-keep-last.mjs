import { scenario, check, same, until, readStream } from './_lib.mjs';
await scenario('deduplication: keepLastIfActive, replace, extend', async ctx => {
  const q = ctx.queue();
  const ev = await ctx.events();
  const r = ctx.redis();
  const k = s => `${q.qualifiedName}:${s}`;
  await ctx.startForeign();
  const de = { id: 'k', keepLastIfActive: true };
  const active = job => until(async () => (await job.getState()) === 'active', `${job.id} active`);

  // the newest add during the run is added when it ends
  const first = await q.add('sleep', { ms: 600 }, { deduplication: de });
  await active(first);
  await q.add('echo', { v: 2 }, { deduplication: de });
  await q.add('echo', { v: 3 }, { deduplication: de, removeOnComplete: 50 });
  same(await q.getDeduplicationJobId('k'), first.id, 'owner while it runs');
  await first.waitUntilFinished(ev, 30000);
  await until(async () => (await q.getCompletedCount()) === 2, 'the last one ran, the middle one did not');
  const [last] = (await q.getCompleted()).filter(j => j.id !== first.id);
  same([last.data, last.opts.removeOnComplete, last.deduplicationId], [{ v: 3 }, 50, 'k'], 'the newest payload and its options');
  same(await r.exists(k('dn:k'), k('de:k')), 0, 'nothing is left of the id');
  const told = await readStream(r, k('events'));
  const at = (event, id) => told.findIndex(e => e.event === event && e.jobId === id);
  check(at('added', last.id) < at('waiting', last.id) && at('waiting', last.id) < at('completed', first.id),
    'the next job is added before the completion is told');

  // a job that fails for good does the same; one that is retried does not
  const bad = await q.add('crash', { message: 'x' }, { deduplication: de, attempts: 2, backoff: 400 });
  await until(async () => (await bad.getState()) === 'delayed', 'first failure');
  same(await q.getDeduplicationJobId('k'), bad.id, 'a retry keeps the id');
  same((await q.add('echo', { v: 4 }, { deduplication: de })).id, bad.id, 'refused while it is delayed');
  await until(async () => (await bad.getState()) === 'failed', 'failed');
  await q.pause();
  const slow = await q.add('sleep', { ms: 400 }, { deduplication: de });
  await q.resume();
  await active(slow);
  await q.add('echo', { v: 5 }, { deduplication: de, jobId: 'mine', delay: 700, priority: 3 });
  await slow.waitUntilFinished(ev, 30000);
  const mine = await until(() => q.getJob('mine'), 'the next job under its own id');
  same([await mine.getState(), mine.data, mine.priority, mine.delay], ['delayed', { v: 5 }, 3, 700], 'delay and priority');
  same(await q.getDeduplicationJobId('k'), 'mine', 'it owns the id');
  same(await mine.waitUntilFinished(ev, 30000), { v: 5 }, 'and runs');

  // replace: the newest of the delayed runs
  const rep = { id: 'deb', ttl: 3000, extend: true, replace: true };
  const a = await q.add('echo', { n: 1 }, { deduplication: rep, delay: 500 });
  const b = await q.add('echo', { n: 2 }, { deduplication: rep, delay: 500 });
  check(a.id !== b.id, 'a new job');
  same(await b.waitUntilFinished(ev, 30000), { n: 2 }, 'the newest runs');
  same(await q.getJob(a.id) ?? null, null, 'the older one is gone');
  check((await r.pttl(k('de:deb'))) > 0, 'the key outlives the job');
});
