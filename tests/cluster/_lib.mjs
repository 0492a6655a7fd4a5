// What the process tests share: a stage with its own Redis, nodes and BullMQ
// clients, which leaves nothing behind.
//
// It is over 300 lines long because it is one class, and each test uses most of
// it. Main nodes by number, PostgreSQL and processes have files of their own.
//
// DARKROOM names the binary (build/release/darkroom).
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { EventSource } from 'eventsource';
import IORedis from 'ioredis';
import { freePort, sleep } from '../support/processes.mjs';
import { alive, kill, Proc, START_MS, until } from './_proc.mjs';

export { freePort, kill, Proc, sleep, until };

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BINARY = process.env.DARKROOM || path.join(ROOT, 'build/release/darkroom');
export const SAMPLES = path.join(ROOT, 'deploy/samples');
export const QUEUE = 'image-processing';
const run = promisify(execFile);

/** One test's folder, Redis, processes and connections. */
export class Stage {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cluster-test-'));
    this.uploads = path.join(this.folder, 'uploads');
    this.database = path.join(this.folder, 'darkroom.db');
    this.config = path.join(this.folder, 'darkroom.toml');
    this.binary = BINARY;
    fs.mkdirSync(this.uploads);
    fs.writeFileSync(this.config, '');
    this.procs = [];
    this.closers = [];
    this.pids = []; // of processes that a process of ours started
  }

  start(label, command, args, options) {
    const proc = new Proc(label, command, args, options);
    this.procs.push(proc);
    return proc;
  }

  /** A Redis server that is ours alone; keeps nothing unless args say so. */
  async startRedis(args = ['--save', '', '--appendonly', 'no']) {
    for (let tries = 0; ; ++tries) {
      const port = this.redisPort || await freePort();
      const proc = this.start('redis', 'redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', this.folder, ...args]);
      try {
        await until(async () => {
          if (proc.end) throw new Error('it ended');
          const { stdout } = await run('redis-cli', ['-p', `${port}`, 'info', 'server']);
          return stdout.includes(`process_id:${proc.pid}\r`);
        }, `redis answers on ${port}`, proc.end ? 0 : 5000);
      } catch (problem) {
        proc.kill('SIGKILL');
        if (tries === 4 || this.redisPort) throw problem;
        continue;
      }
      this.redisPort = port;
      this.redisUrl = `redis://127.0.0.1:${port}`;
      this.redisProc = proc;
      return proc;
    }
  }

  /** The environment of a process of Darkroom's: nothing of this machine. */
  env(more = {}) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(REDIS_|OTEL_|DATABASE_URL$|PG|AWS_|DARKROOM|OPENAI_|OPENROUTER_|PORT$|QUEUE$|LOG_LEVEL$|NODE_)/.test(name)));
    return {
      ...own,
      DARKROOM_CONFIG: this.config,
      DARKROOM_STORAGE_UPLOADS: this.uploads,
      DARKROOM_QUEUE_NAME: QUEUE,
      DARKROOM_QUEUE_LIMIT: 'off',
      DARKROOM_IMAGING_REUSE_RESULTS: 'false', // so that each job takes its time
      ...more,
    };
  }

  /** `darkroom ARGS`, running. */
  darkroom(label, args, more = {}) {
    return this.start(label, this.binary, args, { cwd: this.folder, env: this.env(more) });
  }

  /** `darkroom serve`, ready; sets this.url and this.clusterPort. */
  async serve(more = {}, args = []) {
    this.clusterPort ||= await freePort();
    const proc = this.darkroom('main', ['serve', ...args], {
      REDIS_URL: this.redisUrl,
      DARKROOM_CLUSTER_NODE_NAME: 'main',
      DARKROOM_CLUSTER_PORT: `${this.clusterPort}`,
      DARKROOM_HTTP_PORT: '0',
      DARKROOM_CATALOG_DATABASE: this.database,
      ...more,
    });
    this.url = (await proc.line('ready at ')).slice('ready at '.length).trim();
    return proc;
  }

  /** `darkroom solo --port`, ready; sets this.url. */
  async solo(more = {}, args = []) {
    const port = await freePort();
    const proc = this.darkroom('solo', ['solo', '--port', `${port}`, ...args], {
      REDIS_URL: this.redisUrl,
      DARKROOM_CLUSTER_PORT: '0',
      DARKROOM_CATALOG_DATABASE: this.database,
      ...more,
    });
    await proc.line('ready');
    this.url = `http://127.0.0.1:${port}`;
    return proc;
  }

  /** `darkroom dev --port`, ready, in a process group of its own; sets this.url. */
  async dev(more = {}, args = []) {
    const port = await freePort();
    const env = this.env({ REDIS_URL: this.redisUrl, ...more });
    const proc = this.start('dev', BINARY, ['dev', '--data', path.join(this.folder, 'data'), '--uploads', this.uploads,
      '--set', `catalog.database=${this.database}`, '--port', `${port}`, ...args], { cwd: this.folder, env, detached: true });
    await proc.line('ready');
    this.url = `http://127.0.0.1:${port}`;
    return proc;
  }

  /** `darkroom work`, joined with the main of serve(). */
  async work(name, more = {}, args = []) {
    const proc = this.darkroom(name, ['work', ...args], {
      DARKROOM_CLUSTER_NODE_NAME: name,
      DARKROOM_CLUSTER_MAIN: `127.0.0.1:${this.clusterPort}`,
      DARKROOM_WORKER_DIAGNOSTICS: 'true',
      ...more,
    });
    await until(async () => {
      if (proc.end) throw new Error(`${name} ended with ${JSON.stringify(proc.end)}`);
      return (await this.get('/api/nodes')).nodes.some(node => node.name === name);
    }, `${name} has joined`, START_MS);
    return proc;
  }

  /** tests/compat/cluster, ready: {proc, pids: {main, worker-1, worker-2}}. */
  async cluster(more = {}) {
    const env = {
      ...this.env(more), DARKROOM: BINARY, REDIS_URL: this.redisUrl, QUEUE,
      UPLOADS: this.uploads, DATABASE: this.database,
    };
    const proc = this.start('cluster', path.join(ROOT, 'tests/compat/cluster'), [], { cwd: this.folder, env });
    await proc.line('ready', 40000);
    const line = await proc.line('http://');
    this.url = line.split(' ')[0];
    const pids = Object.fromEntries(line.split(' ').slice(1).map(text => text.split('=')).map(([name, pid]) => [name, Number(pid)]));
    for (const pid of Object.values(pids)) this.own(pid);
    return { proc, pids };
  }

  /** A process that is ours though another one started it. */
  own(pid) {
    this.pids.push(pid);
    alive.add(pid);
  }

  /** A command of `darkroom` that ends: {code, out, err}. */
  async command(args, more = {}) {
    const env = this.env({ REDIS_URL: this.redisUrl, ...more });
    try {
      const { stdout, stderr } = await run(BINARY, args, { cwd: this.folder, env, timeout: 30000 });
      return { code: 0, out: stdout, err: stderr };
    } catch (ended) {
      if (typeof ended.code !== 'number') throw ended;
      return { code: ended.code, out: ended.stdout, err: ended.stderr };
    }
  }

  async get(target) {
    const answer = await fetch(this.url + target);
    const body = await answer.json();
    if (!answer.ok) throw new Error(`GET ${target}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
  }

  queue(options = {}) {
    const queue = new Queue(QUEUE, { connection: { url: this.redisUrl, maxRetriesPerRequest: null }, ...options });
    queue.on('error', () => {});
    this.closers.push(() => queue.close());
    return queue;
  }

  redis() {
    if (!this.client) {
      this.client = new IORedis(this.redisUrl, { maxRetriesPerRequest: null });
      this.client.on('error', () => {});
      this.closers.push(() => this.client.disconnect());
    }
    return this.client;
  }

  /** All that comes on worker:events from now on, as {...event, text, at}. */
  async workerEvents() {
    const events = [];
    const subscriber = new IORedis(this.redisUrl, { maxRetriesPerRequest: null });
    subscriber.on('error', () => {});
    this.closers.push(() => subscriber.disconnect());
    subscriber.on('message', (_channel, text) => events.push({ ...JSON.parse(text), text, at: Date.now() }));
    await subscriber.subscribe('worker:events');
    return events;
  }

  /** All worker-events of GET /api/events from now on, as {...event, text, id}. */
  async browserEvents({ after, filter = '' } = {}) {
    const events = [];
    const withId = (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'Last-Event-ID': after } });
    const source = new EventSource(`${this.url}/api/events${filter}`, after ? { fetch: withId } : {});
    this.closers.push(() => source.close());
    source.addEventListener('worker-event', x => events.push({ ...JSON.parse(x.data), text: x.data, id: x.lastEventId }));
    source.addEventListener('gap', x => events.push({ type: 'gap', text: x.data }));
    await until(() => source.readyState === EventSource.OPEN, '/api/events is open');
    return events;
  }

  /** The queue's event stream, oldest first: [{ms, event, jobId, …}]. */
  async stream() {
    const rows = await this.redis().xrange(`bull:${QUEUE}:events`, '-', '+');
    return rows.map(([id, fields]) => {
      const row = { ms: Number(id.split('-')[0]) };
      for (let i = 0; i < fields.length; i += 2) row[fields[i]] = fields[i + 1];
      return row;
    });
  }

  /** Rows of the catalog. */
  async sql(text) {
    const { stdout } = await run('sqlite3', ['-readonly', '-json', '-cmd', '.timeout 5000', this.database, text], { maxBuffer: 1 << 26 });
    return stdout.trim() ? JSON.parse(stdout) : [];
  }

  /** Nobody can write to the catalog until the function is called that this returns. */
  async lockCatalog() {
    const proc = this.start('catalog lock', 'sqlite3', ['-interactive', '-cmd', '.timeout 5000', this.database], { stdio: 'pipe' });
    proc.child.stdin.write("BEGIN IMMEDIATE;\nSELECT 'locked';\n");
    await proc.line('locked');
    return () => proc.kill('SIGKILL');
  }

  /** Names of all files below the uploads folder, but for the marks by which nodes know it. */
  files(below = '') {
    const folder = path.join(this.uploads, below);
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.relative(this.uploads, path.join(entry.path, entry.name)))
      .filter(name => name !== 'darkroom.id' && !name.startsWith('darkroom.main.'));
  }

  /** An HTTP server of the test's: its URL. */
  async listen(answer) {
    const server = http.createServer((request, response) => {
      const parts = [];
      request.on('data', part => parts.push(part));
      request.on('end', () => answer(request, Buffer.concat(parts), response));
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    this.closers.push(() => { server.closeAllConnections(); server.close(); });
    return `http://127.0.0.1:${server.address().port}`;
  }

  async close() {
    for (const proc of this.procs) if (!proc.end) { proc.kill('SIGCONT'); proc.kill('SIGTERM'); }
    await until(() => this.procs.every(proc => proc.end), 'all have ended', 3000).catch(() => {});
    for (const proc of this.procs) if (!proc.end) proc.kill('SIGKILL');
    for (const proc of this.procs)
      for (const [, pid] of proc.out.matchAll(/^restarted \S+ (\d+)$/gm)) this.own(Number(pid));
    for (const pid of this.pids) { kill(pid, 'SIGKILL'); alive.delete(pid); }
    for (const closer of this.closers.reverse())
      await Promise.race([Promise.resolve().then(closer).catch(() => {}), sleep(1000)]);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** The end of what every process printed. */
  report() {
    return this.procs.filter(proc => proc.label !== 'redis')
      .map(proc => `--- ${proc.label} ${proc.end ? JSON.stringify(proc.end) : 'runs'}\n${proc.out.slice(-4000)}`).join('\n');
  }
}

/** Runs a test's body on a stage of its own, which `make` gives, with a running Redis. */
export function staged(body, { redis, make = () => new Stage() } = {}) {
  return async t => {
    const stage = make();
    try {
      await stage.startRedis(redis);
      await body(stage, t);
    } catch (problem) {
      console.error(stage.report());
      throw problem;
    } finally {
      await stage.close();
    }
  };
}

/** {p50, p99, max} of numbers. */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}
