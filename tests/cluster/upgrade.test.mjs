// A rolling upgrade under load: nodes of two versions of the protocol work
// together, if main nodes come first. `darkroom_before` is the same program,
// but speaks the protocol before.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Ledger, mixed } from '../chaos/_ledger.mjs';
import { BINARY, ROOT, staged, until } from './_lib.mjs';
import { mainsOf } from './_mains.mjs';

const BEFORE = process.env.DARKROOM_BEFORE || path.join(path.dirname(BINARY), 'darkroom_before');
const NEW = Number(/newest_protocol = (\d+)/.exec(fs.readFileSync(path.join(ROOT, 'messages/protocol.hpp'), 'utf8'))[1]);
const OLD = NEW - 1;
const JOB_MS = 200; // 100 to 300 ms
const AHEAD = 30;   // jobs that wait or run
const SHARE = 40;   // jobs that each mixture of versions has to finish

/** Ends a node by TERM. */
async function end(proc) {
  proc.kill('SIGTERM');
  assert.equal((await proc.within(20000)).code, 0, `${proc.label} drains`);
}

const speaks = protocol => `${protocol} \\(darkroom [\\d.]+\\)`;

test('main nodes and then workers are upgraded while jobs run', staged(async (stage, t) => {
  const protocols = async () => {
    const { nodes, main } = await stage.get('/api/nodes');
    return Object.fromEntries([['main', main.protocol], ...nodes.map(x => [x.name, x.protocol])]);
  };
  const becomes = (wanted, what) => until(async () => {
    assert.deepEqual(await protocols(), wanted);
    return true;
  }, what);
  const says = (proc, what) => until(() => what.test(proc.out), `${proc.label} says ${what}`);

  stage.binary = BEFORE;
  const mains = await mainsOf(stage, ['a', 'b']);
  const { a, b } = mains;
  const first = await stage.work('w1', mains.env);
  const second = await stage.work('w2', mains.env);
  const ledger = await Ledger.open(stage);
  const feed = ledger.feed(AHEAD, i => mixed(i, JOB_MS));
  const share = async () => {
    const wanted = ledger.finished + SHARE;
    await until(() => ledger.finished >= wanted, `${SHARE} jobs more are done`, 20000);
  };
  await becomes({ main: OLD, w1: OLD, w2: OLD }, 'all speak the protocol before');
  await share();

  // Workers first would be the wrong order: they wait, and both sides say why.
  stage.binary = BINARY;
  const early = stage.darkroom('w3', ['work'], {
    DARKROOM_CLUSTER_NODE_NAME: 'w3', DARKROOM_WORKER_DIAGNOSTICS: 'true', ...mains.env,
  });
  const why = `the worker speaks protocol ${speaks(NEW)}, the main node ${speaks(OLD)}, which is older: upgrade the main nodes first, then the workers`;
  await says(early, new RegExp(why));
  await says(a.proc, new RegExp(`node w3 is refused: ${why}`));
  await becomes({ main: OLD, w1: OLD, w2: OLD }, 'it is not there');

  await end(b.proc); // the standby first
  await mains.becomes(mains.start(b), 'standby');
  await share();
  await end(a.proc); // b takes over
  await mains.becomes(b, 'active');
  mains.use(b);
  await becomes({ main: NEW, w1: OLD, w2: OLD, w3: NEW }, 'a newer main node serves all');
  assert.equal(early.end, null, 'it was patient');
  await mains.becomes(mains.start(a), 'standby');
  await share();
  // A field that came with the new protocol.
  await until(async () => {
    const done = Object.fromEntries((await stage.get('/api/nodes')).nodes.map(x => [x.name, x.done]));
    return done.w1 === null && done.w2 === null && done.w3 > 0;
  }, 'the new worker tells what it has done');

  await end(first);
  await stage.work('w1', mains.env);
  await becomes({ main: NEW, w1: NEW, w2: OLD, w3: NEW }, 'one after the other');
  await share();
  await end(second);
  await stage.work('w2', mains.env);
  await becomes({ main: NEW, w1: NEW, w2: NEW, w3: NEW }, 'all speak the new protocol');
  await share();

  await feed.stop();
  await ledger.end();
  const { added, lost, doubled, burned } = await ledger.verdict();
  t.diagnostic(`${added} jobs: ${lost.length} lost, ${doubled.length} done twice, ${burned.length} with attempts or stalls counted`);
  assert.deepEqual({ lost, doubled, burned }, { lost: [], doubled: [], burned: [] });
}));
