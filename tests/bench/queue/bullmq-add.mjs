// usage: node bullmq-add.mjs PORT QUEUE COUNT
// Prints how many seconds Queue.addBulk took for COUNT jobs, 1,000 a call.
import { Queue } from 'bullmq';

const [port, name, count] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };

async function add(queue, jobs) {
  for (let i = 0; i < jobs; i += 1000)
    await queue.addBulk(Array.from({ length: Math.min(1000, jobs - i) }, (_, k) => ({ name: 'echo', data: { i: i + k } })));
}

const warm = new Queue(`${name}-warm`, { connection });
await add(warm, 10000);
await warm.close();
const queue = new Queue(name, { connection });
await queue.waitUntilReady();
const start = performance.now();
await add(queue, Number(count));
console.log((performance.now() - start) / 1000);
await queue.close();
