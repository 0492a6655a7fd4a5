// Processes that a test starts. SHOW=1 prints their output at once; a failing
// test shows the end of it anyway.
import { spawn } from 'node:child_process';
import { sleep } from '../support/processes.mjs';

export const START_MS = 20000; // a loaded machine starts a node within 2 s

/** Waits until fn() gives something true, and returns it. */
export async function until(fn, what, ms = 15000, every = 25) {
  const end = Date.now() + ms;
  for (let last; ; await sleep(every)) {
    try {
      last = await fn();
      if (last) return last;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) throw new Error(`after ${ms} ms still not: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
  }
}

// When this process ends, it ends all processes that it has started and that
// still run, whether the test passed or not.
export const alive = new Set(); // pids
process.on('exit', () => { for (const pid of alive) kill(pid, 'SIGKILL'); });
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));

export function kill(pid, signal) {
  try { return process.kill(pid, signal); } catch { return false; }
}

/** A child process with its output. */
export class Proc {
  constructor(label, command, args, options = {}) {
    this.label = label;
    this.out = '';
    this.end = null; // {code, signal, at} once it ended
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.pid = this.child.pid;
    if (this.pid) alive.add(this.pid);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', data => {
        this.out += data;
        if (process.env.SHOW) process.stderr.write(`${label}: ${data}`);
      });
    this.ended = new Promise(resolve => {
      const done = (code, signal) => {
        alive.delete(this.pid);
        this.end ||= { code, signal, at: Date.now() };
        resolve(this.end);
      };
      this.child.on('exit', done);
      this.child.on('error', problem => { this.out += problem.message; done(127, null); });
    });
  }
  kill(signal) { return kill(this.pid, signal); }
  /** The line that begins with `text`, once it is there. */
  line(text, ms = START_MS) {
    return until(() => {
      const found = this.out.split('\n').slice(0, -1).find(line => line.startsWith(text));
      if (!found && this.end) throw new Error(`${this.label} ended with ${JSON.stringify(this.end)}`);
      return found;
    }, `${this.label} prints '${text}'`, ms);
  }
  /** The end, which must come within `ms`: {code, signal, at}. */
  within(ms) {
    return until(() => this.end, `${this.label} (pid ${this.pid}) has ended`, ms);
  }
}
