// Clocks that are off, and one that is set while its node runs (libfaketime).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sleep, staged, until } from './_lib.mjs';

/** The environment of a process whose clock is off by `shift` ("+5s"), or by what a file says. */
function shifted(shift, file) {
  const folders = fs.readdirSync('/usr/lib').map(name => path.join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'));
  const library = folders.find(name => fs.existsSync(name));
  assert.ok(library, 'libfaketime is not there: deploy/install-deps installs it');
  return { LD_PRELOAD: library, FAKETIME_DONT_FAKE_MONOTONIC: '1', ...(file ? { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' } : { FAKETIME: shift }) };
}

/** Findings of `darkroom doctor` of one kind. */
async function doctor(stage, check, more = {}) {
  const { out } = await stage.command(['doctor', '--json'], { DARKROOM_CATALOG_DATABASE: stage.database, ...more });
  return JSON.parse(out).checks.filter(x => x.check === check);
}

test('a worker whose clock is off is told', staged(async stage => {
  const main = await stage.serve();
  const api = { DARKROOM_HTTP_PORT: new URL(stage.url).port };
  assert.deepEqual(await doctor(stage, 'node clock', api), [], 'there is no worker yet');
  await stage.work('well');
  await stage.work('early', shifted('+5s'));
  await until(() => /the clock of node early is \d+ ms ahead of this main node's: set both by NTP/.test(main.out), 'the main node warns');
  assert.doesNotMatch(main.out, /the clock of node well/);
  const skew = Object.fromEntries((await stage.get('/api/nodes')).nodes.map(node => [node.name, node.clockSkewMs]));
  assert.ok(Math.abs(skew.early - 5000) < 500 && Math.abs(skew.well) < 500, JSON.stringify(skew));
  const findings = await doctor(stage, 'node clock', api);
  assert.deepEqual(findings.map(x => [/node (\w+)/.exec(x.text)[1], x.level]), [['early', 'warn'], ['well', 'ok']]);
  assert.match(findings[0].text, /ahead of the main node's/);
  assert.match(findings[0].advice, /NTP/);
  const metrics = await (await fetch(`${stage.url}/metrics`)).text();
  const [, metric] = /^darkroom_node_clock_skew_seconds\{node="early"\} (\S+)$/m.exec(metrics);
  assert.ok(Math.abs(metric - 5) < 0.5, metric);
}));

test('a machine whose clock is not Redis\'s is told', staged(async stage => {
  assert.equal((await doctor(stage, 'clock'))[0].level, 'ok');
  const [found] = await doctor(stage, 'clock', shifted('+5s'));
  assert.equal(found.level, 'warn');
  assert.match(found.text, /behind this machine's/);
}));

test('a clock that is set cuts no node off and moves no job', staged(async stage => {
  const file = path.join(stage.folder, 'clock');
  fs.writeFileSync(file, '+0s');
  const main = await stage.serve(shifted(null, file));
  await stage.work('worker-1');
  const queue = stage.queue();
  const jobs = await queue.addBulk([{ name: 'sleep', data: { ms: 4000 } }, { name: 'sleep', data: { ms: 4000 } }]);
  await until(async () => (await queue.getActiveCount()) === 2, 'they run');
  const { joined } = (await stage.get('/api/nodes')).nodes[0];
  for (const step of ['+30s', '-30s']) {
    fs.writeFileSync(file, step);
    await until(async () => Math.abs((await stage.get('/api/nodes')).nodes[0].clockSkewMs) > 20000, `the clock is set ${step}`);
    await sleep(1000);
  }
  await until(async () => (await queue.getCompletedCount()) === 2, 'they have run');
  for (const { id } of jobs) assert.equal((await queue.getJob(id)).attemptsStarted, 1, 'once');
  assert.doesNotMatch(main.out, /cut off|active main node now/);
  assert.equal((await stage.get('/api/nodes')).nodes[0].joined, joined);
}));
