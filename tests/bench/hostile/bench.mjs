// usage: run [--quick] [--connections N] [--seconds N] [--only idle,trickle,guess,shake]
//
// The ordinary client opens a connection for each request, one after the other,
// from an address of its own; its times are the connection's, too. The memory
// per connection is that of a server that takes all of them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { facts } from '../lib/facts.mjs';
import { binary, environment } from '../lib/darkroom.mjs';
import { Program, sleep } from '../lib/processes.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { columns } from '../lib/table.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false }, connections: { type: 'string' }, seconds: { type: 'string' },
    only: { type: 'string', default: 'idle,trickle,guess,shake' },
  },
});
const connections = Number(values.connections ?? (values.quick ? 2000 : 10000));
const seconds = Number(values.seconds ?? (values.quick ? 4 : 10));
const kinds = values.only.split(',');
const folder = process.env.BENCH_FOLDER;
const own = '127.0.0.1';

function certificate() {
  const [key, crt] = ['web.key', 'web.crt'].map(name => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2', '-keyout', key, '-out', crt], { stdio: 'ignore' });
  return { DARKROOM_HTTP_TLS_CERTIFICATE: crt, DARKROOM_HTTP_TLS_KEY: key };
}

async function serve(redis, tls, more = {}) {
  const options = environment(redis, 'hostile', {
    DARKROOM_HTTP_PORT: '0', DARKROOM_CLUSTER_PORT: '0', DARKROOM_HTTP_REQUIRE_TOKEN: 'true', ...(tls || {}), ...more,
  });
  const token = execFileSync(binary, ['token', 'create', 'bench'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  const server = new Program(binary, ['serve'], options);
  server.url = (await server.line('ready at ')).rest;
  server.token = token;
  await sleep(1500); // the token is known
  return server;
}

/** One request by a new connection: its time in ms, or what went wrong. */
function ask({ url, token }) {
  return new Promise(resolve => {
    const begin = performance.now();
    const request = (url.startsWith('https') ? https : http).get(`${url}/api/queue`, {
      headers: { authorization: `Bearer ${token}` }, agent: false, rejectUnauthorized: false, localAddress: own,
    }, answer => answer.resume().on('end', () => resolve(answer.statusCode === 200 ? performance.now() - begin : `${answer.statusCode}`)));
    request.setTimeout(10000, () => request.destroy(new Error('timeout')));
    request.on('error', problem => resolve(problem.code || problem.message));
  });
}

/** The ordinary client for some seconds: {p50, p99, max, asked, failed}. */
async function ordinary(server, time) {
  const times = [];
  const failed = {};
  for (const end = Date.now() + 1000 * time; Date.now() < end; await sleep(5)) {
    const took = await ask(server);
    if (typeof took === 'number') times.push(took);
    else failed[took] = (failed[took] || 0) + 1;
  }
  times.sort((a, b) => a - b);
  const at = share => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1), asked: times.length, failed };
}

const attackers = (kind, server, count) => new Program(process.execPath, [fileURLToPath(new URL('attack.mjs', import.meta.url)), kind, server.url, `${count}`]);

async function beside(server, kind) {
  const count = kind === 'guess' ? 50 : kind === 'shake' ? 20 : connections;
  const before = { rss: server.rss(), cpu: server.cpu() };
  const hostile = attackers(kind, server, count);
  await sleep(2500); // all are there
  const during = await ordinary(server, seconds);
  const cpu_s = (server.cpu() - before.cpu) / 1e6;
  hostile.kill('SIGTERM');
  await hostile.ended;
  return { kind, count, ...during, cpu_s, grown_mb: server.rss() - before.rss, ...JSON.parse(hostile.out.trim().split('\n').at(-1)) };
}

/** KB of the server's memory per connection that says nothing. */
async function memory(redis, tls, kind) {
  const server = await serve(redis, tls, {
    DARKROOM_HTTP_MAX_CONNECTIONS: '20000', DARKROOM_HTTP_MAX_CONNECTIONS_PER_ADDRESS: '0',
    DARKROOM_HTTP_HEADER_TIMEOUT: '5m', DARKROOM_HTTP_IDLE_TIMEOUT: '5m',
  });
  await ask(server);
  const before = server.rss();
  const hostile = attackers(kind, server, connections);
  await sleep(4000 + connections);
  const kb = 1024 * (server.rss() - before) / connections;
  hostile.kill('SIGTERM');
  await hostile.ended;
  await server.stop();
  return kb;
}

const redis = await RedisServer.start(folder);
const around = await facts(redis, []);
console.log(Object.entries(around).map(([key, value]) => `${key}: ${value}`).join('\n'));
const results = [];
const kb_per_connection = {};
for (const [name, tls] of [['http', null], ['https', certificate()]]) {
  const server = await serve(redis, tls);
  results.push({ name, kind: 'nobody else', count: 0, ...await ordinary(server, seconds), cpu_s: 0, grown_mb: 0, opened: 0, answers: {} });
  for (const kind of kinds)
    if (tls || kind !== 'shake') results.push({ name, ...await beside(server, kind) });
  await server.stop();
  kb_per_connection[`${name}, idle`] = await memory(redis, tls, 'idle');
  kb_per_connection[`${name}, a part of a header`] = await memory(redis, tls, 'trickle');
}
const text = (x, digits = 1) => x.toFixed(digits);
console.log(columns([
  ['server', 'beside', 'connections', 'p50 ms', 'p99 ms', 'max ms', 'asked', 'failed', 'CPU s', 'MB more', 'opened', 'answers'],
  ...results.map(x => [x.name, x.kind, `${x.count}`, text(x.p50), text(x.p99), text(x.max, 0), `${x.asked}`, JSON.stringify(x.failed), text(x.cpu_s), text(x.grown_mb), `${x.opened}`, JSON.stringify(x.answers)]),
]));
for (const [what, kb] of Object.entries(kb_per_connection)) console.log(`${what}: ${text(kb)} KB per connection`);
const file = process.env.BENCH_RESULT;
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, `${JSON.stringify({ ...around, connections, seconds, results, kb_per_connection }, null, 2)}\n`);
await redis.stop();
process.exit(results.some(x => Object.keys(x.failed).length > 0) ? 1 : 0);
