// usage: run [--quick] [--only a,b,…] [--rounds N] [--jobs N]
import { facts } from '../lib/facts.mjs';
import { benchOptions } from '../lib/options.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { runMeasures } from '../lib/rounds.mjs';
import { parts, plan } from './plan.mjs';

const { quick, only, rounds, jobs: asked } = benchOptions(
  'tests/bench/queue/run [--quick] [--only a,b,…] [--rounds N] [--jobs N]', parts, { jobs: { type: 'string' } });
const jobs = Number(asked ?? (quick ? 20000 : 60000));
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const around = await facts(redis, ['bullmq', 'ioredis']);
await runMeasures(redis, around, plan({ quick, jobs }).filter(x => only.includes(x.part)), rounds);
await redis.stop();
