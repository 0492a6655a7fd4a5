// `darkroom chaos` on a real cluster: what it does, what it refuses, what it
// undoes, and that its verdict is not always good.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { kill, sleep, staged, until } from './_lib.mjs';

const WORKERS = ['w-1', 'w-2', 'w-3'];
const CHAOS = ['--chaos'];
// Kills come faster than default settings bear: a fault of the test, not of the cluster.
const PATIENT = { DARKROOM_SUPERVISION_MAX_RESTARTS: '1000000', DARKROOM_CLUSTER_NODE_TIMEOUT: '1500ms' };

/** 'S' sleeps, 'T' is stopped: of a process; its first letter in proc(5). */
const stateOf = pid => fs.readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '')[0];

/** A main node and workers that allow chaos; what is killed is started again, as systemd would. */
async function cluster(stage, workers = WORKERS) {
  await stage.serve(PATIENT, CHAOS);
  const procs = new Map();
  for (const name of workers) procs.set(name, await stage.work(name, { ...PATIENT, DARKROOM_WORKER_CONCURRENCY: '4' }, CHAOS));
  let on = true;
  const manager = (async () => {
    while (on) {
      for (const [name, proc] of procs) if (proc.end) procs.set(name, await stage.work(name, { ...PATIENT, DARKROOM_WORKER_CONCURRENCY: '4' }, CHAOS).catch(() => proc));
      await sleep(100);
    }
  })();
  stage.closers.push(async () => { on = false; await manager; });
  return procs;
}

/** `darkroom chaos`, running. */
const start = (stage, ...args) => stage.darkroom('chaos', ['chaos', '--url', stage.url, ...args], { REDIS_URL: stage.redisUrl });

const verdictOf = proc => JSON.parse(proc.out.split('\n').find(line => line.startsWith('{')));

/** Runs it to its end: {code, verdict}. */
async function run(stage, ...args) {
  const proc = start(stage, '--json', ...args);
  const { code } = await proc.within(120000);
  return { code, verdict: verdictOf(proc), proc };
}

test('a run of every kind of action loses and doubles nothing', staged(async (stage, t) => {
  await cluster(stage);
  const { code, verdict } = await run(stage, '--duration', '20s', '--every', '1s', '--away', '2s', '--seed', '11', '--jobs', '300',
    '--actions', 'kill-actor,kill-worker,freeze-worker,cut-worker,kill-clients,stop-redis');
  t.diagnostic(JSON.stringify(verdict));
  assert.equal(verdict.verdict, 'ok', JSON.stringify(verdict));
  assert.equal(code, 0);
  assert.equal(verdict.seed, 11);
  assert.equal(verdict.jobs.added, 300);
  assert.equal(verdict.jobs.completed, 300);
  assert.deepEqual([verdict.jobs.lost, verdict.jobs.doubled, verdict.missing], [[], [], []]);
  for (const kind of ['kill-actor', 'kill-clients', 'stop-redis']) assert.ok(verdict.actions[kind] > 0, `${kind} was done`);
  assert.ok(verdict.recoveryMs.count > 0 && verdict.recoveryMs.p50 <= verdict.recoveryMs.max);
  assert.equal((await stage.queue().getCompletedCount()), 300);
}));

test('workers are killed, frozen and cut off, and their jobs run elsewhere', staged(async (stage, t) => {
  await cluster(stage);
  const { code, verdict } = await run(stage, '--duration', '24s', '--every', '2s', '--away', '2s', '--seed', '4', '--jobs', '300',
    '--actions', 'kill-worker,freeze-worker,cut-worker');
  t.diagnostic(JSON.stringify(verdict));
  assert.equal(code, 0, JSON.stringify(verdict));
  for (const kind of ['kill-worker', 'freeze-worker', 'cut-worker']) assert.ok(verdict.actions[kind] > 0, `${kind} was done`);
  assert.ok(verdict.jobs.startedAnew > 0, 'jobs moved');
  assert.equal(verdict.jobs.attemptsBurned, 0);
}));

