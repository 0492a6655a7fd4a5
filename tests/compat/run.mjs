// Runs scenarios (NN-*.mjs) against WORKER_CMD, a few at once.
//   node run.mjs [name-filter ...]     without a filter: all
// Env: REDIS_URL, JOBS (2), WORKER_CMD (default: reference-worker.mjs). Each
// scenario has a queue of its own, so they do not meet.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const LIMIT_MS = 45000; // a scenario gives itself 30 s

function wanted(filters) {
  const all = readdirSync(here).filter(f => /^\d\d[a-z]?-.*\.mjs$/.test(f)).sort();
  return filters.length ? all.filter(f => filters.some(word => f.includes(word))) : all;
}

const running = new Set();
function endGroup(child) {
  try { process.kill(-child.pid, 'SIGKILL'); } catch { /* nobody left */ }
}
function runOne(file, stamp) {
  const started = Date.now();
  const child = spawn(process.execPath, [path.join(here, file)], {
    env: {
      ...process.env,
      REDIS_URL: process.env.REDIS_URL || 'redis://127.0.0.1:6379',
      QUEUE: `acc-${file.replace(/\.mjs$/, '')}-${stamp}`,
      WORKER_CMD: process.env.WORKER_CMD || `node ${JSON.stringify(path.join(here, 'reference-worker.mjs'))}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group: the workers it starts end with it
  });
  running.add(child);
  let out = '';
  child.stdout.on('data', d => { out += d; });
  child.stderr.on('data', d => { out += d; });
  const timer = setTimeout(() => endGroup(child), LIMIT_MS);
  return new Promise(resolve => child.on('close', code => {
    clearTimeout(timer);
    running.delete(child);
    endGroup(child);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const good = code === 0 && /^ok /m.test(out);
    console.log(good ? `ok   ${file}  ${seconds}s`
      : `FAIL ${file}  ${seconds}s\n${out.split('\n').map(line => '     ' + line).join('\n')}`);
    resolve(good);
  }));
}

for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => { running.forEach(endGroup); process.exit(1); });

const files = wanted(process.argv.slice(2));
if (!files.length) throw new Error(`no scenario matches ${process.argv.slice(2).join(' ')}`);
const stamp = `${Date.now().toString(36)}${process.pid}`;
const queue = [...files];
let passed = 0;
await Promise.all(Array.from({ length: Number(process.env.JOBS || 2) }, async () => {
  for (let file; (file = queue.shift());) if (await runOne(file, stamp)) passed++;
}));
console.log(`${passed} passed, ${files.length - passed} failed`);
process.exit(passed === files.length ? 0 : 1);
