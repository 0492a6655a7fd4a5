// nodes/api/openapi.json and a running server say the same, in both directions:
// what is documented is answered and accepted, and what is answered is
// documented. The last test names what of the document nobody has seen.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ROOT, staged, until } from './_lib.mjs';
import { badTexts, badValues, bounds, Caller, Contract, each, numberBounds, readDocument, step } from './_openapi.mjs';
import { CHAPTERS } from './_openapi_story.mjs';
import { provider } from './_provider.mjs';

const contract = new Contract();
const SMALL = fs.readFileSync(path.join(ROOT, 'tests/pictures/tiny.jpg'));

/** Statuses that need a bug or a hang, an attack, or another server: they are in other tests. */
const RARE = {
  307: 's3.test.mjs, with the pictures in a bucket',
  401: 'the roles below; a public route has it only for a token that is not valid',
  403: 'the roles below, strangers.test.mjs',
  429: 'access.test.mjs: after ten guesses the address may do nothing for a minute',
  500: 'only a bug, or a damaged Redis or catalog',
  502: 'search_calls.test.mjs, with a provider that fails',
  503: 'seen for some below, and in redis_away.test.mjs',
  504: 'only an actor that hangs',
};

const NEVER = ['307', '429', '500', '502', '504']; // of these
const ROLES = ['none', 'viewer', 'operator', 'admin'];

/** Members that these tests do not see: what a pointer contains, and why. */
const UNSEEN = {
  '/EventGap/': 'a browser that was too slow, or a restart',
  '/StandbyReadiness/properties/error': 'standby_unable.test.mjs',
  '/Area/': 'needs the models of deploy/fetch-models, which see faces and things',
  '/Composition/properties/objects/items/': 'as before',
  '/ImagePart/properties/value': 'no job leaves one yet',
  '/properties/runsOutAt': 'depends on the time of day',
  '/JobFields/properties/stalledCounter': 'kill_worker.test.mjs',
  '/JobFields/properties/runnersLost': 'kill_worker.test.mjs',
  '/JobFields/properties/codecDeaths': 'retries.test.mjs',
  '/JobFields/properties/processedBy': 'a BullMQ Worker with a name writes it',
  '/JobFields/properties/defa': 'of a child that took its parent along, for a moment',
  '/JobFields/properties/drTurn': 'of a job that waits for a limit',
};

const schemaOf = operation => step(operation.pointer, 'requestBody', 'content', 'application/json', 'schema');
const examplesOf = operation => Object.values(operation.requestBody?.content['application/json']?.examples || {}).map(x => x.value);
const queryOf = operation => operation.parameters.filter(x => x.in === 'query' && x.name !== 'token'); // a token is tried with the roles

/** All names of the schemas, parameters and answers that the document refers to. */
function referred(value, out = new Set()) {
  if (value && typeof value === 'object') {
    if (typeof value.$ref === 'string') out.add(value.$ref);
    for (const part of Object.values(value)) referred(part, out);
  }
  return out;
}

/** The data of the first frame of a stream. */
async function greeting(url) {
  const abort = new AbortController();
  let text = '';
  for await (const part of (await fetch(`${url}/api/events`, { signal: abort.signal })).body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (/^data: .*\n/m.test(text)) break;
  }
  abort.abort();
  assert.match(text, /^event: hello$/m);
  return JSON.parse(text.match(/^data: (.*)$/m)[1]);
}

/** What was wrong since the last call, each once. */
const problems = () => [...new Set(contract.problems.splice(0))];

test('the document has the routes and parameters of the code and of docs/http.md', async () => {
  await promisify(execFile)('python3', [path.join(ROOT, 'tests/check_routes.py'), ROOT]);
});

test('the document is valid, and uses all that it defines', async () => {
  const { valid, errors } = await new Validator().validate(readDocument());
  assert.ok(valid, JSON.stringify(errors));
  const refs = referred(contract.document);
  for (const ref of refs) assert.ok(contract.at(ref), ref);
  const { schemas, parameters, responses } = contract.document.components;
  const defined = Object.entries({ schemas, parameters, responses }).flatMap(([kind, all]) => Object.keys(all).map(name => `#/components/${kind}/${name}`));
  assert.deepEqual(defined.filter(name => !refs.has(name)), ['#/components/responses/MethodNotAllowed'], 'each path has it');
  const ids = contract.operations.map(x => x.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { operationId, pointer, parameters: own, requestBody } of contract.operations) {
    for (const x of own) if (!operationId.startsWith('streamEvents')) assert.equal(contract.wrong(step(x.pointer, 'schema'), x.example), '', `${operationId} ${x.name}`);
    for (const [name, { value }] of Object.entries(requestBody?.content['application/json']?.examples || {}))
      assert.equal(contract.wrong(schemaOf({ pointer }), value), '', `${operationId} ${name}`);
  }
});