test('the same seed does the same to the same fleet', staged(async stage => {
  await cluster(stage);
  const done = [];
  for (let i = 0; i < 2; ++i) {
    const proc = start(stage, '--duration', '4s', '--every', '500ms', '--seed', '5', '--jobs', '10');
    assert.equal((await proc.within(60000)).code, 0);
    done.push(proc.out.split('\n').filter(line => line.startsWith('kill-actor ')));
  }
  assert.equal(done[0].length, 8);
  assert.deepEqual(done[0], done[1]);
}));

test('a job that somebody removes is lost, and the verdict says so', staged(async stage => {
  await stage.serve(PATIENT, CHAOS);
  await stage.work('w-1', { DARKROOM_WORKER_CONCURRENCY: '2' }, CHAOS);
  const queue = stage.queue();
  await queue.pause();
  const proc = start(stage, '--json', '--duration', '2s', '--every', '1s', '--jobs', '20');
  await until(async () => (await queue.getWaitingCount()) === 20, 'all are added');
  const [job] = await queue.getWaiting(5, 5);
  await job.remove();
  await queue.resume();
  assert.equal((await proc.within(60000)).code, 1);
  const verdict = verdictOf(proc);
  assert.equal(verdict.verdict, 'broken');
  assert.deepEqual(verdict.jobs.lost, [job.id]);
  assert.equal(verdict.jobs.completed, 19);
}));

test('jobs that nobody finishes are no good verdict', staged(async stage => {
  await stage.serve(PATIENT, CHAOS);
  await stage.work('w-1', {}, CHAOS);
  await stage.queue().pause();
  const { code, verdict } = await run(stage, '--duration', '1s', '--jobs', '5', '--settle', '2s');
  assert.equal(code, 1);
  assert.equal(verdict.jobs.unfinished.length, 5);
}));

/** Starts a run that freezes a worker for a minute; the one that it froze. */
async function freeze(stage, procs, ...args) {
  const proc = start(stage, '--duration', '60s', '--every', '1s', '--away', '60s', '--jobs', '20', '--actions', 'freeze-worker', ...args);
  const victim = await until(() => [...procs.values()].find(one => stateOf(one.pid) === 'T'), 'a worker is frozen');
  return { proc, victim };
}
const thawed = victim => until(() => stateOf(victim.pid) !== 'T', 'the worker goes on', 3000);

test('a stop file ends a run at once and thaws what is frozen', staged(async stage => {
  const procs = await cluster(stage);
  const file = path.join(stage.folder, 'stop');
  const { proc, victim } = await freeze(stage, procs, '--stop-file', file);
  fs.writeFileSync(file, '');
  await thawed(victim);
  assert.equal((await proc.within(30000)).code, 0);
  assert.match(proc.out, /stopped by +the file/);
}));

test('Ctrl-C and the main node\'s stop switch thaw what is frozen', staged(async stage => {
  const procs = await cluster(stage);
  for (const end of [proc => proc.kill('SIGINT'), () => fetch(`${stage.url}/api/chaos/stop`, { method: 'POST' })]) {
    const { proc, victim } = await freeze(stage, procs);
    await end(proc);
    await thawed(victim);
    assert.equal((await proc.within(30000)).code, 0);
    assert.match(proc.out, /stopped by +(a signal|the main node)/);
  }
}));

test('what is frozen goes on when the command is killed', staged(async stage => {
  const procs = await cluster(stage);
  const { proc, victim } = await freeze(stage, procs);
  kill(proc.pid, 'SIGKILL');
  await thawed(victim);
}));

test('a frozen Redis goes on when the command is killed', staged(async stage => {
  await cluster(stage, ['w-1']);
  const proc = start(stage, '--duration', '60s', '--every', '1s', '--away', '60s', '--jobs', '20', '--actions', 'stop-redis');
  await until(() => stateOf(stage.redisProc.pid) === 'T', 'Redis is frozen');
  kill(proc.pid, 'SIGKILL');
  await until(() => stateOf(stage.redisProc.pid) !== 'T', 'Redis goes on', 3000);
}));

