// One actor after the other is killed, one every 20 ms, while jobs run.
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, pick, sleep } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const JOBS = LONG ? 10000 : 1500;
const CALM = LONG ? 3000 : 1000;
const EVERY_MS = 20;
const JOB_MS = 100; // 50 to 150 ms
// What is killed 5 times a second is to be kept running, and to be back at once.
const PATIENT = { DARKROOM_SUPERVISION_MAX_RESTARTS: '1000000', DARKROOM_SUPERVISION_DELAY_MAX: '10ms' };

/** Jobs a second, from the first start to the last end of these. */
function rate(ledger, ids) {
  const jobs = ids.map(id => ledger.of(id));
  const first = Math.min(...jobs.map(job => job.active[0]));
  const last = Math.max(...jobs.map(job => job.completed[0]));
  return ids.length * 1000 / (last - first);
}

test('a storm of killed actors', chaos(async (stage, t) => {
  const book = new Book('2. an actor is killed every 20 ms, any of the main node\'s', t);
  const start = () => stage.launchMain('main', PATIENT, ['--chaos']);
  await stage.main('main', PATIENT, ['--chaos']);
  for (const name of ['worker-1', 'worker-2', 'worker-3']) await stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: '10' });
  const ledger = await Ledger.open(stage);
  const actors = (await stage.get('/api/nodes')).main.actors.map(actor => actor.name);
  t.diagnostic(`of ${actors.join(', ')}`);

  const calm = await ledger.add(CALM, i => mixed(i, JOB_MS));
  await ledger.end();
  const calmRate = rate(ledger, calm);

  let kills = 0;
  let processes = 0; // that gave up, and were started again as systemd would
  let on = true;
  const storm = (async () => {
    for (let next = Date.now(); on; next += EVERY_MS) {
      await sleep(Math.max(0, next - Date.now()));
      const answer = await fetch(`${stage.url}/api/chaos/kill/${pick(actors)}`, { method: 'POST' }).catch(() => null);
      if (answer?.status === 202) ++kills; // 404: it is dead just now
      if (stage.nodes.get('main').end) { start(); ++processes; }
    }
  })();
  const stormy = await ledger.add(JOBS, i => mixed(i, JOB_MS));
  await ledger.end(LONG ? 300000 : 60000).finally(async () => { on = false; await storm; });
  const stormRate = rate(ledger, stormy);

  book.row('kills', kills);
  book.row('main processes that gave up', processes, { most: 0 });
  book.row('jobs a second, calm', Math.round(calmRate));
  book.row('jobs a second, in the storm', Math.round(stormRate));
  book.row('throughput in the storm, of calm', Math.round(100 * stormRate / calmRate), { least: 70, unit: ' %' });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  book.row('attempts or stalls counted', verdict.burned.length);
  book.close();
}));
