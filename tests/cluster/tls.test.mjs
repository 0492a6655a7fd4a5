// TLS between nodes, and what comes to the port that is no node.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { BINARY, freePort, sleep, staged, until } from './_lib.mjs';

const run = promisify(execFile);
const MIB = 1 << 20;

/** Makes a CA with nodes in a folder of the stage's. */
async function authority(stage, name, nodes) {
  const folder = path.join(stage.folder, name);
  await run(BINARY, ['tls', 'init', '--out', folder, ...nodes.flatMap(node => ['--node', node])]);
  return folder;
}

/** The environment of a node with certificates. */
const with_tls = (folder, node) => ({
  DARKROOM_CLUSTER_TLS_CERTIFICATE: path.join(folder, `${node}.crt`),
  DARKROOM_CLUSTER_TLS_KEY: path.join(folder, `${node}.key`),
  DARKROOM_CLUSTER_TLS_CA: path.join(folder, 'ca.crt'),
});

/** A certificate that ended yesterday, signed by the CA of `folder`. */
async function expired(folder, node) {
  const file = ending => path.join(folder, `${node}${ending}`);
  const index = path.join(folder, 'index.txt');
  fs.writeFileSync(index, '');
  fs.writeFileSync(file('.cnf'), `[ca]\ndefault_ca=x\n[x]\ndatabase=${index}\nnew_certs_dir=${folder}\nserial=${file('.serial')}\n`
    + 'default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n[e]\nextendedKeyUsage=serverAuth,clientAuth\n');
  fs.writeFileSync(file('.serial'), '0abc');
  await run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${node}`, '-keyout', file('.key'), '-out', file('.csr')]);
  const date = days => new Date(Date.now() - days * 86400000).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';
  await run('openssl', ['ca', '-batch', '-notext', '-config', file('.cnf'), '-extensions', 'e', '-in', file('.csr'), '-out', file('.crt'),
    '-cert', path.join(folder, 'ca.crt'), '-keyfile', path.join(folder, 'ca.key'), '-startdate', date(10), '-enddate', date(1)]);
}

const resident = pid => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** Connects, sends, and waits for the other side to hang up: what came back. */
function knock(port, bytes, connect = net.connect, options = {}) {
  return new Promise(resolve => {
    let got = 0;
    const socket = connect({ port, host: '127.0.0.1', ...options }, () => socket.write(bytes));
    const end = how => { clearTimeout(limit); socket.destroy(); resolve({ how, got }); };
    const limit = setTimeout(() => end('open'), 3000);
    socket.on('data', data => { got += data.length; });
    socket.on('error', problem => end(problem.code || problem.message));
    socket.on('close', () => end('closed'));
  });
}

/** CAF's header of 32 bytes that announces a payload of 4 GiB - 1. */
function forged() {
  const header = Buffer.alloc(32);
  header[0] = 1; // a client's handshake
  header.writeUInt32BE(0xffffffff, 4);
  return header;
}

async function echo(stage, queue) {
  const { id } = await queue.add('echo', { n: 1 });
  await until(async () => (await queue.getJobState(id)) === 'completed', `job ${id} completes`, 10000);
}

/** A worker that must not get in, and what it says meanwhile. */
async function shut_out(stage, name, more) {
  const proc = stage.darkroom(name, ['work'], {
    DARKROOM_CLUSTER_NODE_NAME: name, DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}`,
    DARKROOM_CLUSTER_RECONNECT_MAX: '300ms', ...more,
  });
  await until(() => proc.out.includes('no main node: 127.0.0.1'), `${name} is refused`, 10000);
  await sleep(1500);
  assert.ok(!(await stage.get('/api/nodes')).nodes.some(node => node.name === name), `${name} joined`);
  proc.kill('SIGTERM');
  assert.equal((await proc.within(10000)).code, 0);
  return proc.out;
}

