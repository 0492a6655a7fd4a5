// Redis pub/sub: what happens to jobs, as the web tier and its workers tell it.
import { EventEmitter } from 'node:events';
import Redis from 'ioredis';

const CHANNEL = 'worker:events';
export const connect = () => new Redis(process.env.REDIS_URL || 'redis://localhost:6379', { maxRetriesPerRequest: null });

export class WorkerEventPublisher {
  constructor() { this.redis = connect(); }
  jobQueued(jobId, jobName, imageId, queueSize) {
    return this.redis.publish(CHANNEL, JSON.stringify({ type: 'job-queued', jobId, jobName, imageId, queueSize }));
  }
}

export class WorkerEventSubscriber extends EventEmitter {
  async subscribe() {
    this.redis = connect();
    this.redis.on('message', (_channel, text) => this.emit('event', JSON.parse(text)));
    await this.redis.subscribe(CHANNEL);
  }
}
