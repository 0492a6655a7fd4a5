// usage: run [--quick] [--only a,b,…] [--rounds N] [--jobs N]
// Takes the cells of plan.mjs in turn, round by round, so that noise is shared.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execFileSync } from 'node:child_process';
import { parts, plan } from './plan.mjs';
import { RedisServer } from './redis.mjs';
import { columns, ratios, shortSpread, spread, summary } from './table.mjs';

const usage = `tests/bench/queue/run [--quick] [--only a,b,…] [--rounds N] [--jobs N]
${Object.entries(parts).map(([name, what]) => `  ${name}  ${what}`).join('\n')}`;

function options() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: Object.keys(parts).join() },
      rounds: { type: 'string' },
      jobs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const only = values.only.split(',');
  if (values.help || only.some(x => !(x in parts))) {
    console.log(usage);
    process.exit(values.help ? 0 : 2);
  }
  const { quick } = values;
  return { quick, only, rounds: Number(values.rounds ?? (quick ? 2 : 5)), jobs: Number(values.jobs ?? (quick ? 20000 : 60000)) };
}

async function surroundings(redis) {
  const packages = new URL('../../node_modules/', import.meta.url);
  const version = name => JSON.parse(fs.readFileSync(new URL(`${name}/package.json`, packages))).version;
  return {
    date: new Date().toISOString(),
    cpu: os.cpus()[0].model,
    cores: os.cpus().length,
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    load: os.loadavg().map(x => x.toFixed(2)).join(' '),
    redis: await redis.version(),
    node: process.version,
    bullmq: version('bullmq'),
    ioredis: version('ioredis'),
    darkroom: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: new URL('.', import.meta.url) }).toString().trim(),
  };
}

/** @returns {rounds: {cell: [figures]}, loads} */
async function take(redis, measure, count) {
  const rounds = Object.fromEntries(Object.keys(measure.cells).map(name => [name, []]));
  const loads = [];
  for (let i = 0; i < count; ++i) {
    for (const [name, { system, ...rest }] of Object.entries(measure.cells)) {
      process.stderr.write(`${measure.title}: round ${i + 1} of ${count}, ${name}            \r`);
      rounds[name].push(await measure.run(redis, system, rest));
    }
    loads.push(os.loadavg()[0]);
  }
  process.stderr.write('\x1b[2K');
  return { rounds, loads };
}

function judge(check, rounds) {
  const { figure, cell, base, least, most } = check;
  const found = base ? ratios(rounds[cell], rounds[base], figure) : spread(rounds[cell].map(x => x[figure]));
  const met = (least === undefined || found.median >= least) && (most === undefined || found.median <= most);
  return { ...check, ...found, met };
}

function describe(check) {
  const what = check.base ? `${check.figure}: ${check.cell} / ${check.base}` : `${check.figure}: ${check.cell}`;
  const bound = check.least !== undefined ? `, at least ${check.least}` : check.most !== undefined ? `, at most ${check.most}` : '';
  return `  ${what} = ${shortSpread(check)}${bound}${bound && (check.met ? ': met' : ': MISSED')}`;
}

function print(measure, cells, checks, loads) {
  console.log(`\n${measure.title}  [load ${shortSpread(spread(loads))}]`);
  console.log(columns([['', ...measure.figures],
    ...Object.entries(cells).map(([name, figures]) => [`  ${name}`, ...measure.figures.map(x => shortSpread(figures[x]))])]));
  for (const check of checks) console.log(describe(check));
}

const { quick, only, rounds: count, jobs } = options();
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const around = await surroundings(redis);
console.log(Object.entries(around).map(([name, value]) => `${name}: ${value}`).join('\n'));
console.log(`${count} rounds; median (min–max); ratios are those of the same round`);
const results = [];
for (const measure of plan({ quick, jobs })) {
  if (!only.includes(measure.part)) continue;
  const { rounds, loads } = await take(redis, measure, count);
  const cells = Object.fromEntries(Object.entries(rounds).map(([name, list]) => [name, summary(list)]));
  const checks = measure.checks.map(check => judge(check, rounds));
  print(measure, cells, checks, loads);
  results.push({ part: measure.part, title: measure.title, loads, cells, checks, rounds });
}
await redis.stop();
const file = process.env.BENCH_RESULT;
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, `${JSON.stringify({ ...around, rounds: count, results }, null, 2)}\n`);
console.log(`\nwritten: ${path.relative(process.cwd(), file)}`);