test('nodes speak mutual TLS, and nobody else gets in', staged(async (stage, t) => {
  const ours = await authority(stage, 'ours', ['main', 'worker-1']);
  const theirs = await authority(stage, 'theirs', ['main', 'worker-1']);
  const main = await stage.serve({ ...with_tls(ours, 'main'), DARKROOM_CLUSTER_BIND: '0.0.0.0' });
  const worker = await stage.work('worker-1', with_tls(ours, 'worker-1'));
  const queue = stage.queue();
  assert.equal((await stage.get('/api/nodes')).main.security, 'tls');
  await t.test('jobs run', async () => {
    const jobs = await queue.addBulk(Array.from({ length: 200 }, (_, n) => ({ name: 'echo', data: { n, text: 'x'.repeat(20000) } })));
    await until(async () => (await queue.getCompletedCount()) === jobs.length, 'all complete', 30000);
  });
  await sleep(500);
  const before = resident(main.pid);

  await t.test('a certificate of another CA is refused', async () => {
    await shut_out(stage, 'wrong-ca', with_tls(theirs, 'worker-1'));
    // A client that trusts the main, which does not trust it.
    const files = ending => fs.readFileSync(path.join(theirs, `worker-1.${ending}`));
    const got = await knock(stage.clusterPort, forged(), tls.connect,
      { cert: files('crt'), key: files('key'), ca: fs.readFileSync(path.join(ours, 'ca.crt')), checkServerIdentity: () => undefined });
    assert.notEqual(got.how, 'open');
    assert.equal(got.got, 0);
  });
  await t.test('an expired certificate is refused by both sides', async () => {
    await expired(ours, 'old');
    const own = stage.darkroom('old', ['work', '--main', `127.0.0.1:${stage.clusterPort}`], with_tls(ours, 'old'));
    assert.equal((await own.within(10000)).code, 2);
    assert.match(own.out, /expired on \d{4}-\d\d-\d\d .* UTC/);
    const got = await knock(stage.clusterPort, forged(), tls.connect, { cert: fs.readFileSync(path.join(ours, 'old.crt')),
      key: fs.readFileSync(path.join(ours, 'old.key')), ca: fs.readFileSync(path.join(ours, 'ca.crt')), checkServerIdentity: () => undefined });
    assert.notEqual(got.how, 'open');
    assert.equal(got.got, 0);
  });
  await t.test('a client without a certificate is refused', async () => {
    const got = await knock(stage.clusterPort, forged(), tls.connect, { rejectUnauthorized: false });
    assert.notEqual(got.how, 'open');
    assert.equal(got.got, 0);
  });
  await t.test('a worker without TLS is refused', () => shut_out(stage, 'plain', {}));
  await t.test('random bytes are refused', async () => {
    let seed = 7;
    const random = size => Buffer.from(Array.from({ length: size }, () => (seed = (seed * 1103515245 + 12345) % 2147483648) >> 16 & 255));
    for (const size of [1, 32, 1000, 100000, ...Array(30).fill(400)]) {
      const { how, got } = await knock(stage.clusterPort, random(size));
      assert.ok(got < 100, `${got} bytes came back`); // a TLS alert at most
      if (size >= 32) assert.notEqual(how, 'open');
    }
  });
  await t.test('a forged header that claims 4 GiB is refused before it is read', async () => {
    for (let i = 0; i < 50; ++i) {
      const { how } = await knock(stage.clusterPort, forged());
      assert.notEqual(how, 'open');
    }
  });
  await t.test('strangers do not cost a node its connection', async () => {
    const joined = async () => (await stage.get('/api/nodes')).nodes.find(node => node.name === 'worker-1').joined;
    const since = await joined();
    const knocks = async () => {
      for (let i = 0; i < 60; ++i) await knock(stage.clusterPort, forged());
    };
    const work = queue.addBulk(Array.from({ length: 2000 }, (_, n) => ({ name: 'echo', data: { n } })));
    await Promise.all([work, ...Array.from({ length: 8 }, knocks)]);
    await echo(stage, queue);
    assert.equal(await joined(), since);
    assert.doesNotMatch(worker.out, /lost the main node/);
  });
  await t.test('connections that say nothing do no harm', async () => {
    const mute = Array.from({ length: 200 }, () => net.connect(stage.clusterPort, '127.0.0.1').on('error', () => {}));
    await sleep(500);
    await echo(stage, queue);
    for (const socket of mute) socket.destroy();
  });
  await t.test('the server serves on, and its memory is flat', async () => {
    await echo(stage, queue);
    const grown = resident(main.pid) - before;
    console.log(`main: ${Math.round(before / MIB)} MiB resident before, ${(grown / MIB).toFixed(1)} MiB more after`);
    assert.ok(grown < 40 * MIB, `${grown / MIB} MiB more`);
    assert.equal(main.end, null);
    assert.equal(worker.end, null);
    assert.ok((await stage.get('/api/nodes')).nodes.some(node => node.name === 'worker-1'));
  });
  await t.test('a worker joins again after the main is started anew', async () => {
    main.kill('SIGKILL');
    await main.within(5000);
    await stage.serve({ ...with_tls(ours, 'main'), DARKROOM_CLUSTER_BIND: '0.0.0.0' });
    await until(async () => (await stage.get('/api/nodes')).nodes.some(node => node.name === 'worker-1'), 'it joins again', 15000);
    await echo(stage, queue);
  });
}));

test('an open port needs TLS or a word that it is meant', staged(async stage => {
  const env = { REDIS_URL: stage.redisUrl, DARKROOM_CLUSTER_PORT: `${await freePort()}`, DARKROOM_CLUSTER_BIND: '0.0.0.0' };
  const refused = await stage.command(['serve'], env);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /cluster\.bind = "0\.0\.0\.0".*tls_certificate.*--insecure/);
  const main = await stage.serve({ DARKROOM_CLUSTER_BIND: '0.0.0.0' }, ['--insecure']);
  assert.match(main.out, /open without TLS/);
  assert.equal((await stage.get('/api/nodes')).main.security, 'insecure');
}));

test('files of TLS are looked at before anything else', staged(async stage => {
  const folder = await authority(stage, 'tls', ['main', 'other']);
  const broken = async (more, why) => {
    for (const command of [['serve'], ['work', '--main', '127.0.0.1:1'], ['tls', 'check']]) {
      const { code, err } = await stage.command(command, { ...with_tls(folder, 'main'), ...more });
      assert.equal(code, 2, `${command}: ${err}`);
      assert.match(err.trim().split('\n').at(-1), why);
    }
  };
  await broken({ DARKROOM_CLUSTER_TLS_KEY: path.join(folder, 'other.key') }, /other\.key' is not that of certificate/);
  await broken({ DARKROOM_CLUSTER_TLS_CERTIFICATE: path.join(folder, 'nobody.crt') }, /nobody\.crt' does not exist/);
  const { code, out } = await stage.command(['tls', 'check'], with_tls(folder, 'main'));
  assert.equal(code, 0);
  assert.match(out, /main, valid until \d{4}-/);
  await stage.serve();
  assert.equal((await stage.get('/api/nodes')).main.security, 'loopback');
}));
