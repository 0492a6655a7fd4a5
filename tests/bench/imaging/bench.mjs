// usage: run [--quick] [--only a,b,…] [--rounds N] [--efforts 4,3,1]
//            [--pictures DIR] [--json FILE]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { facts } from '../lib/facts.mjs';
import { benchOptions } from '../lib/options.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { runMeasures } from '../lib/rounds.mjs';
import { parts, plan } from './plan.mjs';
import { refusal } from './systems.mjs';

const usage = `tests/bench/imaging/run [--quick] [--only a,b,…] [--rounds N] [--efforts 4,3,1]
                        [--pictures DIR] [--json FILE]`;
const quick_pictures = 4;

function options() {
  const text = { type: 'string' };
  const { quick, only, rounds, efforts, pictures, json } = benchOptions(usage, parts, { efforts: text, pictures: text, json: text });
  return {
    quick,
    only,
    rounds,
    efforts: (efforts ?? (quick ? '3,1' : '4,3,1')).split(',').map(Number),
    folder: path.resolve(pictures ?? process.env.BENCH_PICTURES),
    json: json && path.resolve(json),
  };
}

/** Photographs and graphics; moving pictures would measure other things. */
function picturesIn(folder, quick) {
  const found = fs.readdirSync(folder).filter(x => /\.(jpe?g|png|webp)$/i.test(x)).sort().map(x => path.join(folder, x));
  if (found.length === 0) throw new Error(`there is no picture in ${folder}`);
  return quick ? found.filter((_, i) => i % Math.ceil(found.length / quick_pictures) === 0) : found;
}

/** What the measures share; `keep` keeps a system's last files for its quality. */
function makeBench(redis, pictures) {
  const outputs = new Map();
  const key = (system, { way = '', effort, tune = '' }) => [system, way, effort, tune].join();
  return {
    redis,
    pictures,
    warmUp: fileURLToPath(new URL('../../pictures/tiny.jpg', import.meta.url)),
    keep(system, options, uploads) {
      const before = outputs.get(key(system, options));
      if (before) fs.rmSync(before, { recursive: true });
      outputs.set(key(system, options), uploads);
    },
    kept: (system, options) => outputs.get(key(system, options)),
  };
}

async function takesAuto(redis) {
  const problem = await refusal(redis, fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'uploads-')), 'auto');
  if (problem) console.log('skipped: [imaging] avif_effort = "auto", which this binary refuses');
  return !problem;
}

const { quick, only, rounds, efforts, folder, json } = options();
if (json) process.env.BENCH_RESULT = json;
const pictures = picturesIn(folder, quick);
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const around = {
  ...await facts(redis, ['bullmq', 'sharp']),
  pictures: `${pictures.length} of ${folder.replace(os.homedir(), '~')}: ${pictures.map(x => path.basename(x)).join(' ')}`,
};
const hasAuto = await takesAuto(redis);
const measures = plan({ efforts, hasAuto }).filter(x => only.includes(x.part));
await runMeasures(makeBench(redis, pictures), around, measures, rounds);
await redis.stop();
