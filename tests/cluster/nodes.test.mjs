// The cluster as its operator sees it: `darkroom nodes` and `darkroom node`, the
// tree of actors, metrics, readiness, and what happens when restarts do not help.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort, sleep, staged, until } from './_lib.mjs';

const CHAOS = ['--chaos'];
const sleeps = (n, ms) => Array.from({ length: n }, () => ({ name: 'sleep', data: { ms } }));
const ask = (stage, ...args) => stage.command([...args, '--main', stage.url]);
const kill = (stage, actor) => fetch(`${stage.url}/api/chaos/kill/${actor}`, { method: 'POST' });
const running = (queue, n) => until(async () => {
  const jobs = await queue.getActive();
  return jobs.length === n && jobs.every(job => job.progress > 0);
}, `${n} jobs run`);

/** What `darkroom nodes` prints of a node: [name, state, jobs, …]; undefined if it is not there. */
async function row(stage, name) {
  const { code, out } = await ask(stage, 'nodes');
  assert.equal(code, 0);
  return out.split('\n').map(line => line.split(/\s+/)).find(words => words[0] === name);
}

/** The lines of one node's branch of `darkroom nodes --tree`. */
async function branch(stage, name, role) {
  const { code, out } = await ask(stage, 'nodes', '--tree');
  assert.equal(code, 0);
  const lines = out.split('\n');
  const from = lines.indexOf(`${name} (${role})`);
  assert.ok(from >= 0, out);
  const end = lines.findIndex((line, i) => i > from && !line.startsWith(' '));
  return lines.slice(from + 1, end < 0 ? undefined : end);
}