test('a run whose victim nobody starts again is broken, however short it settles', staged(async stage => {
  await stage.serve(PATIENT, CHAOS);
  for (const name of ['w-1', 'w-2']) await stage.work(name, PATIENT, CHAOS);
  const { code, verdict } = await run(stage, '--duration', '1s', '--every', '1s', '--jobs', '5', '--actions', 'kill-worker', '--settle', '1s');
  assert.equal(code, 1, JSON.stringify(verdict));
  assert.equal(verdict.verdict, 'broken');
  assert.deepEqual(verdict.jobs.lost, []);
  assert.match(verdict.missing.join(), /^kill-worker w-[12], 3\d.* ago: start it again$/);
}));

test('nothing is done where it is not allowed', staged(async stage => {
  await stage.serve();
  await stage.work('w-1');
  const refused = await stage.command(['chaos', '--url', stage.url]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /does not allow chaos: start it with --chaos/);
  for (const target of ['kill/dispatcher', 'nodes/w-1/kill/uplink', 'nodes/w-1/cut', 'run', 'stop']) {
    const answer = await fetch(`${stage.url}/api/chaos/${target}`, { method: 'POST' });
    assert.equal(answer.status, 403, target);
    assert.match((await answer.json()).error.hint, /--chaos/);
  }
}));

test('a worker refuses what it did not allow itself', staged(async stage => {
  await stage.serve(PATIENT, CHAOS);
  await stage.work('careful');
  await stage.work('willing', {}, CHAOS);
  const { nodes } = await stage.get('/api/nodes');
  const [careful, willing] = nodes.sort((a, b) => (a.name < b.name ? -1 : 1));
  assert.deepEqual([careful.chaos, careful.process], [false, null]);
  assert.equal(willing.chaos, true);
  assert.ok(willing.process.pid > 1);
  const kills = async name => (await fetch(`${stage.url}/api/chaos/nodes/${name}/kill/processor_pool`, { method: 'POST' })).status;
  assert.deepEqual([await kills('careful'), await kills('willing'), await kills('nobody')], [403, 202, 404]);
  const restarts = async name => (await stage.get('/api/nodes')).nodes.find(x => x.name === name).actors.find(x => x.name === 'processor_pool').restarts;
  await until(async () => (await restarts('willing')) === 1, 'the willing one restarted its pool');
  assert.equal(await restarts('careful'), 0);
  assert.equal((await fetch(`${stage.url}/api/chaos/nodes/willing/cut?seconds=0`, { method: 'POST' })).status, 400);
}));