/** The least that gets an operation as far as its work. */
function least(operation) {
  const query = Object.fromEntries(queryOf(operation).filter(x => x.required).map(x => [x.name, x.example]));
  return { query, body: operation.operationId === 'uploadImages' ? SMALL : examplesOf(operation)[0] };
}

/** What holds for each operation, whatever the server has stored. */
const RULES = {
  'a parameter that the document lacks is refused below /api': async (api, operation) => {
    const { query, body } = least(operation);
    const answer = await api.call(operation.operationId, { body, query: { ...query, oddParameter: 1 } });
    return (answer.status === 400) === operation.route.startsWith('/api/');
  },
  'a value that the document does not allow is refused': async (api, operation) => {
    const { query, body } = least(operation);
    for (const { name, pointer } of queryOf(operation))
      for (const text of badTexts(contract, step(pointer, 'schema')))
        await api.call(operation.operationId, { body, query: { ...query, [name]: text }, status: 400 });
  },
  'the example of a parameter and its bounds are taken': async (api, operation) => {
    const { query, body } = least(operation);
    for (const { name, pointer, example } of queryOf(operation))
      for (const text of [String(example), ...bounds(contract, step(pointer, 'schema'))])
        await api.call(operation.operationId, { body, query: { ...query, [name]: text }, status: [200, 201, 404] });
  },
  'a body that the document does not allow is refused': async (api, operation) => {
    const [good] = examplesOf(operation);
    await each(good ? badValues(contract, schemaOf(operation)) : [], bad => {
      const isPart = !Array.isArray(bad) && typeof bad === 'object';
      return api.call(operation.operationId, { body: isPart ? { ...good, ...bad } : bad, status: 400 });
    });
  },
  'what is not there is a 404': async (api, operation) => {
    if (operation.responses[404]) await api.call(operation.operationId, { ...least(operation), path: { actor: 'processor' }, status: 404 });
  },
  'the bounds of the numbers of a body are taken': async (api, operation) => {
    if (operation.operationId === 'startChaos') return; // it would add a million jobs
    for (const part of operation.requestBody?.content['application/json'] ? numberBounds(contract, schemaOf(operation)) : []) {
      const body = examplesOf(operation).map(x => ({ ...x, ...part })).find(x => !contract.wrong(schemaOf(operation), x));
      await api.call(operation.operationId, { body, status: [200, 201, 202, 404, 409] });
    }
  },
  'an answer that the client has is a 304': async (api, operation) => {
    if (operation.responses[304] && !operation.route.includes('{'))
      await api.call(operation.operationId, { ...least(operation), headers: { 'If-None-Match': '*' }, status: 304 });
  },
  'another method is a 405 that names those of the document': async (api, { route }) => {
    const told = contract.operations.filter(x => x.route === route).map(x => x.method);
    const answer = await api.ask(['DELETE', 'PUT', 'POST', 'PATCH'].find(x => !told.includes(x)), route.replace(/\{\w+\}/g, 'none'));
    return answer.status === 405 && isDeepStrictEqual(answer.headers.get('allow').split(', ').sort(), told.sort());
  },
};

test('each operation keeps the rules of the document', staged(async (stage, t) => {
  await stage.serve({}, ['--chaos']);
  const api = new Caller(contract, stage.url);
  assert.deepEqual((await api.call('getOpenApi')).body, contract.document);
  await api.call('pauseQueue', { status: 200 });
  for (const [name, holds] of Object.entries(RULES))
    await t.test(name, async () => {
      for (const operation of contract.operations)
        if (await holds(api, operation) === false) contract.problems.push(`${operation.operationId}: it is not so`);
      assert.deepEqual(problems(), []);
    });
}));

