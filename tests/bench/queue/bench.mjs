// usage: run [--quick] [--only a,b,…] [--rounds N] [--jobs N]
import { parseArgs } from 'node:util';
import { facts } from '../lib/facts.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { runMeasures } from '../lib/rounds.mjs';
import { parts, plan } from './plan.mjs';

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

const { quick, only, rounds, jobs } = options();
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const around = await facts(redis, ['bullmq', 'ioredis']);
await runMeasures(redis, around, plan({ quick, jobs }).filter(x => only.includes(x.part)), rounds);
await redis.stop();