test('nodes and their actors are listed', staged(async stage => {
  await stage.serve({}, CHAOS);
  await stage.work('worker-1', { DARKROOM_WORKER_LABELS: 'gpu,rack-4' });
  const [job] = await stage.queue().addBulk(sleeps(1, 3000));
  await until(async () => (await row(stage, 'worker-1'))?.[2] === '1/5', 'one of five slots is in use');
  assert.match((await row(stage, 'worker-1')).join(' '), /^worker-1 up 1\/5 0 \d+\.\d\d \d+ MB \d+\.\d+\.\d+ \d+ gpu,rack-4$/);

  const work = await branch(stage, 'worker-1', 'work');
  assert.match(work[0], /^ {3}supervisor, one_for_one$/);
  assert.deepEqual(work.slice(1).map(line => line.trim().split(' ')[0]), ['uplink', 'processor_pool', 'processor']);
  assert.match(work[3], new RegExp(`^ {6}processor +runs job ${job.id} for \\d`));
  const main = (await branch(stage, 'main', 'main')).slice(1).map(line => line.trim().split(' ')[0]);
  for (const name of ['lease_keeper', 'job_store_a', 'job_store_b', 'job_watcher', 'catalog', 'dispatcher', 'node_registry'])
    assert.ok(main.includes(name), `${name} in ${main}`);

  const { nodes, main: root } = JSON.parse((await ask(stage, 'nodes', '--json')).out);
  assert.deepEqual(nodes.map(node => [node.name, node.labels, node.processors.map(x => x.jobId)]), [['worker-1', ['gpu', 'rack-4'], [job.id]]]);
  assert.ok(nodes[0].jobTypes.includes('generate-metadata') && nodes[0].machineMemory > 0);

  await kill(stage, 'dispatcher');
  await until(async () => (await branch(stage, 'main', 'main')).some(line => /dispatcher +runs for .*, 1 restart\b/.test(line)), 'the restart is shown');
  assert.equal(root.actors.find(actor => actor.name === 'dispatcher').restarts, 0, 'it was the first');
  const metrics = await (await fetch(`${stage.url}/metrics`)).text();
  const value = (name, node, actor) => Number(new RegExp(`^${name}\\{actor="${actor}",node="${node}"\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
  assert.equal(value('darkroom_actor_restarts_total', 'main', 'dispatcher'), 1);
  assert.equal(value('darkroom_actor_restarts_total', 'worker-1', 'uplink'), 0);
  assert.ok(value('darkroom_actor_age_seconds', 'worker-1', 'processor_pool') > value('darkroom_actor_age_seconds', 'main', 'dispatcher'));
  for (const name of ['darkroom_actor_mailbox_messages', 'darkroom_actor_lag_seconds'])
    for (const [node, actor] of [['main', 'dispatcher'], ['worker-1', 'processor_pool']])
      assert.ok(value(name, node, actor) >= 0, `${name} of ${actor}`);
  assert.match(metrics, /^darkroom_nodes 1$/m);
}));

test('a node is cordoned, drained and taken back', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1', { DARKROOM_WORKER_CONCURRENCY: '2' });
  const queue = stage.queue();
  await queue.addBulk(sleeps(2, 8000)); // three commands take that long on a busy machine
  await running(queue, 2);
  await queue.addBulk(sleeps(2, 100));

  const cordoned = await ask(stage, 'node', 'cordon', 'worker-1');
  assert.deepEqual([cordoned.code, cordoned.out], [0, 'node worker-1: cordoned\n']);
  assert.equal((await row(stage, 'worker-1'))[1], 'cordoned', 'it is so when the command says so');
  const late = await ask(stage, 'node', 'drain', 'worker-1', '--timeout', '300ms');
  assert.equal(late.code, 1);
  assert.match(late.err, /still runs 2: wait, or cancel them/);

  const drained = await ask(stage, 'node', 'drain', 'worker-1');
  assert.deepEqual([drained.code, drained.out], [0, 'node worker-1: drained\n']);
  assert.deepEqual(await queue.getJobCounts('completed', 'active', 'waiting'), { completed: 2, active: 0, waiting: 2 });
  await sleep(700); // two heartbeats
  assert.equal(await queue.getActiveCount(), 0, 'it takes no more');
  assert.equal((await row(stage, 'worker-1'))[1], 'drained');

  const back = await ask(stage, 'node', 'uncordon', 'worker-1');
  assert.deepEqual([back.code, back.out], [0, 'node worker-1: uncordoned\n']);
  await until(async () => (await queue.getCompletedCount()) === 4, 'the rest is done');
  assert.equal((await row(stage, 'worker-1'))[1], 'up');

  // What the node said of an order before this one does not count.
  await ask(stage, 'node', 'drain', 'worker-1');
  const order = verb => fetch(`${stage.url}/api/nodes/worker-1/${verb}`, { method: 'POST' });
  for (let round = 0; round < 5; ++round) {
    await queue.addBulk(sleeps(2, 600));
    assert.equal((await order('uncordon')).status, 202);
    await until(async () => (await queue.getActiveCount()) === 2, 'they run', 5000, 1);
    assert.equal((await ask(stage, 'node', 'drain', 'worker-1')).code, 0);
    await until(async () => (await queue.getActiveCount()) === 0, 'what ran is settled, too', 1000);
  }
  assert.equal((await order('cordon?id=two%0Alines')).status, 400);

  const nobody = await ask(stage, 'node', 'drain', 'worker-9');
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /there is no node 'worker-9'/);
}));

test('a drain goes on while the main node is started anew', staged(async stage => {
  const port = { DARKROOM_HTTP_PORT: `${await freePort()}` };
  const first = await stage.serve(port);
  await stage.work('worker-1');
  const queue = stage.queue();
  await queue.addBulk(sleeps(2, 6000));
  await running(queue, 2);
  const drain = stage.darkroom('drain', ['node', 'drain', 'worker-1', '--main', stage.url]);
  await until(async () => (await row(stage, 'worker-1'))[1] === 'cordoned', 'it is cordoned');
  first.kill('SIGKILL');
  await first.within(2000);
  await stage.serve(port);
  assert.equal((await drain.within(30000)).code, 0, drain.out);
  assert.match(drain.out, /drained/);
  assert.equal(await queue.getActiveCount(), 0, 'not before its jobs had ended');
  assert.equal(await queue.getCompletedCount(), 2);
}));

test('a drain of a node that dies does not say that it is drained', staged(async stage => {
  await stage.serve();
  const worker = await stage.work('worker-1');
  const queue = stage.queue();
  await queue.addBulk(sleeps(1, 20000));
  await running(queue, 1);
  const drain = stage.darkroom('drain', ['node', 'drain', 'worker-1', '--main', stage.url]);
  await until(async () => (await row(stage, 'worker-1'))[1] === 'cordoned', 'it is cordoned');
  worker.kill('SIGKILL');
  assert.equal((await drain.within(30000)).code, 1);
  assert.match(drain.out, /worker-1 left the cluster before its drain was done/);
}));

const ready = async stage => {
  const answer = await fetch(`${stage.url}/readyz`);
  return { status: answer.status, ...await answer.json() };
};

test('/readyz says how old the last fetch is, and why there is none', staged(async stage => {
  const main = await stage.serve();
  await stage.work('worker-1');
  const well = await until(async () => { const x = await ready(stage); return x.slots === 5 && x.lastFetchAgeMs !== undefined && x; }, 'it fetches');
  assert.deepEqual([well.status, well.role, well.running, well.unsettled], ['ready', 'active', 0, 0]);
  await until(async () => (await ready(stage)).lastFetchAgeMs < 6000, 'an idle one fetches every 5 s', 12000, 500);

  const redis = stage.redis();
  await redis.config('SET', 'min-replicas-to-write', '1'); // it answers, and writes nothing
  const refused = await until(async () => { const x = await ready(stage); return x.error && x; }, 'it is told that nothing is fetched', 12000);
  assert.equal(refused.status, 'not ready');
  assert.match(refused.error.message, /NOREPLICAS/);
  assert.ok(refused.lastFetchAgeMs > 0);
  for (let i = 0; i < 100; ++i) assert.equal((await ready(stage)).status, 'not ready', 'all the time');
  await redis.config('SET', 'min-replicas-to-write', '0');
  await until(async () => (await ready(stage)).status === 'ready', 'ready again');

  const queue = stage.queue();
  await queue.addBulk(sleeps(1, 3000));
  await running(queue, 1);
  main.kill('SIGTSTP');
  await until(async () => (await ready(stage)).status === 'quiet', 'it takes no more jobs, and serves on');
  main.kill('SIGTERM');
  const draining = await until(async () => { const x = await ready(stage); return x.error && x; }, 'it drains');
  assert.match(draining.error.message, /drains/);
  assert.equal((await main.within(15000)).code, 0);
}));

for (const [label, actor] of [['main', 'dispatcher'], ['worker', 'processor_pool']])
  test(`a ${label} whose actor dies again and again ends with 1 and says so`, staged(async stage => {
    const few = { DARKROOM_SUPERVISION_MAX_RESTARTS: '3', DARKROOM_SUPERVISION_PERIOD: '60s', DARKROOM_SUPERVISION_DELAY_MAX: '10ms' };
    const main = await stage.serve(few, CHAOS);
    const worker = await stage.work('worker-1', few, CHAOS);
    const proc = label === 'main' ? main : worker;
    const target = label === 'main' ? `kill/${actor}` : `nodes/worker-1/kill/${actor}`;
    for (let i = 0; i < 60 && !proc.end; ++i) {
      await fetch(`${stage.url}/api/chaos/${target}`, { method: 'POST' }).catch(() => {});
      await sleep(50);
    }
    assert.equal((await proc.within(5000)).code, 1);
    assert.match(proc.out, /the node's actors cannot be kept running: leaving/);
    assert.match(proc.out, new RegExp(`${actor}`), 'it names the one');
  }));
