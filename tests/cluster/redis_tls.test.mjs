// Redis by TLS, with client certificates, for a user who may do only what
// Darkroom needs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import IORedis from 'ioredis';
import { Authority } from './_certificates.mjs';
import { freePort, ROOT, Stage, sleep, staged, until } from './_lib.mjs';

const BACK_MS = 3000; // from Redis' first answer to the first new job
const SECRET = 'open-sesame';
const PAGE = path.join(ROOT, 'docs/redis-high-availability.md');

/** The rule of the page, as the words after ACL SETUSER <name>. */
function rule(user) {
  const line = fs.readFileSync(PAGE, 'utf8').split('\n').find(x => x.trim().startsWith(`ACL SETUSER ${user} `));
  return line.trim().split(' ').slice(3).map(word => word.replace('PASSWORD', SECRET));
}

/** A Redis that speaks only TLS, and asks for certificates; its rights are those of the page. */
class Secured extends Stage {
  async startRedis() {
    if (!this.ours) {
      this.ours = await Authority.make(path.join(this.folder, 'ours'), 'ours');
      this.theirs = await Authority.make(path.join(this.folder, 'theirs'), 'theirs');
      this.good = await this.ours.certify('redis', { names: 'DNS:redis.test,DNS:localhost' });
      this.node = await this.ours.certify('node');
      this.redisPort = await freePort();
    }
    this.redisProc = await this.server(this.redisPort, this.good, ['--appendonly', 'yes', '--appendfsync', 'always',
      '--user', 'darkroom', ...rule('darkroom'), '--user', 'tight', 'on', `>${SECRET}`, '~*', '&*', '+@all', '-subscribe']);
  }

  /** A server with this certificate, once it answers. */
  async server(port, { crt, key }, more = []) {
    const dir = path.join(this.folder, `redis-${port}`);
    fs.mkdirSync(dir, { recursive: true });
    const proc = this.start('redis', 'redis-server', ['--port', '0', '--tls-port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '',
      '--tls-cert-file', crt, '--tls-key-file', key, '--tls-ca-cert-file', this.ours.ca, ...more]);
    await until(() => proc.out.includes('Ready to accept connections'), 'redis answers', 10000);
    return proc;
  }

  secrets() {
    return { ca: fs.readFileSync(this.ours.ca), cert: fs.readFileSync(this.node.crt), key: fs.readFileSync(this.node.key), servername: 'localhost' };
  }
  redis() {
    return this.client ||= this.open();
  }
  open() {
    const made = new IORedis({ host: '127.0.0.1', port: this.redisPort, tls: this.secrets(), maxRetriesPerRequest: null });
    made.on('error', () => {});
    this.closers.push(() => made.disconnect());
    return made;
  }
  queue() { return super.queue({ connection: this.open() }); }

  /** What a node needs to get in; `more` changes it. */
  way(more = {}) {
    return {
      REDIS_URL: `rediss://darkroom:${SECRET}@localhost:${this.redisPort}`,
      DARKROOM_REDIS_TLS_CA: this.ours.ca,
      DARKROOM_REDIS_TLS_CERTIFICATE: this.node.crt,
      DARKROOM_REDIS_TLS_KEY: this.node.key,
      ...more,
    };
  }
}
const secured = body => staged(body, { make: () => new Secured() });

