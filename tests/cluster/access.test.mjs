// Who may use the HTTP API: each role on each route, by each way in.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { QUEUE, ROOT, sleep, staged, until } from './_lib.mjs';

const NEEDS_TOKEN = { DARKROOM_HTTP_REQUIRE_TOKEN: 'true' };
const ROLES = ['viewer', 'operator', 'admin'];
const PUBLIC = new Set(['/', '/assets/{file}', '/livez', '/readyz', '/api/login', '/api/logout', '/api/session']);
const ADMIN = new Set(['/api/queue/obliterate', '/api/audit']);

/** All routes of docs/http.md (tests/check_routes.py compares them with the code): [[method, pattern]]. */
function routes() {
  const text = fs.readFileSync(path.join(ROOT, 'docs/http.md'), 'utf8');
  const found = [...text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`?]*)(?:\?[^`]*)?`/g)].map(([, method, pattern]) => `${method} ${pattern}`);
  return [...new Set(found)].map(entry => entry.split(' '));
}

/** The least role that the documentation promises for a route. */
function needed(method, pattern) {
  if (PUBLIC.has(pattern)) return 'none';
  if (ADMIN.has(pattern) || (pattern.startsWith('/api/chaos') && method !== 'GET')) return 'admin';
  return method === 'GET' ? 'viewer' : 'operator';
}

const rank = role => ['none', ...ROLES].indexOf(role);

/** `darkroom token ARGS`, whose JSON is returned. */
async function token(stage, ...args) {
  const { code, out, err } = await stage.command(['token', ...args, '--json'], { DARKROOM_CATALOG_DATABASE: stage.database });
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

/** What a request is answered: {status, code}, the code of an error. An event stream is left at once. */
async function answered(stage, method, target, headers = {}) {
  const stop = new AbortController();
  const answer = await fetch(stage.url + target, { method, headers, body: method === 'GET' ? undefined : '', signal: stop.signal });
  const code = answer.status >= 400 ? (await answer.json()).error.code : '';
  stop.abort();
  return { status: answer.status, code };
}

const status = async (...args) => (await answered(...args)).status;

/** Refusals of the gate; routes have others. */
const REFUSED = { 401: ['no_token', 'not_valid'], 403: ['role_needed', 'no_csrf_token', 'foreign_origin'], 429: ['too_many_failures'] };

const bearer = text => ({ authorization: `Bearer ${text}` });

/** Logs in: headers of a browser that may write. */
async function logIn(stage, text) {
  const answer = await fetch(`${stage.url}/api/login`, { method: 'POST', body: JSON.stringify({ token: text }) });
  assert.equal(answer.status, 200);
  const [cookie, ...attributes] = answer.headers.get('set-cookie').split('; ');
  assert.ok(attributes.includes('HttpOnly') && attributes.includes('SameSite=Strict'), attributes);
  return { cookie, 'x-csrf-token': (await answer.json()).csrfToken };
}

test('each route wants its role, whatever the way in', staged(async stage => {
  await stage.serve(NEEDS_TOKEN, ['--chaos']);
  const tokens = Object.fromEntries(await Promise.all(ROLES.map(async role => [role, (await token(stage, 'create', role, '--role', role)).token])));
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(tokens.viewer)) === 200, 'the tokens are known');
  const cookies = Object.fromEntries(await Promise.all(ROLES.map(async role => [role, await logIn(stage, tokens[role])])));
  const expired = (await token(stage, 'create', 'short', '--role', 'admin', '--expires', '1s')).token;
  const revoked = (await token(stage, 'create', 'gone', '--role', 'admin')).token;
  await token(stage, 'revoke', 'gone');
  await sleep(2100);
  const all = routes();
  assert.ok(all.length > 50, `${all.length} routes`);
  const wrong = [];
  for (const [method, pattern] of all) {
    const target = pattern.replace('{path...}', 'none.jpg').replace(/\{\w+\}/g, 'none');
    const least = rank(needed(method, pattern));
    const expect = async (who, headers, refused, may) => {
      const got = await answered(stage, method, target, headers);
      const isRefused = REFUSED[got.status]?.includes(got.code) ?? false;
      if (may ? isRefused : got.status !== refused || !isRefused) wrong.push(`${method} ${pattern} by ${who}: ${got.status} ${got.code}`);
    };
    if (method === 'POST' && pattern === '/api/chaos/kill/{actor}') continue; // it would do so
    await expect('nobody', {}, 401, least === 0);
    for (const role of ROLES) {
      if (pattern === '/api/queue/obliterate' && role === 'admin') continue;
      await expect(role, bearer(tokens[role]), 403, rank(role) >= least);
      await expect(`${role}'s cookie`, cookies[role], 403, rank(role) >= least);
      if (method !== 'GET' && least > 0) await expect(`${role}'s cookie from elsewhere`, { ...cookies[role], origin: 'https://evil.example' }, 403, false);
      if (method !== 'GET' && least > 0) await expect(`${role}'s cookie without CSRF token`, { cookie: cookies[role].cookie }, 403, false);
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal(await status(stage, 'GET', '/api/queue', bearer(expired)), 401);
  assert.equal(await status(stage, 'GET', '/api/queue', bearer(revoked)), 401);
}));

