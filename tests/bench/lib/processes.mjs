// Child processes of the bench: started, measured through /proc, ended by pid.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { freePort, sleep } from '../../support/processes.mjs';

export { freePort, sleep };

const tick_us = 1e6 / 100; // USER_HZ is 100 on every Linux
const page_kb = 4;

export async function until(look, what, ms, every = 20) {
  for (const end = Date.now() + ms; ; await sleep(every)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`after ${ms} ms still not: ${what}`);
  }
}

const alive = new Set();
process.on('exit', () => { for (const x of alive) x.kill('SIGKILL'); });
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1));

export class Program {
  constructor(command, args, options = {}) {
    this.label = [command.split('/').pop(), ...args].join(' ');
    this.out = '';
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    alive.add(this);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', data => { this.out = (this.out + data).slice(-20000); });
    this.ended = new Promise(resolve => this.child.on('close', (code, signal) => {
      alive.delete(this);
      this.end = { code, signal };
      resolve(this.end);
    }));
  }

  kill(signal) { try { process.kill(this.child.pid, signal); } catch { /* it has ended */ } }

  /** The rest of the line that begins with `text`, once it is printed. */
  line(text, ms = 20000) {
    return until(() => {
      const found = this.out.split('\n').slice(0, -1).find(line => line.startsWith(text));
      if (found === undefined && this.end) throw new Error(`${this.label} ended: ${this.out}`);
      return found !== undefined && { rest: found.slice(text.length).trim() };
    }, `${this.label} prints '${text}'`, ms);
  }

  /** Ends well, or throws with what it printed. */
  async done() {
    const { code } = await this.ended;
    if (code !== 0) throw new Error(`${this.label} ended with ${code}: ${this.out}`);
    return this.out;
  }

  async stop() {
    if (this.end) return;
    this.kill('SIGTERM');
    const hard = setTimeout(() => this.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(hard);
  }

  /** CPU time of all its threads so far, us, in steps of 10 ms. */
  cpu() {
    const text = fs.readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tick_us;
  }

  /** Resident memory, MB. */
  rss() {
    const text = fs.readFileSync(`/proc/${this.child.pid}/statm`, 'utf8');
    return Number(text.split(' ')[1]) * page_kb / 1024;
  }
}

/** Waits until the programs have used next to no CPU for 300 ms. */
export async function quiet(programs) {
  const total = () => programs.reduce((sum, x) => sum + x.cpu(), 0);
  for (let last = total(), i = 0; i < 200; ++i) {
    await sleep(300);
    const now = total();
    if (now - last <= tick_us) return;
    last = now;
  }
  throw new Error('the workers do not come to rest');
}