test('who is not let in, and why', secured(async stage => {
  const look = async more => stage.command(['queue'], stage.way(more));
  assert.equal((await look({})).code, 0);
  const [oldPort, otherPort, plainPort] = [await freePort(), await freePort(), await freePort()];
  await stage.server(oldPort, await stage.ours.certify('old', { days: -1, names: 'DNS:localhost' }));
  await stage.server(otherPort, await stage.ours.certify('elsewhere'));
  stage.start('redis', 'redis-server', ['--port', `${plainPort}`, '--bind', '127.0.0.1', '--save', '', '--dir', stage.folder]);
  const at = port => `rediss://darkroom:${SECRET}@localhost:${port}`;
  const cases = [
    [{ DARKROOM_REDIS_TLS_CA: stage.theirs.ca }, 3, /certificate of (redis|ours) is refused: .*(local issuer|self-signed)/],
    [{ DARKROOM_REDIS_TLS_CA: '' }, 3, /certificate of (redis|ours) is refused/],
    [{ REDIS_URL: at(oldPort) }, 3, /certificate of old is refused: certificate has expired \(on \d{4}-/],
    [{ REDIS_URL: at(otherPort) }, 3, /certificate of elsewhere is refused: hostname mismatch/],
    [{ DARKROOM_REDIS_TLS_NAME: 'redis.example' }, 3, /hostname mismatch/],
    [{ REDIS_URL: `rediss://darkroom:${SECRET}@127.0.0.1:${stage.redisPort}` }, 3, /IP address mismatch/],
    [{ REDIS_URL: at(plainPort), DARKROOM_REDIS_CONNECT_TIMEOUT: '1s' }, 3, /is this a port for TLS\?|wrong version number/],
    [{ REDIS_URL: `redis://localhost:${stage.redisPort}`, DARKROOM_REDIS_TLS_CA: '', DARKROOM_REDIS_TLS_CERTIFICATE: '', DARKROOM_REDIS_TLS_KEY: '' }, 3, /set \[redis\] tls/],
    [{ DARKROOM_REDIS_TLS_CERTIFICATE: '', DARKROOM_REDIS_TLS_KEY: '' }, 3, /certificate required|want another certificate/],
    [{ DARKROOM_REDIS_TLS_KEY: stage.good.key }, 3, /is not that of certificate/],
    [{ DARKROOM_REDIS_TLS_CA: '/nowhere.crt' }, 3, /'\/nowhere.crt' does not exist/],
    [{ DARKROOM_REDIS_TLS_KEY: '' }, 2, /redis.tls_certificate/],
    [{ REDIS_URL: `rediss://darkroom:wrong@localhost:${stage.redisPort}` }, 1, /does not accept the user and password|WRONGPASS/],
  ];
  for (const [more, code, words] of cases) {
    const got = await look(more);
    assert.match(got.err, words);
    assert.equal(got.code, code, got.err);
    assert.doesNotMatch(got.err, new RegExp(SECRET), 'no password is shown');
  }
  assert.equal((await look({ REDIS_URL: `rediss://darkroom:${SECRET}@127.0.0.1:${stage.redisPort}`, DARKROOM_REDIS_TLS_NAME: 'redis.test' })).code, 0);
}));

test('doctor tells of certificates and of a user who may not enough', secured(async stage => {
  const young = await stage.ours.certify('young', { days: 5 });
  const { out } = await stage.command(['doctor', '--json'], stage.way({
    DARKROOM_CATALOG_DATABASE: stage.database, REDIS_URL: `rediss://tight:${SECRET}@localhost:${stage.redisPort}`,
    DARKROOM_REDIS_TLS_CERTIFICATE: young.crt, DARKROOM_REDIS_TLS_KEY: young.key,
  }));
  const found = name => JSON.parse(out).checks.filter(x => x.check === name);
  const tls = found('redis tls');
  assert.deepEqual(tls.map(x => x.level), ['ok', 'warn'], JSON.stringify(tls));
  assert.match(tls[0].text, /^TLSv1\.3, the certificate of redis is valid until \d{4}-/);
  assert.match(tls[1].text, /young\.crt/);
  assert.equal(found('redis')[0].level, 'ok');
  const tight = found('redis user')[0];
  assert.equal(tight.level, 'FAIL');
  assert.match(tight.text, /NOPERM.*subscribe.*~bull:\* ~darkroom:\* &worker:events/);
}));

test('jobs run by TLS with the rights of the page, also after Redis was killed', secured(async stage => {
  const main = await stage.serve(stage.way());
  const worker = await stage.work('worker-1');
  const queue = stage.queue();
  const seen = await stage.browserEvents();
  await queue.addBulk(Array.from({ length: 200 }, (_, n) => ({ name: 'echo', data: { n, text: 'x'.repeat(20000) } })));
  await queue.add('chain', { next: { name: 'echo', data: {} } });
  await until(async () => (await queue.getCompletedCount()) === 202, 'all complete', 30000);
  await stage.sql('select 1');
  const long = await queue.addBulk(Array.from({ length: 5 }, () => ({ name: 'sleep', data: { ms: 2500 } })));
  await until(async () => (await queue.getActiveCount()) === 5, 'long jobs run');
  stage.redisProc.kill('SIGKILL');
  await stage.redisProc.within(2000);
  await sleep(1000);
  await stage.startRedis();
  const returned = Date.now();
  const fresh = await queue.add('echo', { after: true }, { lifo: true });
  await until(async () => (await queue.getCompletedCount()) === 208, 'all complete', 20000);
  const taken = (await queue.getJob(fresh.id)).processedOn;
  console.log(`first new job taken ${taken - returned} ms after Redis was back`);
  assert.ok(taken - returned <= BACK_MS + 2500, 'fetched again, once a slot was free');
  for (const { id } of long) {
    const job = await queue.getJob(id);
    assert.deepEqual([job.attemptsMade, job.attemptsStarted, job.stalledCounter], [1, 1, 0], `job ${id}`);
  }
  await until(() => seen.some(x => x.jobId === fresh.id && x.type === 'job-completed'), 'the browser sees events again');
  for (const path of ['/api/queue', '/api/jobs?state=completed', '/readyz', '/api/history'])
    assert.equal((await fetch(stage.url + path)).status, 200, path);
  for (const actor of (await stage.get('/api/nodes')).main.actors) assert.equal(actor.restarts, 0, `${actor.name} was not restarted`);
  assert.doesNotMatch(main.out, /NOPERM/, 'the rule of the page is enough');
  const asked = Date.now();
  main.kill('SIGTERM');
  assert.equal((await main.within(10000)).code, 0);
  console.log(`the main node ended after ${Date.now() - asked} ms`);
  worker.kill('SIGTERM');
}));
