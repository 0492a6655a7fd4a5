// A worker that nobody hears for three leases, because its cable is cut or
// because it is frozen, and that comes back with late results.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LEASE_MS, LONG, SAMPLES, SHORT_LEASE, chaos, sleep, until } from './_cluster.mjs';
import { Ledger, mixed, sleeping } from './_ledger.mjs';

const ROUNDS = LONG ? 5 : 1;
const AWAY_MS = 3 * LEASE_MS;
const PICTURE = 'friends-soft-edge.png';

const picture = i => ({ name: 'generate-variants', data: { imageId: `img-${i}`, filePath: PICTURE }, opts: { attempts: 3 } });

/** The jobs that run on a node, by worker:events. */
const runningOn = (node, events, ledger) => [...new Map(events.filter(x => x.type === 'job-active').map(x => [x.jobId, x.node]))]
  .filter(([id, where]) => where === node && ledger.of(id).completed.length === 0).map(([id]) => id);

/** One absence of worker-1; the times it took to notice and to come back, and what became of its jobs. */
async function absence({ stage, ledger, events, leave, back }) {
  // Due before anybody knows that it is away, and after: all while it is.
  const ids = [...await ledger.add(4, i => sleeping(i % 4 < 2 ? 1500 : 4500)(i)), ...await ledger.add(2, picture)];
  await until(() => ids.every(id => events.some(x => x.jobId === id && x.type === 'job-active')), 'all run', 10000, 5);
  const held = runningOn('worker-1', events, ledger);
  assert.ok(held.length > 0, 'worker-1 runs some');
  const left = Date.now();
  await leave();
  const cutOff = (async () => { await until(async () => !await stage.lists('worker-1'), 'it is cut off', 10000, 10); return Date.now() - left; })();
  const movedAt = id => events.find(x => x.jobId === id && x.type === 'job-active' && x.node !== 'worker-1' && x.timestamp > left)?.timestamp;
  const unfinished = () => held.filter(id => ledger.of(id).completed[0] === undefined || ledger.of(id).completed[0] > left + 500);
  const detected = await cutOff;
  await sleep(Math.max(0, left + AWAY_MS - Date.now()));
  const moved = unfinished().map(movedAt).filter(Boolean).map(at => at - left);
  const returned = Date.now();
  await back();
  await stage.joined('worker-1');
  return { detected, moved, expected: unfinished().length, rejoined: Date.now() - returned };
}

for (const [how, act] of Object.entries({
  'its cable is cut': stage => { const host = stage.lan.host('worker-1'); return { leave: () => host.cut(), back: () => host.mend() }; },
  'it is frozen (SIGSTOP)': stage => { const proc = stage.nodes.get('worker-1'); return { leave: () => proc.kill('SIGSTOP'), back: () => proc.kill('SIGCONT') }; },
}))
  test(`a worker is silent for three leases: ${how}`, chaos(async (stage, t) => {
    const book = new Book(`3. a worker is silent for 6 s, three leases: ${how}`, t);
    fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
    await stage.main('main', SHORT_LEASE);
    const first = await stage.worker('worker-1');
    await stage.worker('worker-2');
    const ledger = await Ledger.open(stage);
    const events = await stage.workerEvents();
    const rounds = [];
    for (let i = 0; i < ROUNDS; ++i) {
      rounds.push(await absence({ stage, ledger, events, ...act(stage) }));
      await ledger.end();
      await sleep(3000); // its late results come, and its slots are free again
    }
    // It works on.
    const again = await ledger.add(20, sleeping(200));
    await ledger.end();
    assert.ok(again.some(id => events.some(x => x.jobId === id && x.node === 'worker-1')), 'worker-1 gets jobs again');
    assert.equal(first.end, null, 'worker-1 is the same process');

    book.row('rounds', ROUNDS);
    book.times('it is cut off after', rounds.map(x => x.detected), { most: 3500 });
    book.times('its jobs start elsewhere after', rounds.flatMap(x => x.moved));
    book.times('it has joined anew after its return', rounds.map(x => x.rejoined));
    const verdict = await ledger.verdict();
    const held = rounds.reduce((sum, x) => sum + x.expected, 0);
    book.row('jobs it held that ran elsewhere', rounds.reduce((sum, x) => sum + x.moved.length, 0), { least: held });
    const byRedis = stage.logged('could not be settled');
    const byCatalog = stage.logged('catalog refused the result');
    book.row('late results refused', byRedis + stage.logged('refused the result of job'), { least: held });
    book.row('of these by Redis (token, attempt)', byRedis);
    book.row('of these by the catalog (stamp)', byCatalog);
    book.verdict(verdict);
    book.close();
  }));
