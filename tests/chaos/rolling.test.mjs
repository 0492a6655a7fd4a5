// Every node is restarted by TERM, one after the other, under load.
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const ROUNDS = LONG ? 20 : 3;
const GRACE_MS = 10000;
const JOB_MS = 600; // 300 to 900 ms
const grace = { DARKROOM_WORKER_GRACE: `${GRACE_MS}ms` };

test('rolling restarts', chaos(async (stage, t) => {
  const book = new Book('7. rolling restart (TERM) of every node, under load', t);
  await stage.main('main', grace);
  const workers = ['worker-1', 'worker-2', 'worker-3'];
  for (const name of workers) await stage.worker(name, grace);
  const ledger = await Ledger.open(stage);
  const feed = ledger.feed(40, i => mixed(i, JOB_MS));
  const drains = [];
  const ends = [];
  for (let round = 0; round < ROUNDS; ++round)
    for (const name of [...workers, 'main']) {
      const proc = stage.nodes.get(name);
      const told = Date.now();
      proc.kill('SIGTERM');
      const end = await proc.within(GRACE_MS + 10000);
      drains.push(end.at - told);
      ends.push(end);
      if (name === 'main') await stage.main('main', grace);
      else await stage.worker(name, grace);
    }
  await feed.stop();
  await ledger.end();
  book.row('restarts', ends.length);
  book.row('ended with another code than 0', ends.filter(end => end.code !== 0).length, { most: 0 });
  book.times('drain', drains, { most: GRACE_MS });
  const verdict = await ledger.verdict();
  book.verdict(verdict);
  book.row('attempts or stalls counted', verdict.burned.length, { most: 0 });
  for (const text of verdict.burned.slice(0, 3)) t.diagnostic(text);
  book.close();
}));