test('on loopback, who has no token may do everything, and who has one what it may', staged(async stage => {
  await stage.serve();
  assert.equal(await status(stage, 'POST', '/api/queue/pause'), 200);
  const { token: viewer } = await token(stage, 'create', 'look', '--role', 'viewer');
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(viewer)) === 200, 'the token is known');
  assert.equal(await status(stage, 'POST', '/api/queue/resume', bearer(viewer)), 403);
  assert.deepEqual(await stage.get('/api/session'), { who: 'local', role: 'admin', needsToken: false, csrfToken: null });
}));

test('guessing tokens is slowed down per address', staged(async stage => {
  await stage.serve(NEEDS_TOKEN);
  const { token: good } = await token(stage, 'create', 'good', '--role', 'admin');
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(good)) === 200, 'the token is known');
  const guess = i => bearer(`${good.slice(0, -4)}00${String(i).padStart(2, '0')}`);
  for (let i = 0; i < 20; ++i) assert.equal(await status(stage, 'GET', '/api/queue', guess(0)), 401, 'the same again is no guess');
  const got = [];
  for (let i = 0; i < 12; ++i) got.push(await status(stage, 'GET', '/api/queue', guess(i)));
  const tried = got.indexOf(429); // the good one may have been asked for before it was known
  assert.ok(tried === 9 || tried === 10, got);
  assert.ok(got.slice(tried).every(x => x === 429), got);
  const blocked = await fetch(`${stage.url}/api/queue`, { headers: bearer(good) });
  assert.equal(blocked.status, 429);
  assert.ok(Number(blocked.headers.get('retry-after')) > 0);
  assert.equal(await status(stage, 'GET', '/livez'), 200);
}));

test('a scoped token shows the events of its images and nothing else', staged(async stage => {
  await stage.solo({ ...NEEDS_TOKEN, DARKROOM_WORKER_DIAGNOSTICS: 'true' });
  const { token: operator } = await token(stage, 'create', 'web', '--role', 'operator');
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(operator)) === 200, 'the token is known');
  const made = await fetch(`${stage.url}/api/event-tokens`, { method: 'POST', headers: bearer(operator), body: JSON.stringify({ imageIds: ['mine'], seconds: 5 }) });
  assert.equal(made.status, 201);
  const { token: scoped } = await made.json();
  const events = await stage.browserEvents({ filter: `?token=${encodeURIComponent(scoped)}` });
  const queue = stage.queue();
  await queue.add('generate-variants', { imageId: 'theirs', filePath: 'none.jpg' }, { attempts: 1 });
  await queue.add('generate-variants', { imageId: 'mine', filePath: 'none.jpg' }, { attempts: 1 });
  await until(() => events.some(x => x.type === 'job-failed'), 'the failure is told');
  assert.deepEqual([...new Set(events.map(x => x.imageId))], ['mine']);
  const query = `token=${encodeURIComponent(scoped)}`;
  assert.equal(await status(stage, 'GET', `/api/events?imageId=theirs&${query}`), 403);
  assert.equal(await status(stage, 'GET', `/api/queue?${query}`), 403);
  assert.equal(await status(stage, 'GET', `/api/events?token=${encodeURIComponent(scoped.replace('drs_', 'drs_A'))}`), 401);
  await sleep(5000);
  assert.equal(await status(stage, 'GET', `/api/events?${query}`), 401);
}));

