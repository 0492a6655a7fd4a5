// BullMQ's Worker as the process of its own that a bench measures.
import { Worker } from 'bullmq';

/** Prints "ready" once it takes jobs; TERM ends it after its jobs. */
export async function runWorker({ port, queue, concurrency }, work) {
  const worker = new Worker(queue, work, {
    connection: { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null },
    concurrency: Number(concurrency),
  });
  worker.on('error', problem => console.error(problem.message));
  process.on('SIGTERM', () => worker.close().then(() => process.exit(0)));
  await worker.waitUntilReady();
  console.log('ready');
}
