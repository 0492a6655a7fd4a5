// One actor after the other is killed, one every 20 ms, of the main node and of
// the workers, while jobs run. Calm and stormy windows take turns, so that other
// work on the machine slows down both.
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, pick, sleep, until } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const JOBS = LONG ? 10000 : 1500; // that complete in stormy windows
const WINDOW_MS = LONG ? 6000 : 3000;
const PAUSE_MS = 1000; // what one kind of window leaves is no part of the next
const EVERY_MS = 20;
const JOB_MS = 100; // 50 to 150 ms
const SLOTS = 10;   // of each worker
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];
// What is killed 3 times a second is to be kept running, and to be back at once.
const PATIENT = { DARKROOM_SUPERVISION_MAX_RESTARTS: '1000000', DARKROOM_SUPERVISION_DELAY_MAX: '10ms' };

/** Every actor of every node, by the path that kills it. */
async function victimsOf(stage) {
  const { main, nodes } = await until(async () => {
    const all = await stage.get('/api/nodes'); // a node tells its actors with its first heartbeats
    return all.nodes.length === WORKERS.length && all.nodes.every(node => node.actors.length > 0) && all;
  }, 'all nodes have told their actors');
  const paths = main.actors.map(actor => `kill/${actor.name}`);
  for (const node of nodes)
    for (const actor of [...node.actors.map(x => x.name), 'processor']) paths.push(`nodes/${node.name}/kill/${actor}`);
  return paths;
}

/** Kills one of these every 20 ms until stop() of what it returns, which gives {kills, refused, ms}. */
function storm(stage, victims) {
  let on = true;
  let kills = 0;
  let refused = 0; // 404: it, or the registry that passes orders on, is dead just now
  const begun = Date.now();
  const open = new Set();
  const loop = (async () => {
    for (let next = Date.now(); on; next += EVERY_MS) {
      await sleep(Math.max(0, next - Date.now()));
      const kill = fetch(`${stage.url}/api/chaos/${pick(victims)}`, { method: 'POST' })
        .then(answer => { if (answer.status === 202) ++kills; else ++refused; }, () => { ++refused; })
        .finally(() => open.delete(kill));
      open.add(kill);
    }
    await Promise.all(open);
  })();
  return { stop: async () => { on = false; await loop; return { kills, refused, ms: Date.now() - begun }; } };
}

test('a storm of killed actors', chaos(async (stage, t) => {
  const book = new Book('2. an actor is killed every 20 ms, any of any node', t);
  await stage.main('main', PATIENT, ['--chaos']);
  for (const name of WORKERS) await stage.worker(name, { ...PATIENT, DARKROOM_WORKER_CONCURRENCY: `${SLOTS}` }, ['--chaos']);
  const ledger = await Ledger.open(stage);
  const victims = await victimsOf(stage);
  t.diagnostic(`of ${victims.join(', ')}`);

  const feed = ledger.feed(4 * SLOTS * WORKERS.length, i => mixed(i, JOB_MS));
  await sleep(PAUSE_MS);
  /** Jobs that completed in a window, and its length. */
  const window = async () => {
    const before = ledger.finished;
    const begun = Date.now();
    await sleep(WINDOW_MS);
    return { jobs: ledger.finished - before, ms: Date.now() - begun };
  };
  const calm = [];
  const stormy = [];
  const storms = [];
  const sum = (list, key) => list.reduce((all, x) => all + x[key], 0);
  while (sum(stormy, 'jobs') < JOBS) {
    calm.push(await window());
    const weather = storm(stage, victims);
    stormy.push(await window());
    storms.push(await weather.stop());
    await sleep(PAUSE_MS);
  }
  await feed.stop();
  await ledger.end(LONG ? 300000 : 60000);

  const rate = list => 1000 * sum(list, 'jobs') / sum(list, 'ms');
  t.diagnostic(`windows, calm/stormy jobs: ${calm.map((x, i) => `${x.jobs}/${stormy[i].jobs}`).join(' ')}`);
  book.row('kills', sum(storms, 'kills'));
  book.rate('kills a second', Math.round(1000 * sum(storms, 'kills') / sum(storms, 'ms')), { least: 40 });
  book.row('processes that gave up', [...stage.nodes.values()].filter(proc => proc.end).length, { most: 0 });
  book.row('jobs completed in the storm', sum(stormy, 'jobs'), { least: JOBS });
  book.row('jobs a second, calm', Math.round(rate(calm)));
  book.row('jobs a second, in the storm', Math.round(rate(stormy)));
  book.row('throughput in the storm, of calm', Math.round(100 * rate(stormy) / rate(calm)), { least: 70, unit: ' %' });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  book.row('attempts or stalls counted', verdict.burned.length, { most: 0 });
  book.close();
}));
