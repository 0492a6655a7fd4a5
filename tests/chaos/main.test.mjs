// The active main node dies, freezes or loses its cable under load: a standby
// takes over, and what comes back stands by.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, kill9, sleep, until } from './_cluster.mjs';
import { Ledger, mixedWith } from './_ledger.mjs';

const KILLS = LONG ? 50 : 5;
const PAUSE_MS = 3000;  // longer than a main that took over waits for workers to say what they run
const SETTLED_MS = 300; // what was taken this long ago has reached its worker
const SENT_MS = 50;     // one that ends at that moment may have been settled, or not
const ABSENCES = LONG ? 5 : 1;
const ABSENT_MS = 8000;
const NAMES = ['main-a', 'main-b'];

/** Short ones that keep the queue moving, long ones that outlive a main, and those that leave rows and jobs behind. */
const load = i => mixedWith(i, () => i % 5 === 2 ? 1500 : 100 + i % 7 * 20);

/** Two mains, two workers, and a queue that is never empty. */
async function open(stage) {
  await stage.main('main-a');
  await stage.main('main-b');
  assert.deepEqual([await stage.role('main-a'), await stage.role('main-b')], ['active', 'standby'], '/readyz says who stands by');
  for (const name of ['worker-1', 'worker-2']) await stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: '10' });
  const ledger = await Ledger.open(stage);
  return { ledger, feed: ledger.feed(60, load), takeovers: [], ready: [], kept: new Set() };
}

const active = stage => until(async () => {
  for (const name of NAMES) if (await stage.role(name).catch(() => null) === 'active') return name;
}, 'one is active');

/** The active main goes by `leave`; waits until the other one works, and returns who went. */
async function takeOver(stage, run, leave) {
  const gone = await active(stage);
  const before = run.left ?? 0;
  run.left = Date.now();
  await leave(gone);
  for (const id of run.ledger.acknowledged) {
    const job = run.ledger.of(id);
    const started = job.active.at(-1);
    const due = started + load(Number(id.slice(1))).data.ms; // NaN of those that do not sleep
    if (started > before && started < run.left - SETTLED_MS && due > run.left + SENT_MS) run.kept.add(id);
  }
  const next = NAMES.find(name => name !== gone);
  stage.url = stage.urlOf(next);
  await until(async () => await stage.role(next) === 'active', 'the standby is active', 20000, 10);
  run.ready.push(Date.now() - run.left);
  run.takeovers.push(await run.ledger.taken(run.left + 30) - run.left);
  return gone;
}

async function close(run, book, t) {
  await run.feed.stop();
  await run.ledger.end();
  book.times('the standby is ready', run.ready);
  book.times('takeover: the next job is taken', run.takeovers, { most: 5000 });
  const verdict = await run.ledger.verdict();
  book.verdict(verdict);
  const anew = [...run.kept].filter(id => verdict.hashes.get(id).ats !== 1);
  book.row('jobs that ran on workers meanwhile', run.kept.size, { least: 1 });
  book.row('of these run anew, their results not accepted', anew.length, { most: 0 });
  book.row('attempts or stalls counted', verdict.burned.length, { most: 0 });
  for (const id of [...anew, ...run.ledger.acknowledged.filter(id => run.ledger.of(id).active.length > 1)].slice(0, 5))
    t.diagnostic(`${id} ran anew: ${JSON.stringify({ ...run.ledger.of(id), ...verdict.hashes.get(id) })}`);
  book.close();
}

test('the active main is killed again and again', chaos(async (stage, t) => {
  const book = new Book('4. kill -9 of the active main under load, a standby takes over', t);
  const run = await open(stage);
  const kills = [];
  for (let i = 0; i < KILLS; ++i) {
    await sleep(PAUSE_MS);
    const killed = await takeOver(stage, run, name => kill9(stage.nodes.get(name)));
    kills.push(run.left);
    await stage.main(killed);
    assert.equal(await stage.role(killed), 'standby', 'started again, it stands by');
  }
  await run.feed.stop();
  await run.ledger.end();
  // Taken by a main that died before it handed them on.
  const stranded = [...run.ledger.jobs.values()].flatMap(({ active }) => active.slice(1).map((next, i) => next - kills.find(at => at >= active[i] - 5 && at <= next)));
  book.row('kills', KILLS);
  book.row('jobs that were on their way to a worker', stranded.length);
  if (stranded.length) book.row('of these the last one started anew after', Math.max(...stranded), { unit: ' ms' });
  await close(run, book, t);
}));

const ABSENT = [
  ['is frozen (SIGSTOP) for 8 s', (stage, name) => stage.nodes.get(name).kill('SIGSTOP'), (stage, name) => stage.nodes.get(name).kill('SIGCONT')],
  ['has its cable cut for 8 s', (stage, name) => stage.lan.host(name).cut(), (stage, name) => stage.lan.host(name).mend()],
];
for (const [how, leave, back] of LONG ? ABSENT : ABSENT.slice(0, 1))
  test(`the active main ${how}`, chaos(async (stage, t) => {
    const book = new Book(`4. the active main ${how}, under load`, t);
    const run = await open(stage);
    const stoodBy = [];
    for (let i = 0; i < ABSENCES; ++i) {
      await sleep(PAUSE_MS);
      const gone = await takeOver(stage, run, name => leave(stage, name));
      await sleep(Math.max(0, run.left + ABSENT_MS - Date.now()));
      const returned = Date.now();
      await back(stage, gone);
      await until(async () => await stage.role(gone) === 'standby', 'it stands by', 20000, 10);
      stoodBy.push(Date.now() - returned);
    }
    book.row('absences', ABSENCES);
    book.times('it stands by after its return', stoodBy);
    await close(run, book, t);
  }));
