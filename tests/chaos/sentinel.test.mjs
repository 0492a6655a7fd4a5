// A failover by Redis Sentinel. Darkroom knows one address: it stays the same,
// because Sentinel's reconfiguration script moves it to the new master's host, as
// keepalived or a cloud's address would be.
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Book } from './_book.mjs';
import { Cluster, kill9, sleep, until } from './_cluster.mjs';
import { staged } from '../cluster/_lib.mjs';
import { Ledger, mixed } from './_ledger.mjs';

const SHARED = '10.77.0.5';
const PORT = 6379;
const SILENT_MS = 1000; // of the master, until Sentinel calls it down
const BACK_MS = 3000;
const JOB_MS = 200;
const SETTLED_MS = 60000; // until the servers know each other, on a busy machine

// Sentinel calls it with: master role state from-ip from-port to-ip to-port. Who
// had the address in mind forgets it, as it would by a gratuitous ARP.
const moveAddress = hosts => `#!/bin/sh
[ "$2" = leader ] || exit 0
for host in ${hosts.map(host => `${host.name}=${host.address}`).join(' ')}; do
  ip -n "\${host%=*}" addr del ${SHARED}/24 dev eth0 2>/dev/null
  [ "\${host#*=}" = "$6" ] && ip -n "\${host%=*}" addr add ${SHARED}/24 dev eth0
done
for net in $(ip netns list | cut -d' ' -f1); do ip -n "$net" neigh flush to ${SHARED}; done
ip neigh flush to ${SHARED}
`;

/** Two servers, three sentinels, and an address that is the master's. */
class Watched extends Cluster {
  async startRedis() {
    const hosts = ['redis-1', 'redis-2'].map(name => this.lan.host(name));
    hosts[0].carry(SHARED);
    for (const host of hosts) {
      const dir = path.join(this.folder, host.name);
      fs.mkdirSync(dir);
      const replica = host === hosts[0] ? [] : ['--replicaof', hosts[0].address, `${PORT}`];
      this.start(host.name, ...host.here('redis-server', ['--port', `${PORT}`, '--bind', '0.0.0.0', '--protected-mode', 'no', '--dir', dir,
        '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--repl-diskless-sync-delay', '0', ...replica]));
    }
    this.redisAddress = SHARED;
    this.redisPort = PORT;
    this.redisUrl = `redis://${SHARED}:${PORT}`;
    // A sentinel asks a master for its replicas when it starts, then every 10 s.
    await until(async () => /connected_slaves:1[^]*state=online/.test(await this.redis().info('replication')), 'the replica follows', SETTLED_MS);
    const script = path.join(this.folder, 'move-address');
    fs.writeFileSync(script, moveAddress(hosts), { mode: 0o755 });
    for (const port of [26379, 26380, 26381]) {
      const file = path.join(this.folder, `sentinel-${port}.conf`);
      fs.writeFileSync(file, [`port ${port}`, `bind ${this.lan.address}`, 'protected-mode no', `dir ${this.folder}`,
        `sentinel monitor queue ${hosts[0].address} ${PORT} 2`, `sentinel down-after-milliseconds queue ${SILENT_MS}`,
        'sentinel failover-timeout queue 10000', `sentinel client-reconfig-script queue ${script}`, ''].join('\n'));
      this.start(`sentinel-${port}`, 'redis-server', [file, '--sentinel']);
    }
    await until(() => this.procs.filter(proc => proc.label.startsWith('sentinel')).every(proc => (proc.out.match(/\+sentinel /g) || []).length >= 2 && proc.out.includes('+slave')), 'the sentinels know each other', SETTLED_MS);
  }
}

test('a Sentinel failover', staged(async (stage, t) => {
  const book = new Book('5. Redis: kill -9 of the master, failover by Sentinel', t);
  await stage.main();
  for (const name of ['worker-1', 'worker-2']) await stage.worker(name, { DARKROOM_WORKER_CONCURRENCY: '10' });
  const ledger = await Ledger.open(stage);
  ledger.replicas = 1;
  const feed = ledger.feed(60, i => mixed(i, JOB_MS));
  await sleep(2000);
  const killed = await kill9(stage.procs.find(proc => proc.label === 'redis-1'));
  const isMaster = async () => { const look = stage.redis().duplicate({ connectTimeout: 300, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0, commandTimeout: 300 });
    look.on('error', () => {});
    try { await look.connect(); return (await look.role())[0] === 'master'; } finally { look.disconnect(); } };
  await until(isMaster, 'the address answers as a master', 30000, 20);
  const answered = Date.now();
  ledger.replicas = 0; // it is alone now
  const taken = await ledger.taken(answered);
  await sleep(2000);
  await feed.stop();
  await ledger.end();
  const { added, lost, doubled } = await ledger.verdict();
  book.row('the new master answers after', answered - killed, { unit: ' ms' });
  book.times('fetching again after it answers', [taken - answered], { most: BACK_MS });
  book.row('jobs acknowledged by both servers, or by the one that was left', added);
  book.row('lost', lost.length, { most: 0 });
  book.row('done again: their end was not replicated', doubled.length);
  for (const text of lost.slice(0, 5)) t.diagnostic(text);
  book.close();
}, { make: () => new Watched() }));
