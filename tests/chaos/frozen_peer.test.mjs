// The fence itself. Two `solo` nodes are peers: each keeps its own leases, so when
// one is frozen beyond them, only Redis (token and attempt), the catalog (the
// attempt's stamp) and the storage (names of the attempt) can refuse what it
// brings once it wakes up.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LEASE_MS, LONG, SAMPLES, SHORT_LEASE, chaos, sleep, until } from './_cluster.mjs';
import { Ledger, sleeping } from './_ledger.mjs';

const ROUNDS = LONG ? 5 : 1;
const PICTURE = 'dragonfly.jpg';
const SLEEP_MS = 1600;  // in quarters: frozen in the last one, it ends as it wakes up
const FREEZE_MS = 1400;
const picture = i => ({ name: 'generate-variants', data: { imageId: `img-${i}`, filePath: PICTURE }, opts: { attempts: 3 } });

/** When each published variant was written, ns: the same again unless somebody wrote it anew. */
const written = stage => stage.files('variants').filter(name => !name.endsWith('.part')).sort()
  .map(name => `${name} ${fs.statSync(path.join(stage.uploads, name), { bigint: true }).ctimeNs}`);

/**
 * Who renews the locks is away when the node wakes up: else it hears first that
 * its leases are lost, and does not ask Redis to settle. Killed again and again
 * it is restarted later each time, the last time after 1.28 s.
 */
async function withoutRenewal(stage, name) {
  for (let pause = 10; pause <= 1280; pause *= 2) {
    const killed = () => fetch(`${stage.urlOf(name)}/api/chaos/kill/job_store_b`, { method: 'POST' }).then(answer => answer.status === 202);
    await until(killed, 'job_store_b runs, and is killed', 5000, 5);
    await sleep(5);
  }
}

/** Freezes a node that holds five jobs until a peer has done them, wakes it; the jobs' ids. */
async function freeze(stage, ledger, round) {
  const name = `frozen-${round}`;
  const frozen = await stage.soloOn(name, SHORT_LEASE, ['--chaos']);
  const ids = [...await ledger.add(3, sleeping(SLEEP_MS)), ...await ledger.add(2, picture)];
  await until(() => ids.every(id => ledger.of(id).active.length === 1), 'all run', 10000, 5);
  await withoutRenewal(stage, name);
  const started = Math.min(...ids.map(id => ledger.of(id).active[0]));
  await sleep(Math.max(0, started + FREEZE_MS - Date.now()));
  frozen.kill('SIGSTOP');
  const stopped = Date.now();
  await sleep(100);
  const held = ids.filter(id => ledger.of(id).completed.length === 0);
  const peer = await stage.soloOn(`peer-${round}`, SHORT_LEASE);
  await until(() => held.every(id => ledger.of(id).completed.length === 1), 'the peer has done them', 30000);
  await sleep(Math.max(0, stopped + 3 * LEASE_MS - Date.now()));
  const before = written(stage);
  frozen.kill('SIGCONT');
  await sleep(3000); // it ends its jobs, and tells
  assert.deepEqual(written(stage), before, 'no published file was touched');
  for (const proc of [frozen, peer]) {
    proc.kill('SIGTERM');
    assert.equal((await proc.within(10000)).code, 0, `${proc.label} leaves`);
  }
  return held;
}

test('a peer that is frozen for three leases', chaos(async (stage, t) => {
  const book = new Book('3. a peer with leases of its own is frozen for 6 s: what it brings late', t);
  fs.copyFileSync(path.join(SAMPLES, PICTURE), path.join(stage.uploads, PICTURE));
  const ledger = await Ledger.open(stage);
  const held = [];
  for (let round = 0; round < ROUNDS; ++round) held.push(...await freeze(stage, ledger, round));
  await ledger.end();
  const verdict = await ledger.verdict();
  const attempts = held.map(id => verdict.hashes.get(id).ats);
  const parts = await stage.sql('select job_id, attempt from image_parts');

  book.row('jobs it held', held.length, { least: 3 * ROUNDS });
  book.row('of these completed once, by the peer', held.filter((id, i) => ledger.of(id).completed.length === 1 && attempts[i] === 2).length, { least: held.length });
  const redis = stage.logged('could not be settled');
  const catalog = stage.logged('catalog refused the result');
  const lease = stage.logged('refused the result of job') - catalog;
  book.row('late results refused', redis + catalog + lease, { least: held.length });
  book.row('of these by Redis (token, attempt)', redis, { least: 1 });
  book.row('of these by the catalog (stamp)', catalog);
  book.row('of these by the node itself: its lease was lost', lease);
  book.row('pictures\' rows of another attempt than the last', parts.filter(row => row.attempt !== verdict.hashes.get(row.job_id).ats).length, { most: 0 });
  book.verdict(verdict);
  book.close();
}));