test('an event stream ends with its token', staged(async stage => {
  await stage.solo(NEEDS_TOKEN);
  const { token: viewer } = await token(stage, 'create', 'look', '--role', 'viewer');
  const { token: operator } = await token(stage, 'create', 'web', '--role', 'operator');
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(operator)) === 200, 'the tokens are known');
  const made = await fetch(`${stage.url}/api/event-tokens`, { method: 'POST', headers: bearer(operator), body: JSON.stringify({ imageIds: ['mine'], seconds: 4 }) });
  const { token: scoped } = await made.json();
  const ended = async (query, headers = {}) => {
    const answer = await fetch(`${stage.url}/api/events${query}`, { headers });
    assert.equal(answer.status, 200);
    await answer.text().catch(() => {});
    return true;
  };
  const of = { viewer: false, operator: false, scoped: false };
  ended('', bearer(viewer)).then(is => { of.viewer = is; });
  ended('', bearer(operator)).then(is => { of.operator = is; });
  ended(`?token=${encodeURIComponent(scoped)}`).then(is => { of.scoped = is; });
  await until(() => of.scoped, 'the scoped token has expired', 10000);
  assert.deepEqual(of, { viewer: false, operator: false, scoped: true });
  await token(stage, 'revoke', 'look');
  await until(() => of.viewer, 'the stream of a revoked token ends', 10000);
  assert.equal(of.operator, false);
}));

