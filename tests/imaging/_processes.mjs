// Processes below a node, from /proc.
import fs from 'node:fs';

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** What follows the name in /proc/PID/stat: state, parent, … */
const stat = pid => { const text = read(`/proc/${pid}/stat`); return text.slice(text.lastIndexOf(')') + 2).split(' '); };

/** "R", "S", "Z", …; '' once it is gone. */
export const stateOf = pid => stat(pid)[0];

/** The pids of a process's children. */
export function childrenOf(pid) {
  return fs.readdirSync('/proc').filter(x => /^\d+$/.test(x)).map(Number).filter(x => Number(stat(x)[1]) === pid);
}
