// The HTTP front against strangers and against a Redis that hangs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { spread, staged, until } from './_lib.mjs';

/** Sends bytes from an address of 127.0.0.0/8; all that comes until the end, or until `enough`. */
function talk(url, bytes, { from = '127.0.0.1', enough = () => false } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect({ host: hostname, port, localAddress: from });
    socket.setTimeout(20000, () => { socket.destroy(); resolve(text); });
    socket.on('data', data => { text += data; if (enough(text)) socket.destroy(); });
    socket.on('close', () => resolve(text));
    socket.on('error', problem => (problem.code === 'ECONNRESET' || problem.code === 'EPIPE' ? resolve(text) : reject(problem)));
    socket.write(bytes);
  });
}

/** GET with any Host: its status. */
const status = (url, path, host) => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(url);
  http.get({ hostname, port, path, agent: false, headers: host ? { host } : {} }, answer => { answer.resume(); resolve(answer.statusCode); }).on('error', reject);
});

const metric = async (stage, name) => {
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  const line = text.split('\n').find(x => x.startsWith(`${name} `));
  return line && Number(line.split(' ')[1]);
};

test('a trailer above 64 KiB ends its connection and nothing else', staged(async stage => {
  const main = await stage.serve();
  const trailer = path => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ${'x'.repeat(66000)}\r\n\r\n`;
  for (let i = 0; i < 5; ++i) {
    assert.match(await talk(stage.url, trailer('/api/jobs')), /^HTTP\/1\.1 431 /);
    // A probe is answered before its body is read.
    assert.match(await talk(stage.url, trailer('/livez')), /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/);
    assert.equal((await fetch(`${stage.url}/livez`)).status, 200);
  }
  assert.equal((await stage.get('/api/jobs')).state, 'waiting');
  assert.equal(main.end, null);
}));

test('probes and metrics answer while Redis hangs and all that asks it waits', staged(async stage => {
  await stage.serve({ DARKROOM_REDIS_COMMAND_TIMEOUT: '60s', DARKROOM_HTTP_MAX_WAITING: '20' });
  assert.equal((await fetch(`${stage.url}/readyz`)).status, 200);
  stage.redisProc.kill('SIGSTOP');
  try {
    let answered = 0;
    const asks = Array.from({ length: 22 }, () => fetch(`${stage.url}/api/queue`).finally(() => { ++answered; }));
    await until(async () => (await metric(stage, 'darkroom_http_requests_pending')) >= 22, 'all wait');
    for (let i = 0; i < 20; ++i) {
      assert.equal((await fetch(`${stage.url}/livez`)).status, 200);
      assert.ok((await metric(stage, 'darkroom_http_requests_pending')) >= 22);
    }
    const full = await fetch(`${stage.url}/api/queue`);
    assert.equal(full.status, 503);
    assert.ok(Number(full.headers.get('retry-after')) > 0);
    assert.equal((await full.json()).error.code, 'too_many_requests_wait');
    assert.equal((await fetch(`${stage.url}/`)).status, 200, 'the page loads');
    assert.equal((await fetch(`${stage.url}/files/none.webp`)).status, 404, 'files are served');
    await until(async () => (await fetch(`${stage.url}/readyz`)).status === 503, 'it is not ready');
    assert.equal(await metric(stage, 'darkroom_redis_up'), 0);
    assert.equal(answered, 0, 'none of them was answered meanwhile');
    stage.redisProc.kill('SIGCONT');
    for (const ask of asks) assert.equal((await ask).status, 200);
    await until(async () => (await fetch(`${stage.url}/readyz`)).status === 200, 'it is ready');
    await until(async () => (await metric(stage, 'darkroom_redis_up')) === 1, 'the metrics know');
  } finally {
    stage.redisProc.kill('SIGCONT');
  }
}));

test('5,000 idle or trickling connections, and guesses of tokens, hold up neither probes nor others', staged(async stage => {
  const main = await stage.serve();
  const [, soft, hard] = /Max open files +(\d+) +(\d+)/.exec(fs.readFileSync(`/proc/${main.pid}/limits`, 'utf8'));
  assert.equal(soft, hard, 'it may open as many files as the system lets it');
  const { hostname, port } = new URL(stage.url);
  const open = new Set();
  const crowd = bytes => new Promise(resolve => {
    const socket = net.connect({ host: hostname, port, localAddress: '127.0.0.9' }, () => { if (bytes) socket.write(bytes); resolve(); });
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket)).resume();
    open.add(socket);
  });
  let guessing = true;
  const guesses = {};
  const guess = async () => {
    for (let i = 0; guessing; ++i) {
      const text = await talk(stage.url, `GET /api/queue HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer drk_${'0'.repeat(16)}_${`${i}`.padStart(64, '0')}\r\n\r\n`, { from: '127.0.0.10' });
      guesses[text.slice(9, 12)] = (guesses[text.slice(9, 12)] || 0) + 1;
    }
  };
  const times = [];
  const guesser = guess();
  try {
    for (const bytes of [null, 'GET /api/queue HTTP/1.1\r\nX: '])
      for (let i = 0; i < 50; ++i) {
        await Promise.all(Array.from({ length: 50 }, () => crowd(bytes)));
        const since = Date.now();
        assert.equal(await status(stage.url, '/api/queue'), 200);
        times.push(Date.now() - since);
        if (i % 10) continue;
        assert.equal(await status(stage.url, '/livez'), 200);
        const own = await talk(stage.url, 'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', { from: '127.0.0.9' });
        assert.match(own, /^HTTP\/1\.1 200 /);
      }
    await until(() => open.size <= 256 + 4, 'one address has its share, and a few places of the reserve');
    const { p50, p99, max } = spread(times);
    console.log(`an ordinary request beside them: p50 ${p50} ms, p99 ${p99} ms; guesses: ${JSON.stringify(guesses)}`);
    assert.ok(max < 2000, `${max} ms`);
    assert.equal(guesses[401], 10);
    assert.ok(guesses[429] > 10);
  } finally {
    guessing = false;
    await guesser;
    for (const socket of open) socket.destroy();
  }
}));

test('at an address that others reach, each request needs a token', staged(async stage => {
  const main = await stage.serve({}, ['--set', 'http.bind=0.0.0.0']);
  await until(() => main.out.includes('darkroom token create'), 'the log says how to make one');
  stage.url = stage.url.replace('0.0.0.0', '127.0.0.1');
  for (const path of ['/api/queue', '/files/x', '/api/events', '/metrics']) assert.equal(await status(stage.url, path, 'localhost'), 401, path);
  for (const path of ['/livez', '/readyz', '/', '/api/session']) assert.equal(await status(stage.url, path, 'localhost'), 200, path);
}));

test('beyond loopback the Host is checked, but for probes', staged(async stage => {
  const main = await stage.serve({}, ['--insecure', '--set', 'http.bind=0.0.0.0', '--set', 'http.hosts=pictures.example']);
  assert.match(main.out, /warning.* the HTTP API on 0\.0\.0\.0 is open to other machines/);
  stage.url = stage.url.replace('0.0.0.0', '127.0.0.1');
  for (const path of ['/livez', '/readyz', '/metrics']) assert.equal(await status(stage.url, path, 'evil.example'), 200, path);
  for (const path of ['/api/queue', '/', '/files/x']) assert.equal(await status(stage.url, path, 'evil.example'), 421, path);
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:3000', 'pictures.example:80'])
    assert.equal(await status(stage.url, '/api/queue', host), 200, host);
  const other = stage.url.replace('127.0.0.1', '127.0.0.7');
  assert.equal(await status(other, '/api/queue'), 200, 'the address that it came in on');
  assert.equal(await status(stage.url, '/api/queue', '127.0.0.7'), 421, 'another one');
}));
