// What is compared: each starts its processes and says when they take jobs.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary, environment } from '../lib/darkroom.mjs';
import { Program, freePort, until } from '../lib/processes.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const queueName = 'bench';

// Nothing of Darkroom's own defaults, which keep the newest 1,000 only.
const plainOptions = '{"attempts":0,"removeOnComplete":false,"removeOnFail":false}';

async function solo(redis, concurrency, more = {}) {
  const program = new Program(binary, ['solo', '--diagnostics', '--concurrency', `${concurrency}`], environment(redis, queueName, more));
  await program.line('ready');
  return [program];
}

export const systems = {
  bullmq: {
    title: 'BullMQ Worker',
    async start(redis, concurrency) {
      const program = new Program(process.execPath, [path.join(here, 'bullmq-worker.mjs'), `${redis.port}`, queueName, `${concurrency}`]);
      await program.line('ready');
      return [program];
    },
  },
  solo: { title: 'darkroom solo', start: solo },
  silent: {
    title: 'darkroom solo, [events] publish = false',
    start: (redis, concurrency) => solo(redis, concurrency, { DARKROOM_EVENTS_PUBLISH: 'false' }),
  },
  cluster: {
    title: 'darkroom serve + work',
    async start(redis, concurrency) {
      const port = await freePort();
      // One folder for both: a worker with another one is refused.
      const uploads = { DARKROOM_STORAGE_UPLOADS: fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'uploads-')) };
      const main = new Program(binary, ['serve'], environment(redis, queueName, { ...uploads, DARKROOM_CLUSTER_PORT: `${port}`, DARKROOM_HTTP_PORT: '0' }));
      const url = (await main.line('ready at ')).rest;
      const worker = new Program(binary, ['work', '--diagnostics', '--concurrency', `${concurrency}`], environment(redis, queueName, {
        ...uploads, DARKROOM_CLUSTER_MAIN: `127.0.0.1:${port}`, DARKROOM_CLUSTER_NODE_NAME: 'worker',
      }));
      const joined = async () => (await (await fetch(`${url}/api/nodes`)).json()).nodes.some(node => node.name === 'worker');
      await until(joined, 'the worker node has joined', 20000);
      return [main, worker];
    },
  },
};

/** Adds jobs from a file of NDJSON. @returns {seconds, of the whole program} */
export async function addByDarkroom(redis, file) {
  const start = performance.now();
  await new Program(binary, ['add', '--options', plainOptions, '--bulk', file], environment(redis, queueName)).done();
  return (performance.now() - start) / 1000;
}

/** Adds as many equal `echo` jobs. */
export async function addMany(redis, count) {
  await new Program(binary, ['add', 'echo', '--data', '{"i":1}', '--options', plainOptions, '--count', `${count}`], environment(redis, queueName)).done();
}

/** Adds by Queue.addBulk in a warm Node process. @returns {seconds of the calls} */
export async function addByBullmq(redis, count) {
  const out = await new Program(process.execPath, [path.join(here, 'bullmq-add.mjs'), `${redis.port}`, queueName, `${count}`]).done();
  return Number(out);
}
