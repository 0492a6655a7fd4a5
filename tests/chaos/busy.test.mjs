// All cores encode pictures for ten leases: the leases are kept all the same.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LEASE_MS, SAMPLES, SHORT_LEASE, chaos, sleep } from './_cluster.mjs';
import { Ledger } from './_ledger.mjs';
import { QUEUE } from '../cluster/_lib.mjs';

const PICTURES = ['dragonfly.jpg', 'mountains.jpg', 'sunset-turned.jpg'];
const SPAN_MS = 10 * LEASE_MS;
const WORKERS = 2;

const encode = i => ({ name: 'generate-variants', data: { imageId: `img-${i}`, filePath: PICTURES[i % PICTURES.length] }, opts: { attempts: 3 } });

/** Shares of all cores' time that were busy between two looks. */
function cpuLook() {
  const [, ...fields] = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).map(Number);
  const idle = fields[3] + fields[4];
  return { idle, all: fields.slice(0, 8).reduce((sum, x) => sum + x, 0) };
}

test('leases while all cores are busy', chaos(async (stage, t) => {
  const book = new Book(`8. all ${os.cpus().length} cores encode for ten leases (20 s)`, t);
  for (const name of PICTURES) fs.copyFileSync(path.join(SAMPLES, name), path.join(stage.uploads, name));
  await stage.main('main', SHORT_LEASE);
  const slots = os.cpus().length; // of each worker: twice as many as cores in all
  for (let i = 1; i <= WORKERS; ++i) await stage.worker(`worker-${i}`, { DARKROOM_WORKER_CONCURRENCY: `${slots}` });
  const ledger = await Ledger.open(stage);
  const feed = ledger.feed(slots * WORKERS + 2, encode);
  const redis = stage.redis();
  const before = cpuLook();
  let shortest = LEASE_MS;
  for (const end = Date.now() + SPAN_MS; Date.now() < end; await sleep(50))
    for (const id of await redis.lrange(`bull:${QUEUE}:active`, 0, -1)) {
      const left = await redis.pttl(`bull:${QUEUE}:${id}:lock`);
      // A job that was settled between the two looks has no lock.
      if (left >= 0 || (await redis.lpos(`bull:${QUEUE}:active`, id)) !== null) shortest = Math.min(shortest, left);
    }
  const after = cpuLook();
  await feed.stop();
  await ledger.end(180000);
  const verdict = await ledger.verdict();
  const again = ledger.acknowledged.filter(id => verdict.hashes.get(id).ats !== 1);
  book.row('cores busy', Math.round(100 * (1 - (after.idle - before.idle) / (after.all - before.all))), { least: 95, unit: ' %' });
  book.row('leases lost', stage.logged('lost its lease') + again.length + verdict.burned.length, { most: 0 });
  book.row('shortest time that was left on a lock', shortest, { least: 1, unit: ' ms' });
  book.verdict(verdict);
  book.close();
}));
