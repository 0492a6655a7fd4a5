// kill -9 of the active main node under load. With a standby it takes over; a
// binary without one is started again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, kill9, sleep, until } from './_cluster.mjs';
import { Ledger } from './_ledger.mjs';

const KILLS = LONG ? 50 : 5;
const SETTLED_MS = 300; // what was taken this long ago has reached its worker

/** Short ones that keep the queue moving, and long ones that outlive a main. */
const load = i => ({ name: 'sleep', data: { ms: i % 5 ? 100 + i % 7 * 20 : 1500 }, opts: { attempts: 3 } });

/** Whether this binary stands by: a main that says its role has somebody to tell it apart from. */
async function knowsRoles(stage) {
  const body = await (await fetch(`${stage.urlOf('main-a')}/readyz`)).json();
  return 'role' in body;
}

test('the active main is killed again and again', chaos(async (stage, t) => {
  await stage.main('main-a');
  const hasStandby = await knowsRoles(stage);
  const names = hasStandby ? ['main-a', 'main-b'] : ['main-a'];
  const book = new Book(`4. kill -9 of the active main under load, ${hasStandby ? 'a standby takes over' : 'started again at once'}`, t);
  if (hasStandby) {
    await stage.main('main-b');
    assert.equal(await stage.role('main-b'), 'standby', '/readyz of the second says that it stands by');
  }
  for (const name of ['worker-1', 'worker-2']) await stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: '10' });
  const ledger = await Ledger.open(stage);
  const feed = ledger.feed(60, load);
  const takeovers = [];
  const ready = [];
  const kept = new Set();
  for (let i = 0; i < KILLS; ++i) {
    await sleep(1500);
    const active = await until(async () => {
      for (const name of names) if (await stage.role(name).catch(() => null) === 'active') return name;
    }, 'one is active');
    const from = Date.now() - SETTLED_MS;
    const killed = await kill9(stage.nodes.get(active));
    for (const [id, job] of ledger.jobs)
      if (job.active.at(-1) < from && job.completed.length === 0) kept.add(id);
    const other = names.find(name => name !== active) ?? active;
    stage.url = stage.urlOf(other);
    if (!hasStandby) stage.launchMain(active);
    await until(async () => await stage.role(other) === 'active', 'the next main is active', 20000, 10);
    ready.push(Date.now() - killed);
    takeovers.push(await ledger.taken(killed + 30) - killed);
    if (hasStandby) await stage.main(active);
  }
  await feed.stop();
  await ledger.end();
  book.row('kills', KILLS);
  book.times('the next main is ready', ready);
  book.times('takeover: the next job is taken', takeovers, { most: 5000 });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  const accepted = [...kept].filter(id => verdict.hashes.get(id)?.ats === 1);
  book.row('jobs that ran on workers at a kill', kept.size, { least: KILLS });
  book.row('of these accepted without a second run', accepted.length, { least: kept.size });
  book.row('attempts or stalls counted', verdict.burned.length);
  for (const text of verdict.burned.slice(0, 3)) t.diagnostic(text);
  book.close();
}));
