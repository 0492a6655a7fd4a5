// What searches ask a provider of vectors counts like what jobs ask it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, staged, until } from './_lib.mjs';
import { json, KEY, provider } from './_provider.mjs';
import { writeQuick } from './_pictures.mjs';

const MOST = 3; // calls per hour: one for the picture, two for searches

/** A main node and a worker with one picture that has a vector of the provider. */
async function fill(stage, peer, more) {
  writeQuick(stage);
  const env = { ...peer.env(), DARKROOM_EMBEDDING_PROVIDER: 'openai', DARKROOM_EMBEDDING_BASE_URL: peer.env().OPENAI_BASE_URL, DARKROOM_EMBEDDING_API_KEY: KEY, ...more };
  await stage.serve(env);
  await stage.work('worker-1', env);
  const body = fs.readFileSync(path.join(SAMPLES, 'friends-soft-edge.png'));
  assert.equal((await fetch(`${stage.url}/api/images?name=friends.png`, { method: 'POST', body })).status, 201);
  await until(async () => (await stage.get('/api/images?status=completed')).total === 1, 'the picture is completed', 120000);
}

const vectors = peer => peer.calls.filter(call => call.path.endsWith('/embeddings'));
const search = (stage, text) => stage.get(`/api/search?q=${encodeURIComponent(text)}`);

test('searches stay within limit and budget and find words without a call', staged(async stage => {
  const peer = await provider(stage);
  await fill(stage, peer, { DARKROOM_LIMITS_EMBEDDING: `${MOST}/1h` });
  assert.equal(vectors(peer).length, 1);
  for (const text of ['a bicycle', 'a wall']) assert.equal((await search(stage, text)).searched.note, null);
  assert.equal((await search(stage, 'a bicycle')).searched.note, null, 'a query that was embedded costs nothing');
  const late = await search(stage, 'a red bicycle');
  assert.match(late.searched.note, /^only words were searched: the limit of embedding is reached/);
  assert.equal(late.hits.length, 1);
  assert.equal(vectors(peer).length, MOST);
  const { bounds } = (await stage.get('/api/providers')).budget;
  assert.equal(bounds.find(x => x.scope === 'embedding' && x.kind === 'requests').used, MOST);
  assert.equal(bounds.find(x => x.scope === 'embedding' && x.kind === 'tokens').used, MOST * 150);
}));

test('a provider that refuses the key is told by a search and not asked by the next', staged(async stage => {
  const peer = await provider(stage);
  await fill(stage, peer, {});
  const events = await stage.workerEvents();
  peer.answer = (call, response) => call.path.endsWith('/embeddings') && json(response, 401, { error: { message: 'Incorrect API key provided' } });
  const before = vectors(peer).length;
  assert.match((await search(stage, 'a bicycle')).searched.note, /Incorrect API key provided/);
  await until(() => events.some(x => x.type === 'provider-state' && x.state === 'resting' && x.resource === 'embedding'), 'it is told', 10000);
  assert.match((await search(stage, 'a wall')).searched.note, /Incorrect API key provided/);
  assert.equal(vectors(peer).length, before + 1);
}));
