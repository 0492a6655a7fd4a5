// CPU time and memory of a process and all that descend from it, from /proc.
import fs from 'node:fs';

const ticks_per_s = 100; // USER_HZ is 100 on every Linux
const page_mb = 4 / 1024;
const look_every_ms = 50;
const looks_per_scan = 4; // reading all of /proc, or PSS, takes milliseconds

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** What follows the name in /proc/PID/stat: state, parent, … */
function statOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Pids, the root's first. */
export function processTree(root) {
  const children = new Map();
  for (const pid of fs.readdirSync('/proc').filter(x => /^\d+$/.test(x)).map(Number)) {
    const parent = Number(statOf(pid)[1]);
    children.set(parent, [...children.get(parent) ?? [], pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...children.get(pid) ?? []);
  return found;
}

/**
 * CPU seconds, user and system, that the tree has used so far. Processes that
 * ended count with the parent that waited for them.
 */
export function cpuSeconds(root) {
  let ticks = 0;
  for (const pid of processTree(root))
    for (const field of statOf(pid).slice(11, 15)) ticks += Number(field ?? 0);
  return ticks / ticks_per_s;
}

/** CPU seconds of this process's children that have ended, and of theirs. */
export function endedChildrenSeconds() {
  const [user, system] = statOf('self').slice(13, 15).map(Number);
  return (user + system) / ticks_per_s;
}

const sum = (list, of) => list.reduce((total, x) => total + of(x), 0);
const rss = pid => Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * page_mb;
const pss = pid => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;

/** Watches a tree from its construction until `stop`. */
export class Watch {
  constructor(root) {
    this.root = root;
    this.peak = { rss_mb: 0, pss_mb: 0 };
    this.looks = 0;
    this.cpu = cpuSeconds(root);
    this.look();
    this.timer = setInterval(() => this.look(), look_every_ms);
  }

  look() {
    const scan = this.looks++ % looks_per_scan === 0;
    if (scan) this.pids = processTree(this.root);
    this.peak.rss_mb = Math.max(this.peak.rss_mb, sum(this.pids, rss));
    if (scan) this.peak.pss_mb = Math.max(this.peak.pss_mb, sum(this.pids, pss));
  }

  /** @returns {cpu_s, rss_mb, pss_mb}: CPU used meanwhile, and peaks */
  stop() {
    clearInterval(this.timer);
    this.look();
    return { cpu_s: cpuSeconds(this.root) - this.cpu, ...this.peak };
  }
}
