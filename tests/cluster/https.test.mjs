// The HTTP server with a certificate: who gets in, what changes, and what does not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { freePort, SAMPLES, sleep, staged, until } from './_lib.mjs';
import { ask, authority, listen } from './_https.mjs';

const run = promisify(execFile);
const PROXY = '127.0.0.8';

/** Puts files in the place of others, as certbot does. */
function replace(pair, by) {
  for (const what of ['certificate', 'key']) {
    fs.copyFileSync(by[what], `${pair[what]}.new`);
    fs.renameSync(`${pair[what]}.new`, pair[what]);
  }
}

/** What comes back until the server hangs up, and how long that took. */
function knock(port, bytes) {
  return new Promise((resolve, reject) => {
    const since = Date.now();
    let text = '';
    const socket = net.connect({ port, host: '127.0.0.1' }, () => bytes && socket.write(bytes));
    socket.setTimeout(15000, () => socket.destroy(new Error('it does not hang up')));
    socket.on('data', data => { text += data.toString('latin1'); });
    socket.on('error', problem => (problem.code === 'ECONNRESET' ? null : reject(problem)));
    socket.on('close', () => resolve({ text, ms: Date.now() - since }));
  });
}

test('a main node with a certificate speaks https and nothing else', staged(async (stage, t) => {
  const ca = await authority(path.join(stage.folder, 'ca'));
  const other = await authority(path.join(stage.folder, 'other'));
  const pair = await ca.make('web.example');
  const env = { ...pair.env, DARKROOM_HTTP_PORT: `${await freePort()}`, DARKROOM_CATALOG_DATABASE: stage.database };
  const main = await stage.serve({ ...env, DARKROOM_HTTP_REQUIRE_TOKEN: 'true', DARKROOM_HTTP_TRUSTED_PROXIES: PROXY, DARKROOM_HTTP_HEADER_TIMEOUT: '700ms' });
  assert.match(stage.url, /^https:/);
  const port = Number(new URL(stage.url).port);
  const made = await stage.command(['token', 'create', 'ann', '--role', 'admin'], env);
  const token = made.out.trim();
  const bearer = { authorization: `Bearer ${token}` };
  const at = (target, more = {}) => ask(stage.url + target, { ca: ca.text, ...more });
  await until(async () => (await at('/api/queue', { headers: bearer })).status === 200, 'the token is known');

  await t.test('clients that trust its CA are served, and others hang up', async () => {
    for (const target of ['/livez', '/readyz', '/']) assert.equal((await at(target)).status, 200, target);
    assert.equal((await at('/api/queue')).status, 401, 'TLS is no token');
    await assert.rejects(ask(`${stage.url}/livez`, { ca: other.text }), { code: /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/ });
    const { stdout } = await run('curl', ['-sS', '--cacert', ca.file, '--http2', '-w', ' %{http_version}', `${stage.url}/livez`]);
    assert.equal(stdout, '{"status":"alive"} 1.1', 'whoever offers HTTP/2 as well gets 1.1');
    const socket = tls.connect({ port, host: '127.0.0.1', ca: ca.text, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    await assert.rejects(new Promise((resolve, reject) => { socket.on('secureConnect', resolve); socket.on('error', reject); }));
  });

  await t.test('a client that comes back resumes its session', async () => {
    const visit = session => new Promise((resolve, reject) => {
      const seen = {};
      const socket = tls.connect({ port, host: '127.0.0.1', ca: ca.text, session }, () => {
        seen.isResumed = socket.isSessionReused();
        socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
      socket.on('session', x => { seen.session = x; }).on('error', reject).on('close', () => resolve(seen)).resume();
    });
    const first = await visit();
    assert.deepEqual([first.isResumed, (await visit(first.session)).isResumed], [false, true]);
  });

  await t.test('pictures go in and out whole', async () => {
    const bytes = fs.readFileSync(path.join(SAMPLES, 'mountains.jpg'));
    const added = await at('/api/images?name=m.jpg', { method: 'POST', headers: bearer, body: bytes });
    assert.equal(added.status, 201, added.text);
    assert.ok((await at(`/files/${added.json.filePath}`, { headers: bearer })).bytes.equals(bytes));
  });

  await t.test('the cookie is for https only, and pages that came by http may change nothing', async () => {
    const login = await at('/api/login', { method: 'POST', body: JSON.stringify({ token }) });
    const [cookie, ...rest] = login.headers['set-cookie'][0].split('; ');
    assert.ok(rest.includes('Secure') && rest.includes('HttpOnly'), rest);
    assert.equal(login.headers['strict-transport-security'], undefined, 'other ports of this host may need http');
    const pause = origin => at('/api/queue/resume', { method: 'POST', headers: { cookie, 'x-csrf-token': login.json.csrfToken, origin } });
    assert.equal((await pause(`https://127.0.0.1:${port}`)).status, 200);
    assert.equal((await pause(`http://127.0.0.1:${port}`)).json.error.code, 'foreign_origin');
  });

  await t.test('plain HTTP is told so, and who does not end the handshake is cut off', async () => {
    const told = await knock(port, `GET /api/queue HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    assert.match(told.text, /^HTTP\/1\.1 400 [^]*this port speaks https/);
    const { stdout } = await run('curl', ['-s', `http://127.0.0.1:${port}/livez`]);
    assert.match(stdout, /needs_https/);
    const idle = await Promise.all([knock(port), knock(port, Buffer.from([22, 3, 1, 2, 0, 1])), ...Array.from({ length: 50 }, () => knock(port))]);
    for (const { text, ms } of idle) { assert.equal(text, ''); assert.ok(ms > 600, `after ${ms} ms`); }
    assert.equal((await at('/livez')).status, 200);
  });

  await t.test('only a trusted proxy says for whom it asks', async () => {
    const told = { ...bearer, 'x-forwarded-for': '203.0.113.9, 198.51.100.7', 'x-forwarded-proto': 'https' };
    for (const from of [PROXY, '127.0.0.7']) await at('/api/queue/pause', { method: 'POST', headers: told, from });
    await at('/api/queue/resume', { method: 'POST', headers: bearer });
    const noted = async () => (await at('/api/audit?what=queue', { headers: bearer })).json.entries.map(x => x.from);
    await until(async () => (await noted()).length >= 4, 'all are noted');
    assert.deepEqual((await noted()).slice(0, 3), ['127.0.0.1', '127.0.0.7', '198.51.100.7']);
    // Guesses count for the client, not for the proxy.
    const guess = (i, client) => at('/api/queue', { from: PROXY, headers: { authorization: `Bearer drk_${'0'.repeat(16)}_${'0'.repeat(60)}${1000 + i}`, 'x-forwarded-for': client } });
    for (let i = 0; i < 10; ++i) assert.equal((await guess(i, '203.0.113.1')).status, 401);
    assert.equal((await guess(11, '203.0.113.1')).status, 429);
    assert.equal((await guess(11, '203.0.113.2')).status, 401);
  });

  await t.test('commands, the doctor and the metrics know about it', async () => {
    const api = { DARKROOM_API_TOKEN: token };
    const nodes = (args, more) => stage.command(['nodes', '--json', ...args], { ...api, ...more });
    const far = ['--main', `https://localhost:${port}`];
    assert.equal((await nodes([...far, '--ca', ca.file])).code, 0);
    assert.equal((await nodes(far, { DARKROOM_API_CA: ca.file })).code, 0);
    const refused = await nodes(far);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /certificate.*--ca/);
    assert.equal((await nodes([...far, '--ca', other.file])).code, 1);
    assert.equal((await nodes([], env)).code, 0, 'on its own machine, the settings name the certificate');
    assert.equal((await nodes([], { ...env, DARKROOM_HTTP_TLS_CERTIFICATE: (await ca.make('else')).certificate })).code, 1, 'and no other one counts');
    assert.match((await nodes(['--main', `http://127.0.0.1:${port}`])).err, /this port speaks https/);
    const metrics = (await at('/metrics', { headers: bearer })).text;
    const until_ = Number(/^darkroom_http_certificate_expiry_timestamp_seconds (\S+)$/m.exec(metrics)[1]);
    assert.ok(Math.abs(until_ - Date.now() / 1000 - 20 * 86400) < 3600, `${until_}`);
    const found = async more => JSON.parse((await stage.command(['doctor', '--json'], { ...env, ...api, ...more })).out).checks;
    const all = await found();
    assert.deepEqual(all.filter(x => x.check === 'http tls').map(x => x.level), ['ok']);
    assert.ok(!all.some(x => x.text.includes('no active main node answers')), 'it asks the API over TLS');
    const soon = (await found((await ca.make('soon', 13)).env)).find(x => x.check === 'http tls');
    assert.deepEqual([soon.level, /ends soon/.test(soon.advice)], ['warn', true]);
  });

  await t.test('a renewed certificate is taken while streams go on, and a broken one is not', async () => {
    const stream = await listen(`${stage.url}/api/events`, { ca: ca.text, headers: bearer });
    await until(() => stream.text.includes('event: hello'), 'the stream runs');
    replace(pair, await ca.make('renewed'));
    await until(async () => (await at('/livez')).name === 'renewed', 'the new one is used', 10000);
    replace(pair, { certificate: (await ca.make('broken')).certificate, key: (await ca.make('unfit')).key });
    await until(() => /keeps its old certificate.*is not that of certificate/.test(main.out), 'the log says why', 10000);
    assert.equal((await at('/livez')).name, 'renewed');
    const before = stream.text.length;
    assert.equal((await at('/api/jobs', { method: 'POST', headers: bearer, body: JSON.stringify({ name: 'generate-metadata', data: { imageId: 'a', filePath: 'a.jpg' } }) })).status, 201);
    await until(() => stream.text.slice(before).includes('job-queued'), 'events still come');
    assert.equal(stream.ended, null);
    stream.close();
  });

  await t.test('the node ends as usual, also with a browser that does not read', async () => {
    const deaf = tls.connect({ port, host: '127.0.0.1', ca: ca.text }, () => deaf.write(`GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`));
    deaf.on('error', () => {});
    await new Promise(resolve => deaf.once('data', resolve));
    deaf.pause();
    const stream = await listen(`${stage.url}/api/events`, { ca: ca.text, headers: bearer });
    await sleep(100);
    main.kill('SIGTERM');
    assert.equal((await main.within(10000)).code, 0);
    await until(() => stream.ended, 'the stream ends');
    assert.equal(stream.ended, 'end', 'with a proper end of TLS');
    deaf.destroy();
  });
}));

test('files that cannot work keep a main node from starting, and it says why', staged(async stage => {
  const ca = await authority(path.join(stage.folder, 'ca'));
  const [good, old, other] = [await ca.make('good'), await ca.make('old', -1), await ca.make('another')];
  const start = async (more, args = []) => {
    const { code, err } = await stage.command(['serve', ...args], { DARKROOM_HTTP_PORT: '0', DARKROOM_CLUSTER_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database, ...more });
    assert.equal(code, 2, err);
    return err.trim().split('\n').at(-1);
  };
  assert.match(await start(old.env), /old\.crt' of old expired on \d{4}-/);
  assert.match(await start({ ...good.env, DARKROOM_HTTP_TLS_KEY: other.key }), /another\.key' is not that of certificate/);
  assert.match(await start({ ...good.env, DARKROOM_HTTP_TLS_CERTIFICATE: '/nowhere.crt' }), /nowhere\.crt' does not exist/);
  assert.match(await start({ DARKROOM_HTTP_TLS_CERTIFICATE: good.certificate }), /http\.tls_certificate = .* needs http\.tls_key as well/);
  assert.match(await start({ DARKROOM_HTTP_TLS_KEY: good.key }), /http\.tls_key = .* needs http\.tls_certificate as well/);
  const bare = await stage.command(['serve'], { REDIS_URL: 'redis://127.0.0.1:1', ...(await ca.make('bare', 20, '')).env });
  assert.deepEqual([bare.code, /warning.*bare\.crt' has no subjectAltName/.test(bare.err)], [3, true], bare.err);
  fs.chmodSync(good.key, 0o644);
  const main = await stage.serve({ ...good.env, DARKROOM_HTTP_BIND: '0.0.0.0' });
  assert.match(main.out, /warning.*good\.key' can be used by others/);
  const port = new URL(stage.url).port;
  assert.equal((await ask(`https://127.0.0.1:${port}/api/queue`, { ca: ca.text })).status, 401, 'TLS does not replace tokens');
  const standby = stage.darkroom('standby', ['serve'], { REDIS_URL: stage.redisUrl, DARKROOM_CLUSTER_PORT: `${stage.clusterPort}`, DARKROOM_HTTP_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database, ...good.env });
  const where = (await standby.line('standing by at ')).slice('standing by at '.length).trim();
  const seen = await ask(`${where}/readyz`, { ca: ca.text });
  assert.deepEqual([seen.status, seen.json.status], [503, 'standby']);
}));