test('wrong flags are told with what is right', staged(async stage => {
  for (const [args, words] of [
    [['--actions', 'kill-all'], /'kill-all' is not a known action\. Actions are kill-actor/],
    [['--every', '1ms'], /--every '1ms' is not within 10ms and 24h/],
    [['--duration', 'soon'], /--duration 'soon'/],
    [['--blast-radius', '0'], /blast-radius/],
  ]) {
    const { code, err } = await stage.command(['chaos', '--url', 'http://127.0.0.1:1', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, words);
  }
  const away = await stage.command(['chaos', '--url', 'http://127.0.0.1:1']);
  assert.equal(away.code, 1);
}));

test('the main node does one action at a time', staged(async stage => {
  const procs = await cluster(stage);
  const act = async body => (await fetch(`${stage.url}/api/chaos/act`, { method: 'POST', body: JSON.stringify(body) })).status;
  const done = line => until(async () => { const { run } = await stage.get('/api/chaos'); return run?.lines.includes(line) && run; }, line, 5000);
  const ended = () => until(async () => { const { run } = await stage.get('/api/chaos'); return run && !run.running && run; }, 'it has ended', 30000);
  for (const wrong of [{}, { action: 'kill-all' }, { action: 'freeze-worker' }, { action: 'kill-worker,cut-worker', node: 'w-1' }, { action: 'stop-redis', away: 'soon' }, { action: 5 }])
    assert.equal(await act(wrong), 400, JSON.stringify(wrong));
  assert.equal(await act({ action: 'freeze-worker', node: 'w-1', away: '2s' }), 202);
  await done('freeze-worker w-1 for 2s');
  await until(() => stateOf(procs.get('w-1').pid) === 'T', 'it is stopped', 1000, 5);
  assert.equal(await act({ action: 'kill-clients' }), 409);
  const { seed, outcome, error } = await ended();
  assert.deepEqual([seed, outcome, error], [null, null, '']);
  assert.notEqual(stateOf(procs.get('w-1').pid), 'T');
  const { pid } = procs.get('w-2');
  assert.equal(await act({ action: 'kill-worker', node: 'w-2' }), 202);
  await done('kill-worker w-2');
  assert.equal((await ended()).error, '');
  await until(() => procs.get('w-2').pid !== pid, 'killed, and started again', 10000);
  for (const [action, line] of [['kill-clients', 'kill-clients redis'], ['stop-redis', 'stop-redis redis for 5s']]) {
    assert.equal(await act({ action }), 202);
    await done(line);
    if (action === 'stop-redis') {
      await until(() => stateOf(stage.redisProc.pid) === 'T', 'it is stopped', 1000, 5);
      assert.equal((await fetch(`${stage.url}/api/chaos/stop`, { method: 'POST' })).status, 202);
    }
    assert.equal((await ended()).error, '');
  }
  assert.notEqual(stateOf(stage.redisProc.pid), 'T', 'it was stopped for 5 s, and the stop switch came before');
  assert.equal(await act({ action: 'freeze-worker', node: 'nobody' }), 202);
  assert.match((await ended()).error, /nobody is not in the cluster/);
}));

test('the main node makes a run of its own', staged(async (stage, t) => {
  await cluster(stage);
  const post = (target, body) => fetch(`${stage.url}/api/chaos/${target}`, { method: 'POST', body: body && JSON.stringify(body) });
  assert.equal((await stage.get('/api/chaos')).run, null);
  assert.equal((await post('run', { actions: 'kill-all' })).status, 400);
  assert.equal((await post('run', { duration: 5 })).status, 400);
  assert.equal((await post('run', { duration: '5s', every: '500ms', away: '2s', jobs: 50, seed: 3 })).status, 202);
  assert.equal((await post('run', {})).status, 409);
  const ended = async () => { const { run } = await stage.get('/api/chaos'); return run && !run.running && run; };
  const made = await until(ended, 'the run has ended', 60000);
  t.diagnostic(JSON.stringify(made));
  assert.equal(made.outcome.verdict, 'ok');
  assert.equal(made.outcome.jobs.completed, 50);
  assert.equal(made.seed, 3);
  const harsh = ['kill-worker', 'freeze-worker', 'kill-clients', 'stop-redis'];
  assert.equal((await post('run', { actions: harsh.join(), duration: '16s', every: '1s', away: '1s', jobs: 50, seed: 5 })).status, 202);
  const worse = await until(ended, 'that one has ended too', 90000);
  t.diagnostic(JSON.stringify(worse.outcome));
  assert.equal(worse.outcome.verdict, 'ok');
  assert.deepEqual([worse.outcome.jobs.completed, worse.outcome.missing], [50, []]);
  const planned = [...Object.keys(worse.outcome.actions), ...worse.outcome.skipped.map(text => text.split(' ')[0])];
  for (const kind of harsh) assert.ok(planned.includes(kind), `${kind} was done, or too much was away`);
  assert.equal((await post('run', { duration: '60s' })).status, 202);
  await sleep(1500);
  assert.equal((await post('stop')).status, 202);
  assert.equal((await until(ended, 'the run has stopped', 20000)).outcome.stoppedBy, 'the page');
}));
