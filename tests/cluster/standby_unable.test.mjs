// A standby that could not become the active main node lets others pass, says
// what is wrong, and is able once that is mended.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { QUEUE, freePort, sleep, staged, until } from './_lib.mjs';
import { mainsOf } from './_mains.mjs';

const OWN = `darkroom:bull:${QUEUE}:`;

/** Mains a (active), broken (with `more`) and b, each standing by. */
async function besideBroken(stage, more) {
  const mains = await mainsOf(stage, ['a']);
  mains.broken = { name: 'broken', http: await freePort(), cluster: await freePort(), proc: null };
  mains.b = { name: 'b', http: await freePort(), cluster: await freePort(), proc: null };
  mains.begin = (main, own = {}) => {
    main.proc = stage.darkroom(main.name, ['serve'], {
      REDIS_URL: stage.redisUrl,
      DARKROOM_CLUSTER_NODE_NAME: main.name,
      DARKROOM_CLUSTER_PORT: `${main.cluster}`,
      DARKROOM_HTTP_PORT: `${main.http}`,
      DARKROOM_CATALOG_DATABASE: stage.database,
      ...own,
    });
    return main;
  };
  await mains.becomes(mains.begin(mains.broken, more), 'standby');
  return mains;
}

/** Its reason why it could not take over. */
const reason = (mains, what) => until(async () => {
  const told = await mains.readiness(mains.broken);
  return what.test(told.error?.message) && told;
}, `the standby says ${what}`);

const fences = async stage => (await stage.redis().keys(`${OWN}fence:*`)).sort();

test('a standby that cannot open its catalog says so and leaves the lease to another one', staged(async stage => {
  const file = path.join(stage.folder, 'own.db');
  fs.writeFileSync(file, 'this is no database, and never was one. '.repeat(200));
  const mains = await besideBroken(stage, { DARKROOM_CATALOG_DATABASE: file });
  const told = await reason(mains, /own\.db.*not a database/);
  assert.equal(told.status, 503);
  assert.equal(told.role, 'standby');
  assert.equal(told.active.name, 'a');
  assert.equal((await fetch(`http://127.0.0.1:${mains.broken.http}/livez`)).status, 200);

  mains.a.proc.kill('SIGKILL');
  await mains.a.proc.within(2000);
  await until(async () => (await mains.readiness(mains.broken)).active.name === '' || !(await stage.redis().exists(`${OWN}main`)), 'the lease is free', 10000);
  // It may take the lease now, and must not: others find it free.
  await sleep(1500);
  assert.equal(mains.broken.proc.end, null, 'it stands by');
  assert.deepEqual(await stage.redis().exists(`${OWN}fence:2`), 0, 'it has not taken the lease');
  await mains.becomes(mains.begin(mains.b), 'active');

  // Mended, it is able, and takes over.
  fs.rmSync(file);
  await until(async () => (await mains.readiness(mains.broken)).status === 503 && !(await mains.readiness(mains.broken)).error, 'it could take over again');
  mains.b.proc.kill('SIGTERM');
  await mains.broken.proc.line('ready at ');
  await mains.becomes(mains.broken, 'active');
  assert.equal((await fetch(`http://127.0.0.1:${mains.broken.http}/api/images`)).status, 200);
  assert.equal((await fences(stage)).length, 1, 'no fence stays of those before');
}));

test('of two standbys the one that can takes over', staged(async stage => {
  const folder = path.join(stage.folder, 'folder.db');
  fs.mkdirSync(folder);
  const mains = await besideBroken(stage, { DARKROOM_CATALOG_DATABASE: folder });
  await mains.becomes(mains.begin(mains.b), 'standby');
  await reason(mains, /folder\.db/);
  mains.a.proc.kill('SIGKILL');
  await mains.becomes(mains.b, 'active', 5000);
  assert.equal((await mains.readiness(mains.broken)).role, 'standby');
  assert.equal(mains.broken.proc.end, null);
}));

test('a standby without an uploads folder is not able', staged(async stage => {
  const text = path.join(stage.folder, 'text');
  fs.writeFileSync(text, 'no folder');
  const mains = await besideBroken(stage, { DARKROOM_STORAGE_UPLOADS: text });
  await reason(mains, /uploads folder/);
  fs.rmSync(text);
  await until(async () => !(await mains.readiness(mains.broken)).error, 'it is able');
}));

test('a standby whose port for worker nodes is taken does not take over until it is free', staged(async stage => {
  const squatter = net.createServer();
  await new Promise(resolve => squatter.listen(0, '127.0.0.1', resolve));
  const { port } = squatter.address();
  stage.closers.push(() => squatter.close());
  const mains = await besideBroken(stage, { DARKROOM_CLUSTER_PORT: `${port}` });
  mains.a.proc.kill('SIGKILL');
  await reason(mains, /cannot listen on 127\.0\.0\.1:\d+: .*\[cluster\] port/);
  assert.equal(mains.broken.proc.end, null);
  assert.equal(await stage.redis().exists(`${OWN}fence:2`), 0, 'it has not taken the lease');
  await new Promise(resolve => squatter.close(resolve));
  await mains.becomes(mains.broken, 'active');
}));

test('a main node that is alone and cannot start says why and holds no lease', staged(async stage => {
  fs.mkdirSync(stage.database);
  const port = await freePort();
  const main = stage.darkroom('main', ['serve'], {
    REDIS_URL: stage.redisUrl, DARKROOM_CLUSTER_PORT: `${port}`, DARKROOM_HTTP_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database,
  });
  assert.equal((await main.within(15000)).code, 1);
  assert.match(main.out, /darkroom\.db' could not be opened/);
  assert.deepEqual(await stage.redis().keys('darkroom:*'), []);
}));

test('solo does not begin on a catalog that cannot be opened', staged(async stage => {
  fs.writeFileSync(stage.database, 'this is no database, and never was one. '.repeat(200));
  const solo = stage.darkroom('solo', ['solo'], { REDIS_URL: stage.redisUrl, DARKROOM_CATALOG_DATABASE: stage.database });
  assert.equal((await solo.within(15000)).code, 1);
  assert.match(solo.out, /not a database/);
  assert.doesNotMatch(solo.out, /^ready/m);
}));

test('a lease that was taken for a start that fails is given back at once', staged(async stage => {
  // Only the page's port is taken after the lease: it is not tried before.
  const squatter = net.createServer();
  await new Promise(resolve => squatter.listen(0, '127.0.0.1', resolve));
  stage.closers.push(() => squatter.close());
  const main = stage.darkroom('main', ['serve'], {
    REDIS_URL: stage.redisUrl, DARKROOM_CLUSTER_PORT: '0', DARKROOM_HTTP_PORT: `${squatter.address().port}`,
    DARKROOM_CATALOG_DATABASE: stage.database, DARKROOM_CLUSTER_LEASE: '1m',
  });
  assert.equal((await main.within(15000)).code, 2);
  assert.match(main.out, /another program listens there/);
  assert.equal(await stage.redis().get(`${OWN}mains`), '1', 'it had taken the lease');
  assert.deepEqual(await stage.redis().keys(`${OWN}fence:*`), []);
  assert.equal(await stage.redis().exists(`${OWN}main`), 0);
}));

test('a fence of a main node that was killed does not stay for ever', staged(async stage => {
  const mains = await mainsOf(stage, ['a']);
  mains.a.proc.kill('SIGKILL');
  await mains.a.proc.within(2000);
  const [fence] = await fences(stage);
  const left = await stage.redis().pttl(fence);
  assert.ok(left > 0 && left <= 3600000, `${left} ms`);
}));
