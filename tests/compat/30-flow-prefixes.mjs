import { scenario, same, until, sleep, readStream, PREFIX, QUEUE } from './_lib.mjs';
await scenario('flow: parent and children under different prefixes', async ctx => {
  const far = PREFIX === 'bull' ? 'shop:eu' : '{bull}:far'; // a prefix may hold colons
  const q = ctx.queue();
  const kids = ctx.queue(`${QUEUE}-far`, { prefix: far });
  const ev = await ctx.events();
  await ctx.startForeign();
  await ctx.startForeign({ QUEUE: kids.name, PREFIX: far });
  const flow = ctx.flow();
  const child = (name, data, opts) => ({ name, queueName: kids.name, prefix: far, data, opts });
  const good = await flow.add({
    name: 'echo', queueName: q.name, data: { p: 1 }, opts: { priority: 5 },
    children: [child('echo', { k: 1 }), child('flaky', { failTimes: 1 }, { attempts: 2 })],
  });
  await good.job.waitUntilFinished(ev, 30000);
  const parent = await q.getJob(good.job.id);
  same(await parent.getChildrenValues(), {
    [`${far}:${kids.name}:${good.children[0].job.id}`]: { k: 1 },
    [`${far}:${kids.name}:${good.children[1].job.id}`]: { ok: true },
  }, 'values from the other prefix');
  const told = (await readStream(ctx.redis(), `${q.qualifiedName}:events`)).filter(e => e.jobId === parent.id);
  same(told.map(e => [e.event, e.prev]), [['added', undefined], ['waiting-children', undefined],
    ['waiting', 'waiting-children'], ['active', 'waiting'], ['completed', 'active']], 'events are in the parent\'s queue');
  // a failure crosses, too; and a paused parent queue holds the parent
  await q.pause();
  const bad = await flow.add({
    name: 'echo', queueName: q.name, data: {},
    children: [child('crash', { message: 'x' }, { failParentOnFailure: true })],
  });
  await until(async () => (await bad.job.getState()) === 'waiting', 'released into the paused queue');
  await sleep(300);
  same(await ctx.redis().zscore(`${q.qualifiedName}:marker`, '0'), null, 'no marker in a paused queue');
  same(await bad.job.getState(), 'waiting', 'not taken');
  await q.resume();
  await until(async () => (await bad.job.getState()) === 'failed', 'failed by its own queue\'s worker');
});
