// A cable that loses packets, and one that is slow: heartbeats come late, jobs
// and outcomes wait, nobody is wrong about who holds what.
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LONG, chaos, sleep } from './_cluster.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const SPAN_MS = LONG ? 30000 : 5000;
const JOB_MS = 200;

for (const [what, spoil, heal] of [
  ['loses 10 % of the packets, each way', host => host.lose(0.1), host => host.lose(0)],
  ['lets 256 kbit/s pass', host => host.slow('256kbit'), host => host.slow(null)],
])
  test(`a worker's cable ${what}`, chaos(async (stage, t) => {
    const book = new Book(`3. a worker's cable ${what}`, t);
    await stage.main();
    await stage.worker('worker-1');
    await stage.worker('worker-2');
    const ledger = await Ledger.open(stage);
    const feed = ledger.feed(30, i => mixed(i, JOB_MS));
    spoil(stage.lan.host('worker-1'));
    await sleep(SPAN_MS);
    heal(stage.lan.host('worker-1'));
    await feed.stop();
    await stage.joined('worker-1');
    await ledger.end();
    book.row('times it was cut off', stage.logged('is cut off'), { most: 0 });
    const verdict = await ledger.verdict();
    book.verdict(verdict);
    book.row('attempts or stalls counted', verdict.burned.length, { most: 0 });
    book.close();
  }));
