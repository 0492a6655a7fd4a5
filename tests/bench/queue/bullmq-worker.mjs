// usage: node bullmq-worker.mjs PORT QUEUE CONCURRENCY
// BullMQ's Worker on `echo` jobs: gives back the data, as Darkroom's does.
import { Worker } from 'bullmq';

const [port, queue, concurrency] = process.argv.slice(2);
const worker = new Worker(queue, async job => job.data, {
  connection: { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null },
  concurrency: Number(concurrency),
});
worker.on('error', problem => console.error(problem.message));
process.on('SIGTERM', () => worker.close().then(() => process.exit(0)));
await worker.waitUntilReady();
console.log('ready');
