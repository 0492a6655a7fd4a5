import { scenario, check, same, until } from './_lib.mjs';
await scenario('rate limits shared with a BullMQ worker', async ctx => {
  const q = ctx.queue();
  const limit = { LIMITER_MAX: 6, LIMITER_DURATION: 1000 };
  await q.pause();
  await ctx.startForeign({ CONCURRENCY: 2, WORKER_NAME: 'foreign', ...limit });
  await ctx.startNode({ CONCURRENCY: 2, WORKER_NAME: 'node', ...limit });
  const run = async (label, count, max) => {
    const jobs = await q.addBulk(Array.from({ length: count }, () => ({ name: 'sleep', data: { ms: 20 } })));
    await q.resume();
    await until(async () => (await Promise.all(jobs.map(j => j.getState()))).every(s => s === 'completed'), `${label}: all completed`, 20000, 150);
    const done = (await Promise.all(jobs.map(j => q.getJob(j.id)))).sort((a, b) => a.processedOn - b.processedOn);
    const span = done.at(-1).processedOn - done[0].processedOn;
    check(span >= (count / max - 1) * 1000 - 150, `${label}: ${count} starts took only ${span} ms`);
    // BullMQ's windows are fixed: at most two of them in any second
    for (let i = 2 * max; i < count; i++)
      check(done[i].processedOn - done[i - 2 * max].processedOn >= 900, `${label}: more than ${2 * max} starts a second`);
    same(done.every(j => j.attemptsMade === 1), true, `${label}: a limit is no attempt`);
    await q.pause();
    return new Set(done.map(j => j.processedBy));
  };
  await run('limits of the workers', 24, 6);
  await q.setGlobalRateLimit(3, 1000);
  await run('limit of the queue', 10, 3);
  await q.removeGlobalRateLimit();
  // a limit that a client sets by hand holds both
  await q.rateLimit(1500);
  const t = Date.now();
  const job = await q.add('echo', {});
  await q.resume();
  await until(async () => (await job.getState()) === 'completed', 'after the limit', 6000);
  check((await q.getJob(job.id)).processedOn - t >= 1300, `held back by ${(await q.getJob(job.id)).processedOn - t} ms`);
});
