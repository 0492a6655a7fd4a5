// What people write into options beyond the documentation: texts for numbers
// (from process.env), numbers that are too large, true for what it is not. A
// BullMQ worker runs the same jobs in a queue of its own; both end alike.
import { scenario, same, check, until, readStream, QUEUE } from './_lib.mjs';

const most = Number.MAX_SAFE_INTEGER;

// A queue, how to add to it and what became of the jobs.
async function fleet(ctx, name) {
  const q = ctx.queue(name);
  const r = ctx.redis();
  const told = async (id, event) =>
    (await readStream(r, `${q.qualifiedName}:events`)).filter(e => e.jobId === id && e.event === event);
  const starts = async id => (await told(id, 'active')).length;
  const ended = job => until(async () => (await told(job.id, 'completed')).length || (await told(job.id, 'failed')).length,
    `${name}: job ${job.id} (${JSON.stringify(job.opts)}) ended`, 30000, 10);
  const run = async (type, data, opts) => {
    const job = await q.add(type, data, opts);
    await ended(job);
    return job;
  };
  const labels = async state => (await q.getJobs([state], 0, -1, true)).map(j => j.data.label);
  return { q, told, starts, run, labels };
}

const tried = (f, opts) => f.run('crash', { message: 'x' }, opts).then(job => f.starts(job.id));

async function traces(f, stackTraceLimit) {
  const { id } = await f.run('crash', { message: 'x' }, { attempts: 3, stackTraceLimit });
  return (await f.q.getJob(id)).stacktrace.length;
}

async function logged(f, keepLogs) {
  const { id } = await f.run('log', { lines: ['a', 'b', 'c'] }, { keepLogs });
  return (await f.q.getJobLogs(id)).logs;
}

// Three that are kept, then one that says how many are: what is left.
async function left(f, state, keep) {
  await f.q.clean(0, 0, state);
  const name = state === 'completed' ? 'echo' : 'crash';
  const option = state === 'completed' ? 'removeOnComplete' : 'removeOnFail';
  for (const label of [1, 2, 3]) await f.run(name, { label, message: 'x' }, {});
  const last = await f.run(name, { label: 4, message: 'x' }, { [option]: keep });
  check((await f.told(last.id, state)).length === 1, 'it was told');
  return f.labels(state);
}

// Whether a job is tried again and again; it is removed then.
async function again(f, job) {
  await until(async () => (await f.starts(job.id)) >= 4, `job ${job.id} is tried for ever`, 30000, 10);
  await until(async () => { await job.remove(); return true; }, `job ${job.id} is removed`, 30000, 10);
  return 'again';
}

async function far(f, backoff) {
  const job = await f.q.add('crash', { message: 'x' }, { attempts: 2, backoff });
  await until(async () => (await job.getState()) === 'delayed' || (await f.told(job.id, 'failed')).length, 'the first failure', 30000, 10);
  const state = await job.getState();
  const { delay } = await f.q.getJob(job.id);
  await job.remove();
  return [state, delay > 8e15];
}

async function waited(f, backoff) {
  const { id } = await f.run('crash', { message: 'x' }, { attempts: 2, backoff });
  const [a, b] = await f.told(id, 'active');
  return b ? b.ms - a.ms >= 145 : 'once';
}

const keeps = [true, false, 'true', 'false', '5', '0', '', 0, 2, -1, {}, { age: 0 }, { age: '0' }, { age: -1 }, { age: 3600 },
  { age: 0, count: 2 }, { age: 0, count: 0 }, { age: 0, limit: 2 }, { age: 0, limit: 0 }, { age: 0, limit: -1 }, { count: 0 },
  { count: 2 }, { count: -1 }, { count: 2, age: 3600 }, { count: 2, age: '3600' }, { age: most }];

const cases = [
  ...['3', 2.5, 0.5, ' 2 ', '0x2', '', 'many', true, null, -3, 2].map(attempts =>
    [`attempts ${JSON.stringify(attempts)}`, f => tried(f, { attempts })]),
  ...['1', 1, 0, '0', -1, 2.5, true, '', most].map(limit => [`stackTraceLimit ${JSON.stringify(limit)}`, f => traces(f, limit)]),
  ...['2', 2, 0, most].map(lines => [`keepLogs ${JSON.stringify(lines)}`, f => logged(f, lines)]),
  ...keeps.map(keep => [`removeOnComplete ${JSON.stringify(keep)}`, f => left(f, 'completed', keep)]),
  ...keeps.map(keep => [`removeOnFail ${JSON.stringify(keep)}`, f => left(f, 'failed', keep)]),
  ...[most, 1e300].map(attempts => [`attempts ${attempts}`, async f =>
    again(f, await f.q.add('crash', { message: 'x' }, { attempts, backoff: 20 }))]),
  ['attempts of a scheduler', async f => {
    const job = await f.q.upsertJobScheduler('s', { every: 3600000 },
      { name: 'crash', data: { message: 'x' }, opts: { attempts: most, backoff: 20 } });
    await until(async () => (await f.starts(job.id)) >= 4, 'it is tried for ever', 30000, 10);
    return f.q.removeJobScheduler('s');
  }],
  ...[{ type: 'fixed', delay: 2 ** 53 + 2 }, { type: 'exponential', delay: 1e16 }, most].map(backoff =>
    [`backoff ${JSON.stringify(backoff)}`, f => far(f, backoff)]),
  ...[150, { type: 'fixed', delay: '150' }, { type: 'exponential', delay: '150' }, { type: 'fixed', delay: 300, jitter: '0.5' },
    { type: 'fixed', delay: -1 }, { type: 'fixed' }, { type: 'exponential' }, { type: 'fixed', delay: null }, false, '', null].map(
    backoff => [`backoff ${JSON.stringify(backoff)}`, f => waited(f, backoff)]),
];

await scenario('odd options end as with a BullMQ worker', async ctx => {
  await ctx.startForeign();
  await ctx.startNode({ QUEUE: `${QUEUE}-node` });
  const ours = await fleet(ctx, QUEUE);
  const theirs = await fleet(ctx, `${QUEUE}-node`);
  const wrong = [];
  for (const [name, look] of cases) {
    try {
      const [a, b] = await Promise.all([look(ours), look(theirs)]);
      same(a, b, name);
    } catch (e) { wrong.push(e.message); }
  }
  check(!wrong.length, `\n${wrong.join('\n')}`);
});
