import { scenario, check, same, until, sleep, readStream, QUEUE } from './_lib.mjs';
await scenario('flow: what a failed child does to its parent', async ctx => {
  const q = ctx.queue();
  const kids = ctx.queue(`${QUEUE}-kids`);
  const r = ctx.redis();
  const key = (of, id) => `${of.qualifiedName}:${id}`;
  await ctx.startForeign({ CONCURRENCY: 2 });
  await ctx.startForeign({ QUEUE: kids.name, CONCURRENCY: 2 });
  const flow = ctx.flow();
  const family = async (opts, { parent = {}, second = { delay: 60000 } } = {}) => {
    const tree = await flow.add({
      name: 'echo', queueName: q.name, data: { role: 'parent' }, opts: parent,
      children: [
        { name: 'crash', queueName: kids.name, data: { message: 'bad kid' }, opts },
        { name: 'echo', queueName: kids.name, data: { kid: 2 }, opts: second },
      ],
    });
    return { p: tree.job, bad: tree.children[0].job, other: tree.children[1].job };
  };
  const state = (job, wanted) => until(async () => (await job.getState()) === wanted, `${job.id} is ${wanted}`, 6000);
  const eventsOf = async (queue, id) => (await readStream(r, `${queue.qualifiedName}:events`))
    .filter(e => e.jobId === id).map(({ id: _, ms, jobId, event, ...rest }) => [event, rest]);

  // failParentOnFailure: the parent is failed by the worker of its queue
  const f = await family({ failParentOnFailure: true });
  await state(f.p, 'failed');
  const reason = `child ${key(kids, f.bad.id)} failed`;
  same((await q.getJob(f.p.id)).failedReason, reason, 'reason of the parent');
  same(await r.zrange(key(q, `${f.p.id}:unsuccessful`), 0, -1), [key(kids, f.bad.id)], 'unsuccessful children');
  same(await r.hget(key(q, f.p.id), 'defa'), null, 'the deferred failure is used up');
  same(await r.smembers(key(q, `${f.p.id}:dependencies`)), [key(kids, f.other.id)], 'the other child still pends');
  same(await eventsOf(q, f.p.id), [
    ['added', { name: 'echo' }], ['waiting-children', {}], ['waiting', { prev: 'waiting-children' }],
    ['active', { prev: 'waiting' }], ['failed', { failedReason: reason, prev: 'active' }],
    ['retries-exhausted', { attemptsMade: '1' }],
  ], 'events of the parent');

  // retries left: the parent waits for the last attempt; an attempt left of its own does not help it
  const slow = await family({ failParentOnFailure: true, attempts: 2, backoff: 300 }, { parent: { attempts: 3 } });
  await state(slow.bad, 'delayed');
  same(await slow.p.getState(), 'waiting-children', 'not before the last attempt');
  await state(slow.p, 'failed');
  same((await q.getJob(slow.p.id)).attemptsMade, 1, 'a deferred failure is not retried');

  // continueParentOnFailure: at once, although a child pends; and completing is refused
  const c = await family({ continueParentOnFailure: true }, { parent: { attempts: 2, backoff: 100 } });
  await state(c.p, 'failed');
  const cp = await q.getJob(c.p.id);
  check(/pending/.test(cp.failedReason), `it may not complete: ${cp.failedReason}`);
  same(cp.attemptsMade, 2, 'a pending child is a failure that is retried');
  same(await cp.getFailedChildrenValues(), { [key(kids, c.bad.id)]: 'bad kid' }, 'failed children');
  const c2 = await family({ continueParentOnFailure: true }, { second: {}, parent: {} });
  await state(c2.other, 'completed');

  // ignoreDependencyOnFailure: it waits for the others
  const i = await family({ ignoreDependencyOnFailure: true }, { second: { delay: 500 } });
  await state(i.bad, 'failed');
  same(await i.p.getState(), 'waiting-children', 'the other child is waited for');
  await state(i.p, 'completed');
  const ip = await q.getJob(i.p.id);
  same(await ip.getIgnoredChildrenFailures(), { [key(kids, i.bad.id)]: 'bad kid' }, 'ignored failures');
  same(await ip.getChildrenValues(), { [key(kids, i.other.id)]: { kid: 2 } }, 'values');

  // removeDependencyOnFailure: as if it had never been
  const d = await family({ removeDependencyOnFailure: true }, { second: { delay: 300 } });
  await state(d.p, 'completed');
  same(await r.exists(key(q, `${d.p.id}:failed`)), 0, 'no note of the failure');

  // none: the parent waits, until the child is gone
  const n = await family({}, { second: {} });
  await state(n.bad, 'failed');
  await state(n.other, 'completed');
  await sleep(200);
  same(await n.p.getState(), 'waiting-children', 'a failed child holds its parent');
  await (await kids.getJob(n.bad.id)).retry();
  await sleep(300);
  same(await n.p.getState(), 'waiting-children', 'still after a vain retry');
  await kids.add('crash', { message: 'pushes it out' }, { removeOnFail: 1 });
  await state(n.p, 'completed');
  const gone = await family({ removeOnFail: true }, { second: {} });
  await state(gone.p, 'completed');

  // priority and delay of a parent count when it is released; nested failures climb
  const ranked = await family({ failParentOnFailure: true }, { parent: { delay: 700 } });
  await state(ranked.p, 'delayed');
  await state(ranked.p, 'failed');
  const tree = await flow.add({
    name: 'echo', queueName: q.name, data: {}, children: [{
      name: 'echo', queueName: kids.name, data: {}, opts: { failParentOnFailure: true, attempts: 3 }, children: [
        { name: 'fatal', queueName: q.name, data: { message: 'deep' }, opts: { failParentOnFailure: true, attempts: 3, priority: 2 } }],
    }],
  });
  await state(tree.job, 'failed');
  same((await q.getJob(tree.job.id)).failedReason, `child ${key(kids, tree.children[0].job.id)} failed`, 'reason of the grandparent');
});
