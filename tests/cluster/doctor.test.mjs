// `darkroom doctor` beside Redis servers of good and bad settings.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { QUEUE, freePort, staged } from './_lib.mjs';
import { json, KEY, provider } from './_provider.mjs';

const GOOD = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];

/** The answer as {code, ok, of: check => its findings}. */
async function doctor(stage, more = {}, args = []) {
  const { code, out, err } = await stage.command(['doctor', '--json', ...args], { DARKROOM_CATALOG_DATABASE: stage.database, ...more });
  assert.equal(err, '');
  const { ok, checks } = JSON.parse(out);
  const isAway = checks.some(x => x.check === 'redis' && x.level === 'FAIL');
  assert.equal(code, ok ? 0 : isAway ? 3 : 1);
  for (const x of checks) assert.equal(x.level === 'ok', x.advice === undefined, JSON.stringify(x));
  return { code, ok, checks, of: name => checks.filter(x => x.check === name), level: name => checks.find(x => x.check === name)?.level };
}

test('good surroundings are well', staged(async stage => {
  const found = await doctor(stage);
  assert.equal(found.ok, true, JSON.stringify(found.checks));
  for (const name of ['redis', 'redis version', 'redis eviction', 'redis persistence', 'clock', 'codec', 'codec sandbox', 'uploads', 'catalog', 'cluster port'])
    assert.equal(found.level(name), 'ok', name);
  for (const format of ['png', 'jpeg', 'webp', 'avif', 'gif']) assert.match(found.of('codec')[0].text, new RegExp(`reads ${format}`));
  for (const format of ['jpeg', 'webp', 'avif']) assert.match(found.of('codec')[0].text, new RegExp(`writes ${format}`));
  assert.match(found.of('redis persistence')[0].text, /everysec/);
  assert.ok(!fs.existsSync(stage.database), 'it changes nothing');
  assert.deepEqual(stage.files(), []);
  const { code, out } = await stage.command(['doctor'], { DARKROOM_CATALOG_DATABASE: stage.database });
  assert.equal(code, 0);
  assert.match(out, /^ok +redis eviction +maxmemory-policy is noeviction$/m);
  await stage.serve();
  assert.equal((await doctor(stage)).level('catalog'), 'ok');
}, { redis: GOOD }));

test('a Redis that may throw jobs away, or keeps nothing, is told', staged(async stage => {
  const redis = stage.redis();
  for (const policy of ['allkeys-lru', 'volatile-ttl', 'allkeys-random']) {
    await redis.config('SET', 'maxmemory-policy', policy);
    const found = await doctor(stage);
    assert.equal(found.ok, false);
    assert.equal(found.level('redis eviction'), 'FAIL');
    assert.match(found.of('redis eviction')[0].text, new RegExp(policy));
  }
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await redis.config('SET', 'appendonly', 'no');
  const bare = await doctor(stage);
  assert.equal(bare.ok, true, 'a warning is no failure');
  assert.equal(bare.level('redis persistence'), 'warn');
}, { redis: GOOD }));

