// kill -9 of a worker at random, every 500 ms, while three work: nothing is
// lost, nothing is done twice, and what ran there runs elsewhere within a second.
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, kill9, pick, sleep } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const JOBS = LONG ? 5000 : 600;
const EVERY_MS = 500;
const JOB_MS = 200; // 100 to 300 ms

/** Which job runs where, by worker:events: Map of id -> {node, at}. */
function watchRunning(events) {
  const running = new Map();
  const again = new Map(); // id -> {killed, resolve}
  let read = 0;
  const look = () => {
    for (; read < events.length; ++read) {
      const { type, jobId, node, timestamp } = events[read];
      if (type === 'job-completed' || type === 'job-failed') running.delete(jobId);
      if (type !== 'job-active') continue;
      running.set(jobId, { node, at: timestamp });
      if (again.has(jobId)) again.get(jobId).at ??= timestamp;
    }
  };
  return { running, again, look };
}

test('workers that are killed at random', chaos(async (stage, t) => {
  const book = new Book('1. kill -9 of a worker at random, 3 workers, a kill every 500 ms', t);
  await stage.main();
  const names = ['worker-1', 'worker-2', 'worker-3'];
  for (const name of names) await stage.worker(name);
  const ledger = await Ledger.open(stage);
  const events = await stage.workerEvents();
  const seen = watchRunning(events);
  const feed = ledger.feed(60, i => mixed(i, JOB_MS));
  const moved = [];
  let kills = 0;
  for (; ledger.acknowledged.length < JOBS; ++kills) {
    await sleep(EVERY_MS);
    const victim = pick(names);
    const killed = await kill9(stage.nodes.get(victim));
    stage.launchWorker(victim);
    await sleep(50); // what was told before the kill has arrived
    seen.look();
    for (const [id, { node, at }] of seen.running)
      if (node === victim && at < killed) {
        const move = { killed };
        moved.push(move);
        seen.again.set(id, move);
      }
  }
  await feed.stop();
  await ledger.end();
  seen.look();
  book.row('kills', kills);
  book.times('a dead worker\'s job starts elsewhere', moved.filter(x => x.at).map(x => x.at - x.killed), { most: 1000 });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  book.row('attempts or stalls counted', verdict.burned.length);
  book.close();
}));
