import { scenario, check, same, until, readStream } from './_lib.mjs';
await scenario('global concurrency over a mixed fleet', async ctx => {
  const q = ctx.queue();
  await q.setGlobalConcurrency(2);
  await q.pause();
  await ctx.startForeign({ CONCURRENCY: 4, WORKER_NAME: 'a' });
  await ctx.startForeign({ CONCURRENCY: 4, WORKER_NAME: 'b' });
  await ctx.startNode({ CONCURRENCY: 4, WORKER_NAME: 'node' });
  const N = 40;
  await q.addBulk(Array.from({ length: N }, (_, n) => n % 8 === 7
    ? { name: 'flaky', data: { failTimes: 1 }, opts: { attempts: 2, priority: n % 3 } }
    : { name: 'sleep', data: { ms: 60 }, opts: { priority: n % 3 } }));
  const started = Date.now();
  await q.resume();
  await until(async () => (await q.getCompletedCount()) === N, 'all completed', 15000);
  const took = Date.now() - started;
  // how many ran at once, by the events
  let running = 0;
  let most = 0;
  for (const e of await readStream(ctx.redis(), `${q.qualifiedName}:events`)) {
    if (e.event === 'active') most = Math.max(most, ++running);
    if (['completed', 'failed'].includes(e.event) || (e.event === 'waiting' && e.prev === 'active')) running--;
  }
  check(most <= 2, `${most} ran at once`);
  check(took < 6000, `no slot idles: ${took} ms for ${N} jobs of 60 ms, two at a time`);
  // without the limit all slots are used again
  await q.removeGlobalConcurrency();
  const jobs = await q.addBulk(Array.from({ length: 12 }, () => ({ name: 'sleep', data: { ms: 400 } })));
  await until(async () => (await q.getActiveCount()) >= 8, 'more run at once', 3000, 20);
  await until(async () => (await Promise.all(jobs.map(j => j.getState()))).every(s => s === 'completed'), 'done', 8000);
  same(await q.getFailedCount(), 0, 'none failed');
});
