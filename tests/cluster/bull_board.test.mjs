// Bull Board on a queue that Darkroom serves: it lists jobs in every state, and
// what is retried from it runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import express from 'express';
import { FlowProducer } from 'bullmq';
import { QUEUE, staged, until } from './_lib.mjs';

/** A Bull Board for the queue: asks its API. */
async function board(stage, queue) {
  const adapter = new ExpressAdapter();
  adapter.setBasePath('/board');
  createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: adapter });
  const app = express();
  app.use('/board', adapter.getRouter());
  const server = await new Promise(resolve => { const it = app.listen(0, '127.0.0.1', () => resolve(it)); });
  stage.closers.push(() => { server.closeAllConnections(); server.close(); });
  const url = `http://127.0.0.1:${server.address().port}/board/api/queues`;
  return {
    async jobs(status) {
      const answer = await fetch(`${url}?activeQueue=${QUEUE}&status=${status}&page=1&jobsPerPage=10`);
      assert.equal(answer.status, 200, status);
      return (await answer.json()).queues.find(x => x.name === QUEUE);
    },
    async put(target) {
      const answer = await fetch(`${url}/${QUEUE}/${target}`, { method: 'PUT' });
      assert.ok(answer.ok, `${target}: ${answer.status} ${await answer.text()}`);
    },
  };
}

test('Bull Board lists every state and what it retries runs', staged(async stage => {
  await stage.solo({ DARKROOM_WORKER_DIAGNOSTICS: 'true', DARKROOM_WORKER_CONCURRENCY: '1' });
  const queue = stage.queue();
  const page = await board(stage, queue);
  const done = await queue.add('echo', { n: 1 });
  const broken = await queue.add('flaky', { failTimes: 1 });
  await until(async () => await done.isCompleted() && await broken.isFailed(), 'two have ended');
  const running = await queue.add('sleep', { ms: 600000 });
  await until(() => running.isActive(), 'one runs');
  const flow = new FlowProducer({ connection: { url: stage.redisUrl } });
  stage.closers.push(() => flow.close());
  const { job: parent, children: [{ job: child }] } = await flow.add({ name: 'echo', queueName: QUEUE, children: [{ name: 'echo', queueName: QUEUE }] });
  const delayed = await queue.add('echo', {}, { delay: 1e6 });
  const ranked = await queue.add('echo', {}, { priority: 4 });

  const states = { completed: done, failed: broken, active: running, waiting: child, delayed, prioritized: ranked, 'waiting-children': parent };
  for (const [state, job] of Object.entries(states)) {
    const seen = await page.jobs(state);
    assert.deepEqual(seen.jobs.map(x => x.id), [job.id], state);
    assert.equal(seen.counts[state], 1, state);
  }
  const [failed] = (await page.jobs('failed')).jobs;
  assert.equal(failed.failedReason, 'flaky');

  await stage.command(['job', 'cancel', running.id, '--main', stage.url]);
  await page.put(`${broken.id}/retry`);
  await until(() => broken.isCompleted(), 'the retried job has run');
  await page.put(`${delayed.id}/promote`);
  await until(() => delayed.isCompleted(), 'the promoted job has run');
}));
