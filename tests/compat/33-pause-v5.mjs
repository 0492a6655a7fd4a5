import { Queue as Queue5 } from 'bullmq5';
import { scenario, check, same, until, sleep, PREFIX, QUEUE } from './_lib.mjs';
// BullMQ 6's own worker fails here: it promotes into `wait`, which v5's resume
// overwrites.
await scenario('a v5 client pauses and resumes: nothing is lost', async ctx => {
  const q = new Queue5(QUEUE, { connection: ctx.connection(), prefix: PREFIX });
  q.on('error', () => {});
  ctx.defer(() => q.close());
  await q.waitUntilReady();
  const r = ctx.redis();
  const k = s => `${PREFIX}:${QUEUE}:${s}`;
  await until(async () => (await r.hget(k('meta'), 'version'))?.startsWith('bullmq:5'), 'meta names the client');
  await ctx.startForeign({ CONCURRENCY: 2, LOCK_DURATION: 2000, STALLED_INTERVAL: 500 });
  const running = await q.add('flaky', { failTimes: 1 }, { attempts: 2, backoff: 1200 });
  const long = await q.add('sleep', { ms: 700 });
  await until(async () => (await long.getState()) === 'active' && (await running.getState()) === 'delayed', 'both under way');
  await q.pause();
  const later = await q.add('echo', { n: 1 }, { delay: 400 });
  const plain = await q.addBulk([{ name: 'echo', data: { n: 2 } }, { name: 'echo', data: { n: 3 }, opts: { lifo: true } },
    { name: 'echo', data: { n: 4 }, opts: { priority: 2 } }]);
  await until(async () => (await long.getState()) === 'completed', 'a running job ends');
  // delayed jobs are promoted during the pause: where v5's resume finds them
  await until(async () => (await r.lpos(k('paused'), later.id)) !== null, 'promoted among the paused', 4000);
  await until(async () => (await r.lpos(k('paused'), running.id)) !== null, 'a retry among the paused', 4000);
  same(await r.exists(k('wait'), k('active')), 0, 'nothing waits or runs outside');
  same((await q.getJobCounts('paused')).paused, 4, 'v5 counts them as paused');
  await sleep(300);
  await q.resume();
  await until(async () => (await q.getCompletedCount()) === 6, 'all six completed', 6000);
  check((await Promise.all([later, running, ...plain].map(j => j.getState()))).every(s => s === 'completed'), 'none is lost');
  same(await r.exists(k('paused'), k('wait')), 0, 'both lists are empty');
});
