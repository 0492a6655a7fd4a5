// usage: node bullmq-worker.mjs PORT QUEUE CONCURRENCY
// BullMQ's Worker on `echo` jobs: gives back the data, as Darkroom's does.
import { runWorker } from '../lib/bullmq_worker.mjs';

const [port, queue, concurrency] = process.argv.slice(2);
await runWorker({ port, queue, concurrency }, async job => job.data);
