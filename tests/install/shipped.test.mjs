// What is shipped for other programs is understood by them: units, nginx,
// Prometheus, Redis.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { Proc, until } from '../cluster/_proc.mjs';
import { freePort } from '../support/processes.mjs';
import { BINARY, folder, ROOT, run } from './_lib.mjs';

const deploy = name => path.join(ROOT, 'deploy', name);

test('systemd finds nothing wrong with the units, and calls them safe', async () => {
  const place = folder('units');
  fs.cpSync(deploy('systemd'), place, { recursive: true });
  const units = ['main', 'worker', 'solo'].map(name => path.join(place, `darkroom-${name}.service`));
  for (const unit of units) // the program is not installed here
    fs.writeFileSync(unit, fs.readFileSync(unit, 'utf8').replace('/usr/bin/darkroom', BINARY));
  const env = { ...process.env, SYSTEMD_UNIT_PATH: `${place}:` };
  const said = await run('sh', ['-c', 'systemd-analyze verify --man=no "$@" 2>&1', 'sh', ...units], { env });
  assert.doesNotMatch(said, /darkroom/, said);
  // 0 is the least exposed. What remains is that it speaks over the network, and
  // the namespaces and mounts of the codec's sandbox.
  const exposed = await run('systemd-analyze', ['security', '--offline=yes', '--threshold=25', '--no-pager', ...units], { env });
  assert.match(exposed, /Overall exposure level for darkroom-main/);
});

/** A server that answers as a main node does, or as a standby. */
function node(port, isActive) {
  const server = http.createServer((request, response) => {
    if (!isActive) return void response.writeHead(503).end('standby');
    if (request.url !== '/api/events') return void response.end(`active ${request.headers['x-forwarded-for']} ${request.headers.host}`);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('event: hello\n\n'); // and no end
  });
  return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve(server)));
}

test('nginx takes its configuration, finds the active main node and passes events on at once', async () => {
  const place = folder('nginx');
  const [port, standby, active] = [await freePort(), await freePort(), await freePort()];
  const text = fs.readFileSync(deploy('nginx/darkroom.conf'), 'utf8')
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('server 127.0.0.1:3000', `server 127.0.0.1:${standby}`)
    .replace('#server 10.0.0.6:3000', `server 127.0.0.1:${active}`);
  fs.writeFileSync(`${place}/darkroom.conf`, text);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${place}/${name};`).join(' ');
  fs.writeFileSync(`${place}/nginx.conf`, `daemon off; master_process off; pid ${place}/pid; error_log ${place}/errors;\nevents {}\nhttp { access_log off; ${temporary} include ${place}/darkroom.conf; }\n`);
  const options = ['-p', place, '-e', `${place}/errors`, '-c', `${place}/nginx.conf`];
  await run('nginx', ['-t', ...options]);
  const servers = await Promise.all([node(standby, false), node(active, true)]);
  const nginx = new Proc('nginx', 'nginx', options);
  try {
    const url = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${url}/readyz`)).status === 200, 'nginx answers');
    for (let i = 0; i < 4; ++i) assert.equal(await (await fetch(`${url}/api/jobs`)).text(), 'active 127.0.0.1 127.0.0.1');
    const events = await fetch(`${url}/api/events`);
    const { value } = await events.body.getReader().read();
    assert.equal(Buffer.from(value).toString(), 'event: hello\n\n');
  } finally {
    nginx.kill('SIGTERM');
    await nginx.within(5000);
    for (const server of servers) { server.closeAllConnections(); server.close(); }
  }
});

test('programs that others are told to run exist, with their flags', async () => {
  const texts = ['docker/Dockerfile', 'docker/compose.yaml', 'kubernetes/worker.yaml', 'kubernetes/main.yaml', 'systemd/darkroom-main.service', 'systemd/darkroom-worker.service', 'systemd/darkroom-solo.service'].map(name => fs.readFileSync(deploy(name), 'utf8')).join('\n');
  const settings = fs.readFileSync(path.join(ROOT, 'docs/configuration.md'), 'utf8');
  for (const [name] of texts.matchAll(/(?<!-D)DARKROOM_[A-Z_]+/g))
    assert.ok(name === 'DARKROOM_API_TOKEN' || settings.includes(`\`${name}\``), `there is no ${name}`);
  const health = await run(BINARY, ['health', '--help']);
  for (const flag of ['--worker', '--ready']) assert.ok(health.includes(flag));
  const drain = await run(BINARY, ['node', '--help']);
  for (const flag of ['--main', '--timeout']) assert.ok(drain.includes(flag));
});
