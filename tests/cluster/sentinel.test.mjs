// Redis with a replica and three Sentinels: the master is killed, or frozen and
// replaced, under load.
//
//   KILLS=5 tests/cluster/run sentinel   so many times
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { BACK_MS, NAME, Watched, followed, replaced, takenFrom } from './_sentinels.mjs';
import { sleep, staged, until } from './_lib.mjs';

const KILLS = Number(process.env.KILLS || 1);

/** Adds jobs until stop(); counts those as acknowledged that the other server has, too, or all while there is none. */
function produce(stage) {
  const client = stage.open();
  const queue = stage.queue(client);
  const state = { ids: [], replicas: 1, next: 0, on: true };
  const loop = (async () => {
    while (state.on) {
      const wanted = state.replicas;
      const batch = Array.from({ length: 20 }, () => ({ name: 'sleep', data: { ms: 30 + state.next * 37 % 100 }, opts: { jobId: `j${state.next++}` } }));
      const got = await addAndWait(queue, client, batch, wanted).catch(() => false);
      if (got) state.ids.push(...batch.map(x => x.opts.jobId));
      await sleep(60);
    }
  })();
  stage.closers.push(() => { state.on = false; });
  return { state, stop: async () => { state.on = false; await loop; return state.ids; } };
}

/** Whether as many replicas have the jobs; on one connection, since WAIT speaks of what that has written. */
async function addAndWait(queue, client, batch, wanted) {
  await queue.addBulk(batch);
  return wanted === 0 || await client.wait(wanted, 1000) >= wanted;
}

/** How many open connections of a process lead to a port. */
function connectionsTo(pid, port) {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = fs.readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').map(line => line.trim().split(/\s+/));
  const inodes = new Set(rows.filter(row => row[2]?.endsWith(hex) && row[3] === '01').map(row => `socket:[${row[9]}]`));
  const links = fs.readdirSync(`/proc/${pid}/fd`).map(fd => { try { return fs.readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ''; } });
  return links.filter(link => inodes.has(link)).length;
}

test('nothing that two servers had is lost or done twice when the master dies', staged(async stage => {
  const doctor = stage.command(['doctor', '--json'], { ...stage.way(), DARKROOM_CATALOG_DATABASE: stage.database });
  // Short, so that what a failover forgot is done again soon.
  const main = await stage.serve({ ...stage.way(), DARKROOM_QUEUE_LOCK_DURATION: '4s', DARKROOM_QUEUE_STALLED_INTERVAL: '1s' });
  const worker = await stage.work('worker-1', { DARKROOM_WORKER_CONCURRENCY: '10' });
  const { checks } = JSON.parse((await doctor).out);
  let master = stage.servers[0];
  assert.equal(checks.filter(x => x.check === 'redis sentinel' && x.level === 'ok' && x.text.includes(`:${master.port}`)).length, 3, JSON.stringify(checks));
  assert.match(checks.find(x => x.check === 'redis').text, new RegExp(`answers at 127.0.0.1:${master.port}, the master by Sentinel 127.0.0.1:`));

  const load = produce(stage);
  await sleep(1000);
  for (let i = 0; i < KILLS; ++i) {
    master.proc.kill('SIGKILL');
    const killed = Date.now();
    const { next, answered } = await replaced(stage, master);
    load.state.replicas = 0; // it is alone now
    const taken = await takenFrom(stage, next);
    console.log(`kill ${i + 1}: ${next.name} is the master after ${answered - killed} ms, jobs are taken ${taken - answered} ms later`);
    assert.ok(taken - answered <= BACK_MS, `fetching again took ${taken - answered} ms`);
    stage.startServer(master); // follows the new one
    await followed(stage);
    load.state.replicas = 1;
    await sleep(1000);
    master = await followed(stage);
  }

  // The master is silent until another one is, and then lives on as if it were the master.
  master.proc.kill('SIGSTOP');
  const { next, answered } = await replaced(stage, master);
  load.state.replicas = 0;
  const taken = await takenFrom(stage, next);
  console.log(`frozen: jobs are taken ${taken - answered} ms after ${next.name} is the master`);
  assert.ok(taken - answered <= BACK_MS, `fetching again took ${taken - answered} ms`);
  await until(() => stage.sentinels.every(({ proc }) => proc.out.includes(`+switch-master ${NAME} 127.0.0.1 ${master.port} `)), 'all Sentinels know', 10000);
  await until(() => connectionsTo(main.pid, master.port) === 0, 'the main node has left the old master', 1000);
  master.proc.kill('SIGCONT');
  await sleep(500);
  assert.equal(connectionsTo(main.pid, master.port), 0, 'and stays away from it');

  const ids = await load.stop();
  const queue = stage.queue();
  await until(async () => (await queue.getJobCountByTypes('wait', 'active', 'delayed', 'prioritized')) === 0, 'the queue is empty', 30000, 50);
  stage.client = stage.at(next.port);
  const stream = await stage.stream();
  const completed = stream.filter(x => x.event === 'completed').map(x => x.jobId);
  const lost = ids.filter(id => !completed.includes(id));
  console.log(`${ids.length} jobs were acknowledged by two servers or the one that was left; ${completed.length} completed`);
  assert.deepEqual(lost, [], 'lost');
  assert.ok(ids.length >= 40 * KILLS, 'it had work');
  assert.equal(new Set(completed).size, completed.length, 'none completed twice');
  assert.equal(await queue.getFailedCount(), 0, 'no attempt was counted');
  assert.deepEqual([main.end, worker.end], [null, null]);
  const { actors } = (await stage.get('/api/nodes')).main;
  assert.ok(actors.some(x => x.name === 'master_watch'));
  for (const actor of actors) assert.equal(actor.restarts, 0, `${actor.name} was not restarted`);
}, { make: () => new Watched() }));
