// Takes the cells of each measure in turn, round by round, so that noise is
// shared; judges and prints what was found.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { columns, differences, ratios, shortSpread, spread, summary } from './table.mjs';

/**
 * A measure: in every round, `run(place, system, options)` takes each of
 * `cells` in turn, with the cell's own system and options. `checks` compare a
 * figure of a cell with the same round's of the cell `base` (as a ratio) or
 * `minus` (as a difference), or bound the figure itself.
 */
export function measure(part, title, run, figures, cells, checks) {
  return { part, title, run, figures, cells, checks };
}

/** @returns {rounds: {cell: [figures]}, loads} */
async function take(place, measure, count) {
  const rounds = Object.fromEntries(Object.keys(measure.cells).map(name => [name, []]));
  const loads = [];
  for (let i = 0; i < count; ++i) {
    for (const [name, { system, ...rest }] of Object.entries(measure.cells)) {
      process.stderr.write(`${measure.title}: round ${i + 1} of ${count}, ${name}            \r`);
      rounds[name].push(await measure.run(place, system, rest));
    }
    loads.push(os.loadavg()[0]);
  }
  process.stderr.write('\x1b[2K');
  return { rounds, loads };
}

function judge(check, rounds) {
  const { figure, cell, base, minus, least, most } = check;
  const found = base ? ratios(rounds[cell], rounds[base], figure)
    : minus ? differences(rounds[cell], rounds[minus], figure)
    : spread(rounds[cell].map(x => x[figure]));
  const met = (least === undefined || found.median >= least) && (most === undefined || found.median <= most);
  return { ...check, ...found, met };
}

function describe(check) {
  const { figure, cell, base, minus, least, most, met } = check;
  const what = base ? `${cell} / ${base}` : minus ? `${cell} - ${minus}` : cell;
  const bound = least !== undefined ? `, at least ${least}` : most !== undefined ? `, at most ${most}` : '';
  return `  ${figure}: ${what} = ${shortSpread(check)}${bound}${bound && (met ? ': met' : ': MISSED')}`;
}

function print(measure, cells, checks, loads) {
  console.log(`\n${measure.title}  [load ${shortSpread(spread(loads))}]`);
  const row = figures => measure.figures.map(x => (figures[x] ? shortSpread(figures[x]) : ''));
  console.log(columns([['', ...measure.figures],
    ...Object.entries(cells).map(([name, figures]) => [`  ${name}`, ...row(figures)])]));
  for (const check of checks) console.log(describe(check));
}

/** Checks whose cells or figures were not taken are left out. */
function judgeAll(checks, rounds) {
  const has = (cell, figure) => rounds[cell]?.[0]?.[figure] !== undefined;
  return checks
    .filter(({ cell, base, minus, figure }) => [cell, base, minus].every(x => !x || has(x, figure)))
    .map(check => judge(check, rounds));
}

/** Takes and prints the measures, and writes every round to $BENCH_RESULT. */
export async function runMeasures(place, around, measures, count) {
  console.log(Object.entries(around).map(([name, value]) => `${name}: ${value}`).join('\n'));
  console.log(`${count} rounds; median (min–max); ratios are those of the same round`);
  const results = [];
  for (const measure of measures) {
    const { rounds, loads } = await take(place, measure, count);
    await measure.after?.(place, measure, rounds);
    const cells = Object.fromEntries(Object.entries(rounds).map(([name, list]) => [name, summary(list)]));
    const checks = judgeAll(measure.checks, rounds);
    print(measure, cells, checks, loads);
    results.push({ part: measure.part, title: measure.title, loads, cells, checks, rounds });
  }
  const file = process.env.BENCH_RESULT;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify({ ...around, rounds: count, results }, null, 2)}\n`);
  console.log(`\nwritten: ${path.relative(process.cwd(), file)}`);
}