test('a Redis that refuses CONFIG or is away is told', staged(async stage => {
  await stage.redis().call('ACL', 'SETUSER', 'plain', 'on', '>word', '~*', '+@all', '-config');
  const user = { DARKROOM_REDIS_USERNAME: 'plain', DARKROOM_REDIS_PASSWORD: 'word' };
  const found = await doctor(stage, user);
  assert.equal(found.level('redis eviction'), 'ok');
  assert.match(found.of('redis persistence')[0].text, /unknown/);
  const away = await doctor(stage, { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  assert.equal(away.ok, false);
  assert.equal(away.level('redis'), 'FAIL');
  assert.match(away.of('redis')[0].text, /refused/);
}, { redis: GOOD }));

test('folders, catalog and models that do not do are told', staged(async stage => {
  const text = path.join(stage.folder, 'text');
  fs.writeFileSync(text, 'no database, and no folder');
  const found = await doctor(stage, { DARKROOM_STORAGE_UPLOADS: text, DARKROOM_CATALOG_DATABASE: text, DARKROOM_EMBEDDING_WEIGHTS: stage.uploads });
  for (const name of ['uploads', 'catalog', 'embedder']) assert.equal(found.level(name), 'FAIL', JSON.stringify(found.of(name)));
  const nowhere = await doctor(stage, { DARKROOM_STORAGE_UPLOADS: path.join(text, 'below') });
  assert.equal(nowhere.level('uploads'), 'FAIL');
}, { redis: GOOD }));

test('a SQLite catalog beside an active main node on another machine is told', staged(async stage => {
  const active = machine => stage.redis().set(`darkroom:bull:${QUEUE}:main`, JSON.stringify({ node: 'a', machine, pid: 1, started: '1' }), 'PX', 60000);
  const kernel = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  await active(`${kernel} pid:[1]`); // a container beside this one
  assert.deepEqual((await doctor(stage)).of('catalog').map(x => x.level), ['ok']);
  await active(`${kernel.replace(/./, x => (x === '0' ? '1' : '0'))} pid:[1]`);
  assert.deepEqual((await doctor(stage)).of('catalog').map(x => x.level), ['ok', 'warn']);
}, { redis: GOOD }));

test('a worker needs a main node, and neither Redis nor a catalog', staged(async stage => {
  await stage.serve();
  const worker = main => doctor(stage, { REDIS_URL: 'redis://127.0.0.1:1', DARKROOM_CLUSTER_MAIN: main }, ['--role', 'worker']);
  const here = `127.0.0.1:${stage.clusterPort}`;
  const found = await worker(here);
  assert.deepEqual([found.ok, found.checks.map(x => x.check)], [true, ['codec', 'codec sandbox', 'vision', 'embedder', 'uploads', 'main node']]);
  assert.equal(found.level('main node'), 'ok');
  const nobody = `127.0.0.1:${await freePort()}`;
  assert.deepEqual((await worker(`${here},${nobody}`)).of('main node').map(x => x.level), ['ok', 'warn']);
  const alone = await worker(nobody);
  assert.deepEqual([alone.ok, alone.level('main node')], [false, 'FAIL']);
  assert.equal((await worker('')).level('main node'), 'FAIL');
  const redis = (await doctor(stage, { REDIS_URL: 'redis://127.0.0.1:1' })).of('redis')[0];
  assert.match(redis.advice, /--role worker/);
}, { redis: GOOD }));

test('an API that others reach without a token fails', staged(async stage => {
  assert.equal((await doctor(stage)).level('http port'), 'ok');
  const asked = await doctor(stage, { DARKROOM_HTTP_BIND: '0.0.0.0' });
  assert.equal(asked.level('http port'), 'ok');
  assert.match(asked.of('http port')[0].text, /0\.0\.0\.0:3000 needs a token/);
  const open = await doctor(stage, { DARKROOM_HTTP_BIND: '0.0.0.0', DARKROOM_HTTP_INSECURE: 'true' });
  assert.equal(open.level('http port'), 'FAIL');
  assert.match(open.of('http port')[0].text, /0\.0\.0\.0:3000.*nobody needs a token/);
  assert.match(open.of('http port')[0].advice, /--insecure/);
  assert.equal((await doctor(stage, { DARKROOM_HTTP_BIND: '0.0.0.0', DARKROOM_HTTP_ENABLED: 'false' })).level('http port'), 'ok');
}, { redis: GOOD }));

test('a port that others reach needs TLS', staged(async stage => {
  const open = { DARKROOM_CLUSTER_BIND: '0.0.0.0' };
  for (const more of [open, { ...open, DARKROOM_CLUSTER_INSECURE: 'true' }]) {
    const found = await doctor(stage, more);
    assert.equal(found.level('cluster port'), 'FAIL');
    assert.match(found.of('cluster port')[0].text, /0\.0\.0\.0:7700/);
  }
  const folder = path.join(stage.folder, 'tls');
  const file = name => path.join(folder, name);
  for (const [node, days] of [['main', 40], ['short', 20]])
    assert.equal((await stage.command(['tls', 'init', '--out', folder, '--node', node, '--days', `${days}`])).code, 0);
  const files = name => ({ ...open, DARKROOM_CLUSTER_TLS_CERTIFICATE: file(`${name}.crt`), DARKROOM_CLUSTER_TLS_KEY: file(`${name}.key`), DARKROOM_CLUSTER_TLS_CA: file('ca.crt') });
  const safe = await doctor(stage, files('main'));
  assert.deepEqual(safe.of('cluster tls').map(x => x.level), ['ok', 'ok']);
  assert.deepEqual((await doctor(stage, files('short'))).of('cluster tls').map(x => x.level), ['warn', 'ok']);
  assert.equal((await doctor(stage, { ...files('main'), DARKROOM_CLUSTER_TLS_KEY: file('short.key') })).level('cluster tls'), 'FAIL');
}, { redis: GOOD }));

test('a provider that does not listen, or refuses its key, is named', staged(async stage => {
  const peer = await provider(stage);
  const vision = (await doctor(stage, peer.env())).of('vision');
  assert.deepEqual(vision.map(x => x.level), ['ok']);
  assert.equal(peer.calls.length, 0, 'no call that costs something');
  const nobody = { ...peer.env(), OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1` };
  const silent = await doctor(stage, nobody);
  assert.equal(silent.level('vision'), 'FAIL');
  const strict = await stage.listen((_request, _body, response) => json(response, 401, { error: { message: 'no' } }));
  const refused = (await doctor(stage, { ...peer.env(), OPENAI_BASE_URL: strict })).of('vision')[0];
  assert.equal(refused.level, 'FAIL');
  assert.match(refused.text, /refuses the key/);
  assert.ok(!JSON.stringify(refused).includes(KEY));
}));

test('a probe makes one call and shows what was learned', staged(async stage => {
  const peer = await provider(stage);
  peer.answer = (call, response) => call.body.includes('"max_tokens"')
    && json(response, 400, { error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", param: 'max_tokens' } });
  const probed = (await doctor(stage, peer.env(), ['--probe'])).of('vision call')[0];
  assert.equal(probed.level, 'ok', probed.text);
  assert.match(probed.text, /max_completion_tokens/);
  assert.equal(peer.vision().length, 2);
}));
