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

const as = (role, program) => Object.assign(program, { role });

/** A main node and so many worker nodes, each of this concurrency. */
function startCluster(nodes) {
  return async (redis, concurrency, more = {}) => {
    const port = await freePort();
    // One folder for all: a worker with another one is refused.
    const shared = { DARKROOM_STORAGE_UPLOADS: fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'uploads-')), ...more };
    const main = as('main', new Program(binary, ['serve'], environment(redis, queueName, { ...shared, DARKROOM_CLUSTER_PORT: `${port}`, DARKROOM_HTTP_PORT: '0' })));
    main.url = (await main.line('ready at ')).rest;
    const names = Array.from({ length: nodes }, (_, i) => `worker-${i + 1}`);
    const workers = names.map(name => as('worker', new Program(binary, ['work', '--diagnostics', '--concurrency', `${concurrency}`], environment(redis, queueName, {
      ...shared, DARKROOM_CLUSTER_MAIN: `127.0.0.1:${port}`, DARKROOM_CLUSTER_NODE_NAME: name,
    }))));
    const joined = async () => {
      const ended = workers.find(x => x.end);
      if (ended) throw new Error(`${ended.label} ended: ${ended.out}`);
      const { nodes: known } = await (await fetch(`${main.url}/api/nodes`)).json();
      return names.every(name => known.some(node => node.name === name));
    };
    await until(joined, 'the worker nodes have joined', 20000);
    return [main, ...workers];
  };
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
  solo2: {
    title: 'two darkroom solo on one queue and one catalog',
    start: (redis, concurrency, more) => Promise.all([solo(redis, concurrency, more), solo(redis, concurrency, more)]).then(all => all.flat()),
  },
  silent: {
    title: 'darkroom solo, [events] publish = false',
    start: (redis, concurrency) => solo(redis, concurrency, { DARKROOM_EVENTS_PUBLISH: 'false' }),
  },
  cluster: { title: 'darkroom serve + work', start: startCluster(1) },
  cluster2: { title: 'darkroom serve + 2 work', start: startCluster(2) },
  cluster4: { title: 'darkroom serve + 4 work', start: startCluster(4) },
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
