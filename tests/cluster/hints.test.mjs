// What commands advise is about what they were asked to do.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { freePort, staged } from './_lib.mjs';
import { pair } from './_mains.mjs';

test('an order to a node that is not there says so, and nothing of models', staged(async stage => {
  await stage.serve();
  for (const action of ['drain', 'cordon', 'uncordon']) {
    const { code, err } = await stage.command(['node', action, 'nobody', '--main', stage.url, '--timeout', '1s']);
    assert.equal(code, 1);
    assert.match(err, /nobody/);
    assert.doesNotMatch(err, /base_url|model|API key/);
  }
  const { err } = await stage.command(['nodes', '--main', `${stage.url}/nowhere`]);
  assert.match(err, /404/);
  assert.doesNotMatch(err, /base_url|model|API key/);
}));

test('a standby that is asked names the active main node', staged(async stage => {
  const { a, b } = await pair(stage);
  const { code, err } = await stage.command(['nodes', '--main', `http://127.0.0.1:${b.http}`]);
  assert.equal(code, 1);
  assert.match(err, new RegExp(`stands by.*ask the active one, http://127\\.0\\.0\\.1:${a.http}`));
}));

test('a standby beside an active main node is not to be started', staged(async stage => {
  const { a, b } = await pair(stage);
  const doctor = async mains => {
    const { out } = await stage.command(['doctor', '--role', 'worker', '--json'], { DARKROOM_CLUSTER_MAIN: mains.map(x => `127.0.0.1:${x}`).join() });
    return JSON.parse(out).checks.filter(x => x.check === 'main node');
  };
  const both = await doctor([a.cluster, b.cluster]);
  assert.deepEqual(both.map(x => x.level), ['ok', 'warn'], JSON.stringify(both));
  assert.match(both[1].advice, /nothing, if it stands by/);
  const none = await doctor([await freePort()]);
  assert.equal(none[0].level, 'FAIL');
  assert.match(none[0].advice, /start it/);
}));

test('a codec process that does not start is not blamed on its formats', staged(async stage => {
  const folder = path.join(stage.folder, 'bin');
  fs.mkdirSync(folder);
  fs.copyFileSync(process.env.DARKROOM, path.join(folder, 'darkroom'));
  fs.writeFileSync(path.join(folder, 'darkroom-codec'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const proc = stage.start('doctor', path.join(folder, 'darkroom'), ['doctor', '--json'], { cwd: stage.folder, env: stage.env({ REDIS_URL: stage.redisUrl, DARKROOM_CATALOG_DATABASE: stage.database }) });
  await proc.within(20000);
  const found = JSON.parse(proc.out).checks.filter(x => x.check === 'codec');
  assert.equal(found.length, 1);
  assert.equal(found[0].level, 'FAIL');
  assert.match(found[0].text, /does not work at all.*status 3/);
  assert.doesNotMatch(found[0].advice, /libvips/);
  assert.match(found[0].advice, /ulimit/);
}));

test('a route that is not there names a page that is', staged(async stage => {
  await stage.serve();
  const { error } = await (await fetch(`${stage.url}/api/nowhere`)).json();
  const [page] = error.hint.match(/docs\/[\w-]+\.md/);
  assert.ok(fs.existsSync(path.join(import.meta.dirname || path.dirname(new URL(import.meta.url).pathname), '../..', page)), page);
}));
