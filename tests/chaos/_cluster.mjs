// A cluster on a LAN of its own: each node is a process in its own namespace;
// Redis and the test sit on the bridge.
import { execFileSync } from 'node:child_process';
import { BINARY, Stage, kill, staged, until } from '../cluster/_lib.mjs';
import { Lan } from './_lan.mjs';

export { ROOT, SAMPLES, kill, sleep, spread, until } from '../cluster/_lib.mjs';

export const LONG = Boolean(process.env.LONG);
export const LEASE_MS = 2000;
/** Settings of a main with a lease that short; the default is 30 s. */
export const SHORT_LEASE = {
  DARKROOM_QUEUE_LOCK_DURATION: `${LEASE_MS}ms`,
  DARKROOM_QUEUE_STALLED_INTERVAL: `${LEASE_MS}ms`,
};
export const AOF = ['--save', '', '--appendonly', 'yes', '--appendfsync'];
const START_MS = 20000;

// Numbers of a run: the same again for the same SEED.
export const SEED = Number(process.env.SEED || Date.now() % 1000000);
let state = SEED;
/** A number from 0 to below `n`. */
export function random(n) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 4294967296 * n);
}
export const pick = list => list[random(list.length)];

/** ['--insecure'] where the command knows it: a CAF port beyond loopback needs TLS or that. */
const flags = {};
function insecure(command) {
  flags[command] ||= execFileSync(BINARY, [command, '--help'], { encoding: 'utf8' }).includes('--insecure') ? ['--insecure'] : [];
  return flags[command];
}

export class Cluster extends Stage {
  constructor() {
    super();
    this.lan = new Lan();
    this.closers.push(() => this.lan.close());
    this.redisAddress = this.lan.address; // as nodes reach it
    this.mains = [];         // hosts that workers are told
    this.nodes = new Map();  // name -> Proc that runs
  }

  startRedis(args = [...AOF, 'everysec']) {
    return super.startRedis([...args, '--bind', '127.0.0.1', this.lan.address, '--protected-mode', 'no']);
  }

  launch(name, args, env) {
    const host = this.lan.host(name);
    const [command, all] = host.here(BINARY, args);
    const proc = this.start(name, command, all, { cwd: this.folder, env: this.env({ DARKROOM_CLUSTER_NODE_NAME: name, ...env }) });
    this.nodes.set(name, proc);
    return proc;
  }

  urlOf(name) { return `http://${this.lan.host(name).address}:3000`; }

  /** Starts `darkroom serve` on a host of that name. */
  launchMain(name, more = {}, args = []) {
    const host = this.lan.host(name);
    if (!this.mains.includes(host)) this.mains.push(host);
    this.url ||= this.urlOf(name);
    return this.launch(name, ['serve', ...insecure('serve'), ...args], {
      REDIS_URL: `redis://${this.redisAddress}:${this.redisPort}`,
      DARKROOM_CLUSTER_BIND: host.address,
      DARKROOM_CLUSTER_PORT: '7700',
      DARKROOM_HTTP_BIND: host.address,
      DARKROOM_HTTP_PORT: '3000',
      DARKROOM_CATALOG_DATABASE: this.database,
      ...more,
    });
  }

  /** `darkroom serve`, active or standing by. */
  async main(name = 'main', more = {}, args = []) {
    const proc = this.launchMain(name, more, args);
    await until(async () => {
      if (proc.end) throw new Error(`${name} ended with ${JSON.stringify(proc.end)}`);
      return await this.role(name);
    }, `${name} is ready`, START_MS);
    return proc;
  }

  /** 'active' or 'standby' by /readyz; null where it is neither. */
  async role(name) {
    const answer = await fetch(`${this.urlOf(name)}/readyz`, { signal: AbortSignal.timeout(2000) });
    const body = await answer.json();
    if (answer.ok) return 'active';
    return (body.role ?? body.error?.role) === 'standby' ? 'standby' : null;
  }

  launchWorker(name, more = {}, args = []) {
    return this.launch(name, ['work', ...insecure('work'), ...args, '--main', this.mains.map(host => `${host.address}:7700`).join(',')], {
      DARKROOM_WORKER_DIAGNOSTICS: 'true', ...more,
    });
  }

  /** `darkroom work`, joined. */
  async worker(name, more = {}, args = []) {
    const proc = this.launchWorker(name, more, args);
    await this.joined(name, proc);
    return proc;
  }

  /** Waits until the active main lists the node. */
  joined(name, proc = this.nodes.get(name), ms = START_MS) {
    return until(async () => {
      if (proc.end) throw new Error(`${name} ended with ${JSON.stringify(proc.end)}`);
      return await this.lists(name);
    }, `${name} has joined`, ms, 10);
  }

  async lists(name) { return (await this.get('/api/nodes')).nodes.some(node => node.name === name); }

  /** `darkroom solo` on a host of its own. */
  async soloOn(name, more = {}, args = []) {
    const host = this.lan.host(name);
    const proc = this.launch(name, ['solo', ...insecure('solo'), '--diagnostics', '--port', '3000', ...args], {
      REDIS_URL: `redis://${this.redisAddress}:${this.redisPort}`,
      DARKROOM_CLUSTER_PORT: '0',
      DARKROOM_HTTP_BIND: host.address,
      DARKROOM_CATALOG_DATABASE: this.database,
      ...more,
    });
    await proc.line('ready');
    return proc;
  }

  /** How often a line with these words was logged, by all nodes that ever ran. */
  logged(words) {
    return this.procs.reduce((sum, proc) => sum + proc.out.split(words).length - 1, 0);
  }
}

export const chaos = (body, { redis } = {}) => staged(body, { redis, make: () => new Cluster() });

/** SIGKILL, and the moment of it. */
export async function kill9(proc) {
  const at = Date.now();
  kill(proc.pid, 'SIGKILL');
  await proc.within(5000);
  return at;
}