test('each answer of the document is seen, and no other', staged(async stage => {
  const peer = await provider(stage);
  const env = { ...peer.env(), DARKROOM_LIMITS_VISION: '100/1m', DARKROOM_BUDGET_VISION_REQUESTS: '1000', DARKROOM_VISION_CACHE: '0' };
  await stage.serve(env, ['--chaos']);
  await stage.work('worker-1', { ...env, DARKROOM_WORKER_LABELS: 'test' }, ['--chaos']);
  const { out } = await stage.command(['token', 'create', 'ann', '--role', 'admin'], { DARKROOM_CATALOG_DATABASE: stage.database });
  const api = new Caller(contract, stage.url);
  const events = await stage.browserEvents();
  for (const chapter of CHAPTERS)
    await chapter({ api, contract, stage, peer, token: out.trim() }).finally(() => assert.deepEqual(problems(), [], chapter.name));
  contract.checkBody('#/components/schemas/EventHello', await greeting(stage.url), contract.members, x => contract.problems.push(x));
  for (const { text } of events) contract.checkBody('#/components/schemas/WorkerEvent', JSON.parse(text), contract.members, x => contract.problems.push(x));
  assert.deepEqual(problems(), []);
}));

test('a standby and a solo node answer what the document says', staged(async stage => {
  await stage.solo({ DARKROOM_VISION_PROVIDER: 'local', DARKROOM_EMBEDDING_PROVIDER: 'local' });
  const api = new Caller(contract, stage.url);
  const { body: { imageId } } = await api.call('uploadImages', { body: fs.readFileSync(path.join(ROOT, 'tests/pictures/astronaut.jpg')), status: 201 });
  await until(async () => (await api.call('getImage', { path: { id: imageId } })).body.status === 'completed', 'the local analyser has described it', 15000);
  await api.call('listNodes', { status: 200 });
  await api.call('getReadiness', { status: 200 });
  await api.call('getChaos', { status: 403 });
  await stage.solo({ DARKROOM_CATALOG_TABLES: 'off', DARKROOM_QUEUE_NAME: 'without-catalog' });
  const bare = new Caller(contract, stage.url);
  for (const id of ['listImages', 'getImage', 'uploadImages', 'deleteImage']) await bare.call(id, { body: id === 'uploadImages' ? SMALL : undefined, status: 409 });
  await stage.serve();
  const other = stage.darkroom('other', ['serve'], { REDIS_URL: stage.redisUrl, DARKROOM_HTTP_PORT: '0', DARKROOM_CLUSTER_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database });
  const standby = new Caller(contract, (await other.line('standing by at ')).split(' ').at(-1).trim());
  await standby.call('getLiveness', { status: 200 });
  await standby.call('getReadiness', { status: 503 });
  for (const { operationId, 'x-role': role } of contract.operations) if (role !== 'none') await standby.call(operationId, { status: operationId === 'getMetrics' ? 200 : 503 });
  assert.deepEqual(problems(), []);
}));

test('each operation wants the role of the document', staged(async stage => {
  await stage.serve({ DARKROOM_HTTP_REQUIRE_TOKEN: 'true' }, ['--chaos']);
  const api = new Caller(contract, stage.url);
  const headers = { none: {} };
  for (const role of ROLES.slice(1)) {
    const { out } = await stage.command(['token', 'create', role, '--role', role], { DARKROOM_CATALOG_DATABASE: stage.database });
    headers[role] = { authorization: `Bearer ${out.trim()}` };
    await until(async () => (await api.call('getSession', { headers: headers[role] })).body.role === role, 'the token is known');
  }
  for (const operation of contract.operations) {
    const needed = ROLES.indexOf(operation['x-role']);
    assert.ok(needed >= 0, `${operation.operationId} has the role ${operation['x-role']}`);
    for (const [rank, role] of ROLES.entries()) {
      if (rank > needed || (rank === needed && ['obliterateQueue', 'killActor'].includes(operation.operationId))) continue; // it would do so
      const { status, body } = await api.call(operation.operationId, { headers: headers[role] });
      const refused = status === 401 || (status === 403 && body.error.code === 'role_needed');
      if (operation.operationId !== 'logIn' && refused !== (rank < needed)) contract.problems.push(`${operation.operationId} as ${role}: ${status}`);
    }
  }
  assert.deepEqual(problems(), []);
}));

test('nothing of the document is unseen', () => {
  assert.deepEqual(contract.unseen('answers').filter(x => !Object.keys(UNSEEN).some(part => x.includes(part))), []);
  assert.deepEqual(contract.unseen('bodies'), []);
  const all = contract.operations.flatMap(({ operationId, responses }) => Object.keys(responses).map(status => `${operationId} ${status}`));
  assert.deepEqual(all.filter(x => !contract.statuses.has(x) && !(x.split(' ')[1] in RARE)), []);
  for (const status of Object.keys(RARE)) if (!NEVER.includes(status)) assert.ok([...contract.statuses].some(x => x.endsWith(` ${status}`)), `no ${status} was seen`);
});
