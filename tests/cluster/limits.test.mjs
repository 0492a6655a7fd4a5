// Limits of a resource, audited by the provider itself: it keeps a ledger of the
// calls that reach it, while whatever could forget a limit is killed.
//
// SECONDS=60 tests/cluster/run limits    the long form
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { sleep, staged, until } from './_lib.mjs';

const SECONDS = Number(process.env.SECONDS || 16);
const MOST = 20; // calls
const WINDOW = 2000; // ms
const WORKERS = 5;
// A kill of the main process costs a second or two: much of a short run.
const LEAST_USE = SECONDS >= 60 ? 0.9 : 0.6;

/** An OpenAI-compatible provider of embeddings. `calls` is its ledger: when each came, ms. */
async function provider(stage) {
  const vector = Array.from({ length: 512 }, (_, i) => Math.sin(i) / 16);
  const self = { calls: [], refuse: 0 };
  const server = http.createServer((request, response) => {
    self.calls.push(Date.now());
    request.resume();
    request.on('end', () => {
      if (self.refuse > 0) {
        --self.refuse;
        response.writeHead(429, { 'Retry-After': '2', 'Content-Type': 'application/json' });
        response.end('{"error":{"message":"slow down"}}');
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', model: 'ledger', data: [{ object: 'embedding', index: 0, embedding: vector }] }));
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  stage.closers.push(() => server.close());
  self.env = {
    DARKROOM_EMBEDDING_PROVIDER: 'openai',
    DARKROOM_EMBEDDING_BASE_URL: `http://127.0.0.1:${server.address().port}`,
    DARKROOM_EMBEDDING_API_KEY: 'key',
    DARKROOM_LIMITS_EMBEDDING: `${MOST}/${WINDOW}ms`,
    // There is a rate limiter to kill only where the queue has a limit, too.
    DARKROOM_QUEUE_LIMIT: '1000/1s',
  };
  return self;
}

const embed = i => ({
  name: 'generate-embeddings', opts: { attempts: 3, backoff: { type: 'fixed', delay: 100 } },
  data: { imageId: `img-${i}`, filePath: 'a.jpg', metadata: { searchableText: `a red bicycle number ${i}` } },
});

/** The most calls in any window. */
function fullest(calls) {
  let most = 0;
  for (let from = 0, to = 0; to < calls.length; ++to) {
    while (calls[to] - calls[from] >= WINDOW) ++from;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

test(`no window of ${WINDOW} ms holds more than ${MOST} calls, whatever is killed`, staged(async (stage, t) => {
  const { env, calls } = await provider(stage);
  let main = await stage.serve(env, ['--chaos']);
  const workers = [];
  for (let i = 0; i < WORKERS; ++i) workers.push(await stage.work(`worker-${i}`, env));
  const queue = stage.queue();
  const jobs = Math.ceil(SECONDS * MOST * 1000 / WINDOW);
  await queue.addBulk(Array.from({ length: jobs }, (_, i) => embed(i)));

  const killActor = async name => assert.equal((await fetch(`${stage.url}/api/chaos/kill/${name}`, { method: 'POST' })).status, 202);
  const kills = [
    () => killActor('rate_limiter'),
    () => killActor('dispatcher'),
    async () => {
      workers[0].kill('SIGKILL');
      await workers[0].within(5000);
      workers[0] = await stage.work('worker-again', env);
    },
    async () => {
      main.kill('SIGKILL');
      await main.within(5000);
      main = await stage.serve(env, ['--chaos']);
    },
  ];
  const start = Date.now();
  for (let i = 0; Date.now() - start < SECONDS * 900; ++i) {
    await sleep(SECONDS * 1000 / 6);
    if (i < kills.length) await kills[i]();
  }
  const span = Date.now() - calls[0];
  const use = calls.length / (MOST * span / WINDOW);
  t.diagnostic(`${calls.length} calls in ${span} ms: ${(100 * use).toFixed(1)} % of what is allowed; at most ${fullest(calls)} in a window`);
  assert.ok(fullest(calls) <= MOST, `${fullest(calls)} calls in a window`);
  assert.ok(use >= LEAST_USE, `only ${use} of what is allowed is used`);

  const ran = (await queue.getJobs(['active', 'completed', 'failed'])).filter(job => job.attemptsStarted === 1);
  assert.ok(ran.length > MOST);
  // By the stream: `processedOn` is the time at which one of two stores asked, and the other one may be served first.
  const once = new Set(ran.map(job => job.id));
  const started = (await stage.stream()).filter(row => row.event === 'active' && once.has(row.jobId)).map(row => Number(row.jobId));
  assert.equal(started.length, ran.length);
  for (let i = 1; i < started.length; ++i) assert.ok(started[i - 1] < started[i], `job ${started[i - 1]} started before job ${started[i]}`);
  assert.equal(await queue.getFailedCount(), 0);
}));

test('a job of another resource is not held up', staged(async stage => {
  const { env } = await provider(stage);
  await stage.serve({ ...env, DARKROOM_LIMITS_EMBEDDING: '2/30s' });
  await stage.work('worker-1', env);
  const queue = stage.queue();
  const jobs = await queue.addBulk([...Array.from({ length: 40 }, (_, i) => embed(i)), { name: 'echo', data: {} }]);
  await until(async () => await jobs.at(-1).getState() === 'completed', 'the job behind 40 others is completed', 5000);
  await until(async () => await queue.getCompletedCount() === 3, 'two of the limited ones are completed', 5000);
  assert.equal(await jobs[30].getState(), 'delayed');
}));

test('a 429 stops its resource in the whole cluster and costs no attempt', staged(async (stage, t) => {
  const ledger = await provider(stage);
  ledger.refuse = 1;
  await stage.serve(ledger.env);
  for (let i = 0; i < 3; ++i) await stage.work(`worker-${i}`, { ...ledger.env, DARKROOM_WORKER_CONCURRENCY: '1' });
  const queue = stage.queue();
  const [first] = await queue.addBulk([embed(0)]);
  await until(() => ledger.calls.length === 1, 'the provider has refused');
  await until(async () => await first.getState() === 'delayed', 'the job waits');
  await queue.addBulk(Array.from({ length: 6 }, (_, i) => embed(i + 1)));
  await until(async () => await queue.getCompletedCount() === 7, 'all are completed');
  t.diagnostic(`calls after the refusal: ${ledger.calls.slice(1).map(at => at - ledger.calls[0]).join(', ')} ms`);
  assert.ok(ledger.calls[1] - ledger.calls[0] >= 1990, 'nobody calls for two seconds');
  for (const job of await queue.getCompleted()) assert.equal(job.attemptsMade, 1);
}));
