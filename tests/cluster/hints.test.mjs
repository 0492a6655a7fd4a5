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

test('a main node that has no workers tells of no other node that it should wait', staged(async stage => {
  await stage.solo({}, ['--chaos']);
  for (const order of ['nodes/nobody/cordon', 'nodes/nobody/uncordon', 'chaos/nodes/nobody/cut', 'chaos/nodes/nobody/kill/uplink'])
    assert.equal((await fetch(`${stage.url}/api/${order}`, { method: 'POST' })).status, 404, order);
}));

test('commands find the active main node among those that are named, and follow it', staged(async stage => {
  const { a, b, becomes } = await pair(stage);
  const urlOf = main => `http://127.0.0.1:${main.http}`;
  const nowhere = `127.0.0.1:${await freePort()}`;
  const mainOf = async (flags, env) => {
    const { code, out, err } = await stage.command(['nodes', '--json', ...flags], env);
    assert.equal(code, 0, err);
    return JSON.parse(out).main.name;
  };
  assert.equal(await mainOf(['--main', urlOf(b)]), 'a', 'the standby names it');
  assert.equal(await mainOf(['--main', `${nowhere},127.0.0.1:${b.http},${urlOf(a)}/`]), 'a');
  const env = { DARKROOM_MAIN: `${urlOf(a)},${urlOf(b)}` };
  assert.equal(await mainOf([], env), 'a');
  a.proc.kill('SIGTERM');
  await becomes(b, 'active');
  assert.equal(await mainOf([], env), 'b');
  const none = await stage.command(['nodes', '--main', nowhere]);
  assert.equal(none.code, 1);
  assert.match(none.err, /--main or DARKROOM_MAIN names others/);
}));

test('each command warns of a DARKROOM_ variable that names no setting', staged(async stage => {
  const { code, out, err } = await stage.command(['queue', '--json'], { DARKROOM_QUEUE_LIMT: '5/s', DARKROOM_API_TOKEN: 'x', DARKROOM_MAIN: 'x' });
  assert.equal(code, 0, err);
  JSON.parse(out);
  assert.match(err, /^darkroom: environment variable DARKROOM_QUEUE_LIMT names no setting; did you mean 'DARKROOM_QUEUE_LIMIT'\?\n$/);
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
