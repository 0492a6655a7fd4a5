// A node says at its start what is wrong with its Redis.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staged } from './_lib.mjs';

const GOOD = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
const warnings = proc => proc.out.split('\n').filter(line => line.includes('Redis at 127.0.0.1'));

test('a node warns once of a Redis that may throw jobs away or keeps nothing', staged(async stage => {
  const main = await stage.serve();
  assert.equal(warnings(main).length, 2, main.out);
  assert.match(warnings(main)[0], /maxmemory-policy is allkeys-lru; it may throw jobs away.*noeviction/);
  assert.match(warnings(main)[1], /AOF is off.*a restart loses jobs.*docs\/redis-persistence\.md/);
  assert.equal((await fetch(`${stage.url}/readyz`)).status, 200);
  const solo = await stage.solo();
  assert.equal(warnings(solo).length, 2);
}, { redis: ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'] }));

test('a node has nothing to say of a Redis that keeps all', staged(async stage => {
  assert.deepEqual(warnings(await stage.serve()), []);
}, { redis: GOOD }));

test('a Redis that tells nothing of itself serves a node all the same', staged(async stage => {
  await stage.redis().call('ACL', 'SETUSER', 'plain', 'on', '>word', '~*', '&*', '+@all', '-config', '-info');
  const main = await stage.serve({ DARKROOM_REDIS_USERNAME: 'plain', DARKROOM_REDIS_PASSWORD: 'word' });
  assert.deepEqual(warnings(main), []);
}, { redis: GOOD }));

test('dev has nothing to say of the Redis that it starts', staged(async stage => {
  const dev = await stage.dev({ REDIS_URL: 'redis://127.0.0.1:1' });
  assert.match(dev.out, /started one on port/);
  assert.deepEqual(warnings(dev), []);
}, { redis: GOOD }));
