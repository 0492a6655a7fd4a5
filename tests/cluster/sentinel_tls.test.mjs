// Redis and its Sentinels over TLS only, with client certificates: who is asked,
// and whom they name, must have a certificate of the right CA and name.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Authority } from './_certificates.mjs';
import { BACK_MS, Watched, followed, replaced, takenFrom } from './_sentinels.mjs';
import { staged } from './_lib.mjs';

const SERVERS = 'redis.test'; // they are named by addresses, which the certificates lack

class Secured extends Watched {
  async startRedis() {
    this.ours = await Authority.make(path.join(this.folder, 'ours'), 'ours');
    this.theirs = await Authority.make(path.join(this.folder, 'theirs'), 'theirs');
    this.certificate = await this.ours.certify('redis', { names: `DNS:${SERVERS}` });
    this.node = await this.ours.certify('node');
    await super.startRedis();
  }

  listen(port) {
    return ['port 0', `tls-port ${port}`, 'tls-replication yes',
      `tls-cert-file ${this.certificate.crt}`, `tls-key-file ${this.certificate.key}`, `tls-ca-cert-file ${this.ours.ca}`];
  }
  direct() {
    return { tls: { ca: fs.readFileSync(this.ours.ca), cert: fs.readFileSync(this.node.crt), key: fs.readFileSync(this.node.key), servername: SERVERS } };
  }
  found() {
    const { tls } = this.direct();
    return { tls, sentinelTLS: tls, enableTLSForSentinelMode: true };
  }

  way(more = {}) {
    return { ...super.way(), DARKROOM_REDIS_TLS: 'true', DARKROOM_REDIS_TLS_CA: this.ours.ca, DARKROOM_REDIS_TLS_NAME: SERVERS,
      DARKROOM_REDIS_TLS_CERTIFICATE: this.node.crt, DARKROOM_REDIS_TLS_KEY: this.node.key, ...more };
  }
}
const secured = body => staged(body, { make: () => new Secured() });

test('a master that dies is followed to the next one over TLS', secured(async stage => {
  const main = await stage.serve(stage.way());
  await stage.work('worker-1');
  let master = await followed(stage);
  await takenFrom(stage, master);
  master.proc.kill('SIGKILL');
  const { next, answered } = await replaced(stage, master);
  const taken = await takenFrom(stage, next);
  console.log(`jobs are taken ${taken - answered} ms after ${next.name} is the master`);
  assert.ok(taken - answered <= BACK_MS, `fetching again took ${taken - answered} ms`);
  assert.equal(main.end, null);
}));

test('the doctor tells each Sentinel that answers, and why one is refused', secured(async stage => {
  const look = async more => {
    const { out } = await stage.command(['doctor', '--json'], { ...stage.way(more), DARKROOM_CATALOG_DATABASE: stage.database });
    return JSON.parse(out).checks.filter(x => x.check.startsWith('redis'));
  };
  const good = await look();
  assert.equal(good.filter(x => x.check === 'redis sentinel' && x.level === 'ok').length, 3, JSON.stringify(good));
  assert.match(good.find(x => x.check === 'redis').text, /the master by Sentinel 127\.0\.0\.1:/);

  const other = await stage.theirs.certify('node');
  const cases = [
    [{ DARKROOM_REDIS_TLS_CA: stage.theirs.ca }, /certificate of .* is refused/],
    [{ DARKROOM_REDIS_TLS_NAME: 'other.test' }, /is refused: hostname mismatch/],
    [{ DARKROOM_REDIS_TLS_NAME: '' }, /is refused: IP address mismatch/],
    [{ DARKROOM_REDIS_TLS_CERTIFICATE: other.crt, DARKROOM_REDIS_TLS_KEY: other.key }, /does it want another certificate|unknown ca/],
    [{ DARKROOM_REDIS_TLS: 'false', DARKROOM_REDIS_TLS_CA: '', DARKROOM_REDIS_TLS_NAME: '', DARKROOM_REDIS_TLS_CERTIFICATE: '', DARKROOM_REDIS_TLS_KEY: '' }, /set \[redis\] tls/],
  ];
  for (const [more, why] of cases) {
    const bad = await look(more);
    const asked = bad.filter(x => x.check === 'redis sentinel');
    assert.equal(asked.length, 3, JSON.stringify(bad));
    for (const x of asked) {
      assert.equal(x.level, 'warn', JSON.stringify(x)); // any one would do
      assert.match(x.text, why);
    }
    assert.equal(bad.find(x => x.check === 'redis').level, 'FAIL', JSON.stringify(bad));
  }
}));
