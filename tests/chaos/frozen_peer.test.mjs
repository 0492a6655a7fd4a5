// The fence itself. Two `solo` nodes are peers: each keeps its own leases, so when
// one is frozen beyond them, only Redis (token and attempt), the catalog (the
// attempt's stamp) and the storage (names of the attempt) can refuse what it
// brings once it wakes up.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { LEASE_MS, LONG, ROOT, SHORT_LEASE, chaos, sleep, until } from './_cluster.mjs';
import { Ledger, sleeping } from './_ledger.mjs';

const ROUNDS = LONG ? 5 : 1;
const PICTURE = 'grey.jpg'; // small: encoded long before its node is frozen
const picture = i => ({ name: 'generate-variants', data: { imageId: `img-${i}`, filePath: PICTURE }, opts: { attempts: 3 } });
// What is frozen at which point, so that each part of the fence has to judge:
const ENDED = 3;   // Redis has not answered their settles
const STORING = 2; // pictures whose rows wait for the catalog's lock
const RUNNING = 1; // these sleep on after the node has woken up
const ENDED_MS = 800;
const RUNNING_MS = 8000; // in quarters: the one in which it is frozen ends at once, the next does not

/** When each published variant was written, ns: the same again unless somebody wrote it anew. */
const written = stage => stage.files('variants').filter(name => !name.endsWith('.part')).sort()
  .map(name => `${name} ${fs.statSync(path.join(stage.uploads, name), { bigint: true }).ctimeNs}`);

const runningOn = async url => (await (await fetch(`${url}/api/nodes`)).json()).nodes[0].running;

/** Freezes a node that holds jobs until a peer has done them, wakes it; the jobs' ids. */
async function freeze(stage, ledger, round) {
  const name = `frozen-${round}`;
  const frozen = await stage.soloOn(name, { ...SHORT_LEASE, DARKROOM_WORKER_CONCURRENCY: `${ENDED + STORING + RUNNING}` });
  const unlock = await stage.lockCatalog();
  const ids = [...await ledger.add(STORING, picture), ...await ledger.add(ENDED, sleeping(ENDED_MS)), ...await ledger.add(RUNNING, sleeping(RUNNING_MS))];
  await until(() => ids.every(id => ledger.of(id).active.length === 1), 'all run', 10000, 5);
  stage.lan.host(name).hide(stage.redisPort);
  await until(async () => await runningOn(stage.urlOf(name)) === RUNNING, 'what ends has ended', 10000, 5);
  await sleep(100); // the dispatcher has heard it
  frozen.kill('SIGSTOP');
  const stopped = Date.now();
  unlock();
  const peer = await stage.soloOn(`peer-${round}`, SHORT_LEASE);
  await until(() => ids.every(id => ledger.of(id).completed.length === 1), 'the peer has done them', 30000);
  await sleep(Math.max(0, stopped + 3 * LEASE_MS - Date.now()));
  const before = written(stage);
  stage.lan.host(name).hide(null);
  frozen.kill('SIGCONT');
  await until(() => frozen.out.split(/could not be settled|refused the result of job/).length > ids.length, 'all it brings is refused', 20000);
  assert.deepEqual(written(stage), before, 'no published file was touched');
  for (const proc of [frozen, peer]) {
    proc.kill('SIGTERM');
    assert.equal((await proc.within(10000)).code, 0, `${proc.label} leaves`);
  }
  return ids;
}

test('a peer that is frozen for three leases', chaos(async (stage, t) => {
  const book = new Book('3. a peer with leases of its own is frozen for 6 s: what it brings late', t);
  fs.copyFileSync(path.join(ROOT, 'tests/pictures', PICTURE), path.join(stage.uploads, PICTURE));
  const ledger = await Ledger.open(stage);
  const held = [];
  for (let round = 0; round < ROUNDS; ++round) held.push(...await freeze(stage, ledger, round));
  await ledger.end();
  const verdict = await ledger.verdict();
  const attempts = held.map(id => verdict.hashes.get(id).ats);
  const parts = await stage.sql('select job_id, attempt from image_parts');

  book.row('jobs it held', held.length);
  book.row('of these completed once, by the peer', held.filter((id, i) => ledger.of(id).completed.length === 1 && attempts[i] === 2).length, { least: held.length });
  const redis = stage.logged('could not be settled');
  const catalog = stage.logged('catalog refused the result');
  const lease = stage.logged('refused the result of job') - catalog;
  book.row('late results refused', redis + catalog + lease, { least: held.length });
  book.row('of these by Redis (token, attempt)', redis, { least: ENDED * ROUNDS });
  book.row('of these by the catalog (stamp)', catalog, { least: STORING * ROUNDS });
  book.row('of these by the node itself: its lease was lost', lease, { least: RUNNING * ROUNDS });
  book.row('pictures\' rows of another attempt than the last', parts.filter(row => row.attempt !== verdict.hashes.get(row.job_id).ats).length, { most: 0 });
  book.verdict(verdict);
  book.close();
}));
