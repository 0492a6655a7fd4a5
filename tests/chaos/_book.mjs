// The figures of one test and their bars: printed, kept for the table, judged.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { LONG, SEED } from './_cluster.mjs';

const SHOWN = 5; // jobs that a failed verdict names
// Bars on times and rates are for a machine that does nothing else. Where
// `tests/run` compiles beside these tests, times may be this much longer, and
// rates this much lower.
const TIME_FACTOR = Number(process.env.CHAOS_TIME_FACTOR || 1);

export class Book {
  /** `about` is the test's line in the table. */
  constructor(about, t) {
    this.about = about;
    this.t = t;
    this.rows = [];
  }

  /** A figure; `bar` {most} or {least} is what it must keep, {unit} is printed. */
  row(what, value, { most, least, unit = '' } = {}) {
    const met = (most === undefined || value <= most) && (least === undefined || value >= least);
    const bar = most !== undefined ? `≤ ${most}${unit}` : least !== undefined ? `≥ ${least}${unit}` : '';
    const row = { test: this.about, what, value, unit, bar, met: bar ? met : null };
    this.rows.push(row);
    this.t.diagnostic(`${what}: ${value}${unit}${bar && ` (bar ${bar}${met ? '' : ': MISSED'})`}`);
    return met;
  }

  /** A figure that falls where other programs compute; its bar is that of a quiet machine. */
  rate(what, value, { least: quiet, unit }) {
    return this.row(what, value, { least: Math.round(quiet / TIME_FACTOR), unit });
  }

  /** p50, p99 and max of times in ms; the bar on p99 is that of a quiet machine. */
  times(what, numbers, { most: quiet } = {}) {
    const most = quiet === undefined ? undefined : quiet * TIME_FACTOR;
    const sorted = [...numbers].sort((a, b) => a - b);
    const at = part => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
    if (sorted.length === 0) { this.row(`${what}: none measured`, 0, { least: 1 }); return; }
    this.row(`${what}, p50 of ${sorted.length}`, at(0.5), { unit: ' ms' });
    this.row(`${what}, p99`, at(0.99), { most, unit: ' ms' });
    this.row(`${what}, max`, sorted.at(-1), { unit: ' ms' });
  }

  /** Lost and doubled of a ledger's verdict: none of either. */
  verdict({ added, lost, doubled }) {
    this.row('jobs added and acknowledged', added);
    this.row('lost', lost.length, { most: 0 });
    this.row('doubled', doubled.length, { most: 0 });
    for (const text of [...lost.slice(0, SHOWN), ...doubled.slice(0, SHOWN)]) this.t.diagnostic(text);
  }

  /** Writes the rows and fails where a bar was missed. */
  close() {
    const file = process.env.CHAOS_ROWS;
    if (file) fs.appendFileSync(file, this.rows.map(row => `${JSON.stringify({ ...row, form: LONG ? 'long' : 'short', seed: SEED })}\n`).join(''));
    const missed = this.rows.filter(row => row.met === false);
    assert.deepEqual(missed.map(row => `${row.what}: ${row.value}${row.unit}, bar ${row.bar}`), [], `bars missed (seed ${SEED})`);
  }
}
