// `streams.events.maxLen: 0`: nothing that ended goes before it was heard.
import { scenario, same, check, until, readStream, QUEUE } from './_lib.mjs';
await scenario('a stream of no length tells what ended', async ctx => {
  await ctx.startForeign({ CONCURRENCY: 2 });
  await ctx.startNode({ QUEUE: `${QUEUE}-node`, CONCURRENCY: 2 });
  const look = async name => {
    const q = ctx.queue(name, { streams: { events: { maxLen: 0 } } });
    // A trimmed event wakes the reader with nothing. From `$`, what is told until
    // it asks again would not be heard.
    const ev = await ctx.events(name, { lastEventId: '0-0' });
    await q.waitUntilReady();
    await until(async () => (await ctx.redis().hget(`${q.qualifiedName}:meta`, 'opts.maxLenEvents')) === '0', 'the length is set');
    const out = [];
    const drained = new Promise(r => ev.once('drained', () => r('drained')));
    for (const v of [1, 2, 3]) {
      const job = await q.add('sleep', { ms: 120 });
      out.push(await job.waitUntilFinished(ev, 30000));
    }
    const bad = await q.add('crash', { message: 'no' }, { attempts: 2, backoff: 50 });
    out.push(await bad.waitUntilFinished(ev, 30000).catch(e => e.message));
    out.push(await drained);
    return out;
  };
  const [ours, theirs] = await Promise.all([look(QUEUE), look(`${QUEUE}-node`)]);
  same(ours, theirs, 'ends as with a BullMQ worker');
  same(ours, [{ slept: 120 }, { slept: 120 }, { slept: 120 }, 'no', 'drained'], 'all were heard');
  const told = await readStream(ctx.redis(), `${ctx.queue().qualifiedName}:events`);
  check(told.length < 20, `the stream stays short: ${told.length}`);
});
