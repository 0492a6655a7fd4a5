// The queue whose jobs Darkroom runs. There is no worker here.
import { Queue, QueueEvents } from 'bullmq';
import { connect, WorkerEventPublisher } from './worker_events.mjs';

const QUEUE = 'image-processing';
const publisher = new WorkerEventPublisher();

export const imageQueue = new Queue(QUEUE, {
  connection: connect(),
  defaultJobOptions: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 2000 }, // 2 s, 4 s
    removeOnComplete: { age: 3600, count: 1000 },
    removeOnFail: { age: 24 * 3600 },
  },
});

const queueEvents = new QueueEvents(QUEUE, { connection: connect() });
queueEvents.on('added', async ({ jobId, name }) => {
  const waiting = await imageQueue.getWaitingCount();
  const job = await imageQueue.getJob(jobId);
  await publisher.jobQueued(jobId, name, job?.data?.imageId, waiting);
});
await queueEvents.waitUntilReady();
