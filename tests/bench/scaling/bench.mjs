// usage: run [--quick] [--only jobs,rows,files] [--rounds N]
import { facts } from '../lib/facts.mjs';
import { benchOptions } from '../lib/options.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { runMeasures } from '../lib/rounds.mjs';
import { Stage } from '../../cluster/_lib.mjs';
import { parts, plan } from './plan.mjs';
import { Stores } from './stores.mjs';

const { quick, only, rounds } = benchOptions('tests/bench/scaling/run [--quick] [--only jobs,rows,files] [--rounds N]', parts);
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const stage = new Stage();
try {
  const stores = new Stores(stage);
  const around = { ...await facts(redis, ['bullmq', '@20minutes/s3rver']), ...await stores.facts() };
  await runMeasures({ redis, stores }, around, plan({ quick }).filter(x => only.includes(x.part)), rounds);
} finally {
  await stage.close();
  await redis.stop();
}