test('the audit log says who did what, from where, with which result', staged(async stage => {
  await stage.serve(NEEDS_TOKEN);
  const { token: operator } = await token(stage, 'create', 'Ann <b>', '--role', 'operator');
  const { token: admin } = await token(stage, 'create', 'root', '--role', 'admin');
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(operator)) === 200, 'the token is known');
  await status(stage, 'POST', '/api/queue/pause', bearer(operator));
  await status(stage, 'POST', '/api/queue/obliterate', bearer(operator));
  await fetch(`${stage.url}/api/jobs`, { method: 'POST', headers: bearer(operator), body: JSON.stringify({ name: 'echo', data: { a: "'; drop table audit_log; --<script>" } }) });
  await status(stage, 'POST', '/api/login', bearer('drk_nonsense'));
  const ask = async query => (await (await fetch(`${stage.url}/api/audit?${query}`, { headers: bearer(admin) })).json());
  assert.equal((await stage.command(['queue', 'resume'], { DARKROOM_CATALOG_DATABASE: stage.database })).code, 0);
  for (const line of [['limits', 'budget.money=5'], ['resume', 'vision'], ['webhooks', 'retry'], ['fsck']])
    assert.equal((await stage.command(line, { DARKROOM_CATALOG_DATABASE: stage.database })).code, 0, line.join(' '));
  const away = await stage.command(['queue', 'resume'], { DARKROOM_CATALOG_DATABASE: 'postgres://nobody@127.0.0.1:1/none' });
  assert.deepEqual([away.code, away.err], [0, ''], 'a catalog that is away is no reason to fail');
  await until(async () => (await ask('who=Ann+%3Cb%3E')).entries.length >= 3 && (await ask('what=login')).entries.length, 'all are noted');
  const { entries } = await ask('who=Ann+%3Cb%3E');
  assert.deepEqual(entries.map(x => [x.what, x.status]), [['POST /api/jobs', 201], ['POST /api/queue/obliterate', 403], ['POST /api/queue/pause', 200]]);
  assert.ok(entries.every(x => x.from === '127.0.0.1' && x.role === 'operator' && x.at > Date.now() - 60000));
  assert.match(entries[0].details, /drop table/);
  assert.deepEqual((await ask('what=PAUSE')).entries.map(x => x.target), ['/api/queue/pause']);
  const [command, ...more] = (await ask('what=darkroom+queue')).entries;
  assert.deepEqual([command.what, command.target, command.status, command.from, more], ['darkroom queue resume', QUEUE, 0, os.hostname(), []]);
  assert.match(command.who, /^local:./);
  for (const [what, target] of [['darkroom limits', 'budget.money=5'], ['darkroom resume', 'vision'], ['darkroom webhooks retry', QUEUE], ['darkroom fsck', QUEUE]])
    assert.deepEqual((await ask(`what=${what.replaceAll(' ', '+')}`)).entries.map(x => [x.what, x.target]), [[what, target]]);
  assert.deepEqual((await ask('what=darkroom+token')).entries.map(x => x.target), ['root', 'Ann <b>']);
  const page = await ask('limit=2');
  assert.deepEqual([page.entries.length, page.next], [2, page.entries[1].id]);
  assert.ok((await ask(`limit=2&cursor=${page.next}`)).entries.every(x => x.id < page.next));
  const exported = await stage.command(['audit', '--limit', '0', '--json'], { DARKROOM_CATALOG_DATABASE: stage.database });
  // A command writes its entry itself, the server a moment later, so ids are not in the order of times.
  const told = exported.out.trim().split('\n').map(line => JSON.parse(line)).sort((a, b) => a.at - b.at).map(x => x.what);
  assert.deepEqual(told.slice(0, 3), ['darkroom token create', 'darkroom token create', 'POST /api/queue/pause']);
  const all = JSON.stringify(await ask('limit=100')) + exported.out + stage.procs.map(x => x.out).join('');
  for (const secret of [operator, admin]) assert.ok(!all.includes(secret.split('_')[2]), 'no token is in the log');
}));

test('tokens are made, listed and revoked by a command', staged(async stage => {
  await stage.serve(NEEDS_TOKEN);
  const run = (...args) => stage.command(['token', ...args], { DARKROOM_CATALOG_DATABASE: stage.database });
  const made = await run('create', 'ci', '--role', 'operator', '--expires', '720h');
  assert.match(made.out, /^drk_[0-9a-f]{16}_[0-9a-f]{64}\n$/);
  assert.match(made.err, /shown once/);
  const rows = await stage.sql('select * from api_tokens');
  assert.ok(!JSON.stringify(rows).includes(made.out.trim().split('_')[2]), 'only its hash is kept');
  assert.equal((await run('create', 'ci')).code, 1, 'the name is taken');
  assert.equal((await run('create', 'x', '--role', 'king')).code, 2);
  assert.equal((await run('create')).code, 2);
  assert.match((await run('list')).out, /ci +operator +valid/);
  const wrong = await stage.command(['search', 'a dog', '--main', stage.url]);
  assert.notEqual(wrong.code, 0);
  await sleep(1500);
  const right = await stage.command(['search', 'a dog', '--main', stage.url], { DARKROOM_API_TOKEN: made.out.trim() });
  assert.equal(right.code, 0, right.err);
  assert.equal((await run('revoke', 'ci')).code, 0);
  assert.notEqual((await run('revoke', 'ci')).code, 0);
  assert.match((await run('list')).out, /ci +operator +revoked/);
  await until(async () => await status(stage, 'GET', '/api/queue', bearer(made.out.trim())) === 401, 'it does not work any more');
}));
