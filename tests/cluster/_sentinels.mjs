// Redis with a replica and three Sentinels.
import fs from 'node:fs';
import path from 'node:path';
import IORedis from 'ioredis';
import { freePort, Stage, until } from './_lib.mjs';

export const BACK_MS = 3000; // from the new master's first answer to the first new job
export const NAME = 'queue';
const SETTLED_MS = 60000; // until the servers know each other, on a busy machine
export const WORDS = { password: 'word', sentinelPassword: 'sentinel-word' };

/** Two servers that follow each other, and three Sentinels. */
export class Watched extends Stage {
  /** What a subclass changes: lines of redis.conf for a port, and options of ioredis for one server and for Sentinels. */
  listen(port) { return [`port ${port}`]; }
  direct() { return {}; }
  found() { return {}; }

  async startRedis() {
    this.servers = [];
    for (const name of ['redis-1', 'redis-2']) {
      const port = await freePort();
      this.servers.push({ name, port });
      fs.mkdirSync(path.join(this.folder, name));
      this.startServer(this.servers.at(-1));
      await until(() => this.role(port), `${name} answers`, 10000);
    }
    const [first] = this.servers;
    await until(async () => /connected_slaves:1[^]*state=online/.test(await this.at(first.port).info('replication')), 'the replica follows', SETTLED_MS);
    this.sentinels = [];
    for (let i = 0; i < 3; ++i) {
      const port = await freePort();
      const file = path.join(this.folder, `sentinel-${i}.conf`);
      fs.writeFileSync(file, [...this.listen(port), 'bind 127.0.0.1', `dir ${this.folder}`, `requirepass ${WORDS.sentinelPassword}`,
        `sentinel monitor ${NAME} 127.0.0.1 ${first.port} 2`, `sentinel auth-pass ${NAME} ${WORDS.password}`,
        `sentinel down-after-milliseconds ${NAME} 1000`, `sentinel failover-timeout ${NAME} 2000`, ''].join('\n'));
      this.sentinels.push({ host: '127.0.0.1', port, proc: this.start(`sentinel-${i}`, 'redis-server', [file, '--sentinel']) });
    }
    await until(() => this.sentinels.every(({ proc }) => (proc.out.match(/\+sentinel /g) || []).length >= 2 && proc.out.includes('+slave')), 'the Sentinels know each other', SETTLED_MS);
    this.redisUrl = ''; // nobody may use it
  }

  startServer(server) {
    const other = this.servers.find(x => x !== server);
    server.proc = this.start(server.name, 'redis-server', [...this.listen(server.port).flatMap(line => `--${line}`.split(' ')), '--bind', '127.0.0.1', '--dir', path.join(this.folder, server.name),
      '--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0', '--requirepass', WORDS.password, '--masterauth', WORDS.password,
      ...other ? ['--replicaof', '127.0.0.1', `${other.port}`] : []]);
  }

  /** A client of one server, whatever its role. */
  at(port) {
    this.clients ||= new Map();
    if (!this.clients.has(port)) {
      const made = new IORedis({ host: '127.0.0.1', port, password: WORDS.password, connectTimeout: 500, commandTimeout: 500, maxRetriesPerRequest: 0, retryStrategy: () => 20, ...this.direct() });
      made.on('error', () => {});
      this.closers.push(() => made.disconnect());
      this.clients.set(port, made);
    }
    return this.clients.get(port);
  }
  role(port) { return this.at(port).role().then(([role]) => role, () => ''); }

  /** As a web tier would connect. */
  open() {
    const made = new IORedis({ sentinels: this.sentinels.map(({ host, port }) => ({ host, port })), name: NAME, ...WORDS, failoverDetector: true,
      maxRetriesPerRequest: null, connectTimeout: 1000, sentinelRetryStrategy: () => 100, retryStrategy: () => 50, ...this.found() });
    made.on('error', () => {});
    this.closers.push(() => made.disconnect());
    return made;
  }
  redis() { return this.client ||= this.open(); }
  queue(connection = this.open()) { return super.queue({ connection }); }

  way() {
    return {
      REDIS_URL: '',
      DARKROOM_REDIS_SENTINELS: this.sentinels.map(x => `${x.host}:${x.port}`).join(','),
      DARKROOM_REDIS_SENTINEL_MASTER: NAME,
      DARKROOM_REDIS_SENTINEL_PASSWORD: WORDS.sentinelPassword,
      REDIS_PASSWORD: WORDS.password,
    };
  }
}

/** The server that is the master, once the other one follows it. On a busy machine, Sentinels may replace a healthy one. */
export function followed(stage) {
  const state = async ({ port }) => (/role:(\w+)[^]*?(?:master_link_status:(\w+)|connected_slaves:(\d))/.exec(await stage.at(port).info('replication')) || []).slice(1).join(' ');
  return until(async () => {
    const states = await Promise.all(stage.servers.map(state));
    const at = states.findIndex(x => /^master .*1$/.test(x));
    return at >= 0 && /^slave up/.test(states[1 - at]) && stage.servers[at];
  }, 'one server follows the other', 30000, 50);
}

/** The server that is the master now, once `old` is not; and when it answered so. */
export async function replaced(stage, old) {
  const next = stage.servers.find(x => x !== old);
  await until(async () => (await stage.role(next.port)) === 'master', `${next.name} is the master`, 30000, 20);
  return { next, answered: Date.now() };
}

/** Adds a job to a server, and tells when it is taken. Not by a Sentinel client, which may itself take long to find the server. */
export async function takenFrom(stage, server) {
  const queue = stage.queue({ host: '127.0.0.1', port: server.port, password: WORDS.password, ...stage.direct() });
  const { id } = await queue.add('echo', {}, { lifo: true });
  return until(async () => (await queue.getJob(id)).processedOn, 'a job is taken', 20000, 20);
}
