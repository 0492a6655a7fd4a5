// _table.mjs ROWS JSON: prints the figures of a run as a table, and writes them
// with the machine they come from.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [rowsFile, jsonFile] = process.argv.slice(2);
const rows = fs.readFileSync(rowsFile, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));
const says = (command, args) => { try { return execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0]; } catch { return ''; } };

const machine = {
  cpu: os.cpus()[0]?.model, cores: os.cpus().length, memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  kernel: os.release(), load: os.loadavg().map(x => Math.round(x * 100) / 100),
  redis: says('redis-server', ['--version']).replace(/ sha=.*/, ''), node: process.version,
};
fs.mkdirSync(path.dirname(jsonFile), { recursive: true });
fs.writeFileSync(jsonFile, `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 1)}\n`);

const width = Math.max(0, ...rows.map(row => row.what.length));
for (const [i, row] of rows.entries()) {
  if (row.test !== rows[i - 1]?.test) console.log(`\n${row.test} (${row.form} form, seed ${row.seed})`);
  const mark = row.met === null ? '' : row.met ? 'met' : 'MISSED';
  console.log(`  ${row.what.padEnd(width)}  ${`${row.value}${row.unit}`.padStart(10)}  ${row.bar.padEnd(12)} ${mark}`.trimEnd());
}
console.log(`\n${machine.cores} cores, load ${machine.load.join(' ')}, ${machine.redis}, Node ${machine.node}`);
