// usage: run [--quick] [--clients N,N] [--seconds N] [--rate N] [--only darkroom,node]
//
// A process of `darkroom solo` runs echo jobs and publishes their events. The
// server that is measured has the browsers: `darkroom serve`, or Node's. It is
// killed after a quarter and after 0.6 of the time, and started again at once.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import IORedis from 'ioredis';
import { facts } from '../lib/facts.mjs';
import { binary, environment } from '../lib/darkroom.mjs';
import { Program, freePort, sleep, until } from '../lib/processes.mjs';
import { RedisServer } from '../lib/redis.mjs';
import { columns } from '../lib/table.mjs';

const queueName = 'events';
const bars = { doubles: 0, holes: 0, behind: 0, unannounced: 0, kb_per_client: 4 };

function arguments_() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false }, clients: { type: 'string' }, seconds: { type: 'string' },
      rate: { type: 'string', default: '10' }, only: { type: 'string', default: 'darkroom,node' },
    },
  });
  return {
    counts: (values.clients ?? (values.quick ? '200' : '1000,5000')).split(',').map(Number),
    seconds: Number(values.seconds ?? (values.quick ? 20 : 60)),
    rate: Number(values.rate),
    systems: values.only.split(','),
  };
}

const systems = {
  async darkroom(redis, port) {
    const server = new Program(binary, ['serve'], environment(redis, queueName, {
      DARKROOM_HTTP_PORT: `${port}`,
      DARKROOM_EVENTS_PUBLISH: 'false', // solo does
      DARKROOM_CLUSTER_PORT: '0',
      DARKROOM_HTTP_MAX_SSE_CLIENTS: '10000',
      DARKROOM_HTTP_MAX_CONNECTIONS: '10000',
      DARKROOM_HTTP_MAX_CONNECTIONS_PER_ADDRESS: '0',
    }));
    await server.line('ready');
    return server;
  },
  async node(redis, port) {
    const file = fileURLToPath(new URL('node-server.mjs', import.meta.url));
    const server = new Program(process.execPath, [file, `${port}`, `${redis.port}`]);
    await server.line('ready');
    return server;
  },
};

async function startPublisher(redis) {
  const solo = new Program(binary, ['solo'], environment(redis, queueName, {
    DARKROOM_CLUSTER_PORT: '0',
    DARKROOM_WORKER_DIAGNOSTICS: 'true',
  }));
  await solo.line('ready');
  return solo;
}

/** Adds jobs until `end`; each has three events. */
async function produce(queue, rate, end) {
  for (let next = Date.now(); next < end; next += 3000 / rate) {
    await sleep(Math.max(0, next - Date.now()));
    await queue.add('echo', { imageId: 'img-1' }, { removeOnComplete: 100 });
  }
}

async function measure(redis, name, count, seconds, rate) {
  await redis.reset();
  const solo = await startPublisher(redis);
  const port = await freePort();
  let server = await systems[name](redis, port);
  const subscriber = new IORedis({ host: '127.0.0.1', port: redis.port });
  let published = 0;
  subscriber.on('message', () => ++published);
  await subscriber.subscribe('worker:events');
  const queue = new Queue(queueName, { connection: redis.connection });
  await queue.waitUntilReady();
  await sleep(500);
  const before = server.rss();

  const clients = new Program(process.env.EVENTS_CLIENTS, [`${port}`, `${count}`, `${seconds}`, '1', ...(name === 'node' ? ['plain'] : [])]);
  const begin = Date.now();
  const at = share => sleep(Math.max(0, begin + 1000 * seconds * share - Date.now()));
  await at(0.08); // all but the late ones are there
  const producing = produce(queue, rate, begin + 950 * seconds);
  let kb = 0;
  const found = { kills: 0 };
  for (const share of [0.25, 0.6]) {
    if (share === 0.25) {
      await at(0.15);
      kb = 1024 * (server.rss() - before) / (0.8 * count); // the late ones are not there
    }
    await at(share);
    server.child.kill('SIGKILL');
    await server.ended;
    ++found.kills;
    server = await systems[name](redis, port);
  }
  await producing;
  const cpuBegin = server.cpu();
  await clients.ended;
  if (!clients.out.startsWith('{')) throw new Error(`the clients ended: ${clients.out}`);
  Object.assign(found, JSON.parse(clients.out), { published, kb_per_client: kb, server_cpu_s: cpuBegin / 1e6 });
  if (name === 'darkroom') {
    const newest = Number(await redis.client.hget('darkroom:{worker:events}:place', 'last'));
    found.behind += newest === found.newest ? 0 : count;
    // Late browsers and gaps aside, everybody has everything.
    found.unannounced = found.early * published - found.early_events - found.missed;
    if (found.missed > 0) found.unannounced = Math.max(0, found.unannounced); // late ones' gaps count, too
  } else {
    found.unannounced = found.early * published - found.early_events;
  }
  await queue.close();
  subscriber.disconnect();
  for (const x of [server, solo]) await x.stop();
  return found;
}

const { counts, seconds, rate, systems: wanted } = arguments_();
const redis = await RedisServer.start(process.env.BENCH_FOLDER);
const around = await facts(redis, ['bullmq', 'ioredis']);
console.log(Object.entries(around).map(([key, value]) => `${key}: ${value}`).join('\n'));
console.log(`${rate} events/s for ${seconds} s; the server is killed twice`);
const results = [];
for (const count of counts) {
  for (const name of wanted) results.push({ name, count, ...await measure(redis, name, count, seconds, rate) });
}
const text = (x, digits = 0) => x.toFixed(digits);
console.log(columns([
  ['clients', 'server', 'p50 ms', 'p99 ms', 'max ms', 'KB each', 'CPU s', 'events', 'frames', 'connects', 'dropped', 'twice', 'lost', 'gaps'],
  ...results.map(x => [`${x.count}`, x.name, text(x.p50_ms, 1), text(x.p99_ms, 1), text(x.max_ms), text(x.kb_per_client, 1), text(x.server_cpu_s, 1),
    `${x.published}`, `${x.frames}`, `${x.connects}`, `${x.dropped}`, x.name === 'node' ? '?' : `${x.doubles}`,
    `${x.holes + x.unannounced}`, JSON.stringify(x.gaps)]),
]));
const missed = results.filter(x => x.name === 'darkroom')
  .flatMap(x => Object.entries(bars).filter(([key, most]) => !(x[key] <= most)).map(([key, most]) => `${x.count} clients: ${key} ${x[key]}, at most ${most}: MISSED`));
console.log(missed.length ? missed.join('\n') : 'all bars are met');
const file = process.env.BENCH_RESULT;
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, `${JSON.stringify({ ...around, rate, seconds, results, bars }, null, 2)}\n`);
await redis.stop();
process.exit(missed.length ? 1 : 0);
