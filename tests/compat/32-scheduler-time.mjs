import cronParser from 'cron-parser';
import { scenario, check, same, until } from './_lib.mjs';
const { CronExpressionParser } = cronParser;
await scenario('job scheduler: time zones, dates, templates', async ctx => {
  const q = ctx.queue();
  const r = ctx.redis();
  const k = s => `${q.qualifiedName}:${s}`;
  await ctx.startForeign({ CONCURRENCY: 3 });
  // The pending iteration is promoted: the worker that takes it makes the next one.
  const turns = [
    ['berlin', '0 30 2 * * *', 'Europe/Berlin'], ['york', '15 9 * * MON-FRI', 'America/New_York'],
    ['kolkata', '*/45 6,18 1,15 * *', 'Asia/Kolkata'], ['last', '0 12 L * *', 'UTC'],
    ['friday', '0 17 * * 5L', 'Europe/London'], ['second', '0 8 * FEB,SEP 2#2', 'Asia/Tokyo'],
  ];
  for (const [id, pattern, tz] of turns) {
    const first = await q.upsertJobScheduler(id, { pattern, tz }, { name: 'echo', data: { id } });
    await first.promote();
    const slot = Number(first.id.split(':')[2]);
    const expected = CronExpressionParser.parse(pattern, { tz, currentDate: new Date(slot) }).next().getTime();
    const next = await until(() => q.getJob(`repeat:${id}:${expected}`), `${id}: next iteration at ${new Date(expected).toISOString()}`);
    same([await next.getState(), next.opts.prevMillis, next.opts.repeat.count, next.opts.repeat.tz, next.opts.repeat.pattern, next.repeatJobKey],
      ['delayed', expected, 2, tz, pattern, id], `${id}: options of the next iteration`);
    same([Number(await r.zscore(k('repeat'), id)), Number(await r.hget(k(`repeat:${id}`), 'ic'))], [expected, 2], `${id}: the record`);
    await until(async () => (await first.getState()) === 'completed', `${id} ran`);
  }
  // the end date ends it: by pattern before, by interval when it has passed
  const end = Date.now() + 2300;
  await q.upsertJobScheduler('endPattern', { pattern: '* * * * * *', endDate: end }, { name: 'echo', data: {} });
  await q.upsertJobScheduler('endEvery', { every: 500, endDate: new Date(end) }, { name: 'echo', data: {} });
  await q.upsertJobScheduler('offset', { every: 1000, offset: 250, limit: 2 }, { name: 'echo', data: {}, opts: { priority: 2 } });
  // a changed template counts from the next iteration; a retry makes no second one
  await q.upsertJobScheduler('flaky', { every: 700, limit: 2 }, { name: 'flaky', data: { failTimes: 1 }, opts: { attempts: 3, backoff: 50 } });
  const of = async id => (await q.getCompleted()).filter(j => j.repeatJobKey === id).map(j => Number(j.id.split(':')[2])).sort();
  await until(async () => (await of('offset')).length === 2 && (await of('flaky')).length === 2, 'limits reached', 6000);
  check((await of('offset')).every(ms => ms % 1000 === 250), 'slots at the offset');
  same((await q.getCompleted()).filter(j => j.repeatJobKey === 'offset').map(j => j.priority), [2, 2], 'options of the template');
  await until(async () => Date.now() > end + 800, 'the end', 5000);
  check((await of('endPattern')).every(ms => ms <= end), 'no slot of the pattern behind its end');
  const beyond = (await of('endEvery')).filter(ms => ms > end);
  check(beyond.length <= 1, `an interval ends with the first slot behind the end: ${beyond}`);
  for (const id of ['endPattern', 'endEvery', 'offset', 'flaky'])
    same((await q.getDelayed()).filter(j => j.repeatJobKey === id).length, 0, `${id}: nothing pends`);
  // name and data come from the record when the next iteration is made
  const first = await q.upsertJobScheduler('template', { every: 3600000, offset: 5 }, { name: 'echo', data: { v: 1 } });
  await r.hset(k('repeat:template'), 'name', 'log', 'data', '{"lines":["from the record"]}');
  await first.promote();
  const next = await until(async () => (await q.getDelayed()).find(j => j.repeatJobKey === 'template'), 'next of the template');
  same([next.name, next.data], ['log', { lines: ['from the record'] }], 'the record\'s name and data');
});
