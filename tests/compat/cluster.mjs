// A cluster of three processes: `darkroom serve` and two `darkroom work`.
//
//   REDIS_URL=… QUEUE=… UPLOADS=… DATABASE=… PORT=… tests/compat/cluster
//
// Environment: REDIS_URL (redis://127.0.0.1:6379), QUEUE (image-processing),
// UPLOADS and DATABASE (a temporary folder), PORT of the API (a free one),
// LIMITER_MAX and LIMITER_DURATION in ms (no limit), CONCURRENCY of a worker
// node (5), DARKROOM (the release binary). Further DARKROOM_ variables reach
// all three. The worker nodes get no Redis and no database, as in real life.
//
// Once /readyz answers and both workers are up it prints a line with the URL,
// main=<pid>, worker-1=<pid> and worker-2=<pid>, then a line "ready". One that
// dies by a signal is started again after 200 ms, as systemd would, and a line
// "restarted <name> <pid>" is printed. TERM or INT is passed on, a second one
// too; exits 0 if all that still ran exited 0, and 1 if not, or if one exited
// by itself.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, sleep } from '../support/processes.mjs';

const START_MS = 30000; // a loaded machine starts all three within 5 s
const STOP_MS = 40000;  // a drain takes at most worker.grace, 25 s
const RESTART_MS = 200; // short beside the second a lost job has to move

const env = process.env;
const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = env.DARKROOM || path.join(root, 'build/release/darkroom');
const say = text => process.stderr.write(`cluster: ${text}\n`);

const nodes = []; // {name, launch, child, ended: promise, end: {code, signal, text} or null}
let scratch = null;
let stopping = false;
let failed = false;

/** The variables all three share: none of this machine's Redis or file. */
function shared() {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(REDIS_|PORT$|DARKROOM$)/.test(name)));
  const config = path.join(scratch, 'darkroom.toml');
  fs.writeFileSync(config, '');
  const uploads = path.resolve(env.UPLOADS || path.join(scratch, 'uploads'));
  fs.mkdirSync(uploads, { recursive: true });
  return {
    ...rest,
    DARKROOM_CONFIG: config,
    DARKROOM_STORAGE_UPLOADS: uploads,
    DARKROOM_QUEUE_NAME: env.QUEUE || 'image-processing',
    DARKROOM_QUEUE_LIMIT: env.LIMITER_MAX ? `${env.LIMITER_MAX}/${env.LIMITER_DURATION || 60000}ms` : 'off',
    DARKROOM_WORKER_CONCURRENCY: env.CONCURRENCY || '5',
  };
}

function start(name, args, variables) {
  const node = { name };
  node.launch = () => {
    // A process group of its own: a Ctrl-C of the terminal comes only to us.
    const child = spawn(binary, args, { cwd: scratch, env: variables, stdio: ['ignore', 2, 2], detached: true });
    node.child = child;
    node.end = null;
    node.ended = new Promise(resolve => {
      child.on('error', problem => { node.end = { code: 127, text: problem.message }; resolve(); });
      child.on('exit', (code, signal) => { node.end = { code, signal, text: signal || `code ${code}` }; resolve(); });
    });
    node.ended.then(() => onEnd(node));
  };
  nodes.push(node);
  node.launch();
}

/** Starts a killed node again; one that exited by itself ends the cluster. */
async function onEnd(node) {
  if (stopping) return;
  say(`${node.name} ended by itself: ${node.end.text}`);
  if (!node.end.signal) {
    stop('SIGTERM', true);
    return;
  }
  await sleep(RESTART_MS);
  if (stopping) return;
  node.launch();
  console.log(`restarted ${node.name} ${node.child.pid}`);
}

const signalAll = signal => nodes.forEach(node => { if (!node.end) node.child.kill(signal); });

/** Passes the signal on; the first call waits for the end and exits. */
async function stop(signal, broken = false) {
  failed = failed || broken;
  signalAll(signal);
  if (stopping) return;
  stopping = true;
  const running = nodes.filter(node => !node.end);
  const late = setTimeout(() => {
    for (const node of running) if (!node.end) say(`${node.name} is still there after ${STOP_MS} ms; killing it`);
    signalAll('SIGKILL');
  }, STOP_MS);
  await Promise.all(running.map(node => node.ended));
  clearTimeout(late);
  for (const node of running) if (node.end.code !== 0) say(`${node.name} ended with ${node.end.text}`);
  failed = failed || running.some(node => node.end.code !== 0);
  if (scratch) fs.rmSync(scratch, { recursive: true, force: true });
  process.exit(failed ? 1 : 0);
}

async function isReady(url, workers) {
  try {
    if (!(await fetch(`${url}/readyz`)).ok) return 'main answers, but is not ready';
    const list = (await (await fetch(`${url}/api/nodes`)).json()).nodes;
    const away = workers.filter(name => !list.some(node => node.name === name && node.state === 'up'));
    return away.length ? `not up: ${away.join(', ')}` : '';
  } catch (problem) {
    return `${url}: ${problem.cause?.message || problem.message}`;
  }
}

async function main() {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cluster-'));
  const port = env.PORT || await freePort();
  const cluster = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const all = shared();
  start('main', ['serve'], {
    ...all,
    REDIS_URL: env.REDIS_URL || 'redis://127.0.0.1:6379',
    DARKROOM_CLUSTER_NODE_NAME: 'main',
    DARKROOM_CLUSTER_PORT: String(cluster),
    DARKROOM_HTTP_PORT: String(port),
    DARKROOM_CATALOG_DATABASE: path.resolve(env.DATABASE || path.join(scratch, 'darkroom.db')),
  });
  const workers = ['worker-1', 'worker-2'];
  for (const name of workers)
    start(name, ['work'], {
      ...all,
      DARKROOM_CLUSTER_NODE_NAME: name,
      DARKROOM_CLUSTER_MAIN: `127.0.0.1:${cluster}`,
    });
  const deadline = Date.now() + START_MS;
  for (let missing; (missing = await isReady(url, workers)); await sleep(50)) {
    if (stopping) return;
    if (Date.now() > deadline) {
      say(`not ready after ${START_MS} ms: ${missing}`);
      stop('SIGTERM', true);
      return;
    }
  }
  if (stopping) return;
  console.log(`${url} ${nodes.map(node => `${node.name}=${node.child.pid}`).join(' ')}`);
  console.log('ready');
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
  process.on(signal, () => stop(signal === 'SIGHUP' ? 'SIGTERM' : signal));

main().catch(problem => { say(problem.stack); stop('SIGTERM', true); });
