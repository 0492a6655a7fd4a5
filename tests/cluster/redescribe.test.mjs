// Pictures that the local model described while the first provider was out of
// use are described again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SAMPLES, sleep, staged, until } from './_lib.mjs';
import { json, KEY, provider } from './_provider.mjs';
import { writeQuick } from './_pictures.mjs';

const NAMES = ['friends-soft-edge.png', 'mountains.jpg', 'sunset-turned.jpg'];

/** A main node and a worker; the first provider rests, so the local model has described all pictures. */
async function fill(stage, every) {
  const peer = await provider(stage);
  const state = { refuses: true };
  peer.answer = (_call, response) => state.refuses && json(response, 429, { error: { message: 'Come back later' } }, { 'Retry-After': '600' });
  writeQuick(stage);
  fs.appendFileSync(stage.config, [
    '', '[[vision.providers]]', 'kind = "openai"', `base_url = "${peer.env().OPENAI_BASE_URL}"`, `api_key = "${KEY}"`, 'model = "eye"',
    '', '[[vision.providers]]', 'kind = "local"', ''].join('\n'));
  const env = { DARKROOM_EMBEDDING_PROVIDER: 'local', DARKROOM_VISION_REDESCRIBE_EVERY: every };
  await stage.serve(env);
  await stage.work('worker-1', env);
  for (const name of NAMES) {
    const answer = await fetch(`${stage.url}/api/images?name=${name}`, { method: 'POST', body: fs.readFileSync(path.join(SAMPLES, name)) });
    assert.equal(answer.status, 201);
  }
  await until(async () => (await stage.get('/api/images?status=completed')).total === NAMES.length, 'all are completed', 120000);
  assert.deepEqual(await ranks(stage), [1, 1, 1]);
  return { peer, state };
}

const ranks = async stage => (await stage.get('/api/images')).images.map(image => image.metadata.call.providerRank);

const redescribe = stage => stage.command(['redescribe'], { DARKROOM_CATALOG_DATABASE: stage.database });

const allFirst = stage => until(async () => (await ranks(stage)).every(rank => rank === 0), 'the first provider has described all', 60000);

test('pictures of a lower provider are described again by themselves once the first one works', staged(async stage => {
  const { peer, state } = await fill(stage, '1s');
  const before = peer.vision().length;
  await sleep(3000);
  assert.equal(peer.vision().length, before, 'while it rests it is not asked');
  assert.equal((await stage.queue().getJobs()).filter(job => job.id.startsWith('redescribe')).length, 0, 'nor are jobs added');
  state.refuses = false;
  assert.equal((await stage.command(['resume', 'vision'])).code, 0);
  await allFirst(stage);
  assert.equal(peer.vision().length, before + NAMES.length, 'each once');
}));

test('an operator has them described again', staged(async stage => {
  const { peer, state } = await fill(stage, '0');
  const before = peer.vision().length;
  const early = await redescribe(stage);
  assert.equal(early.code, 1);
  assert.match(early.err, /the first provider rests, so nothing was added/);
  state.refuses = false;
  assert.equal((await stage.command(['resume', 'vision'])).code, 0);
  const trial = await redescribe(stage);
  assert.equal(trial.code, 0, trial.err);
  assert.match(trial.out, /^1 picture will be described again, .*; its call shows whether the first provider works again/);
  await until(async () => (await ranks(stage)).filter(rank => rank === 0).length === 1, 'one is described', 60000);
  assert.equal(peer.vision().length, before + 1, 'nobody asked for more');
  assert.equal((await redescribe(stage)).out, '2 pictures will be described again, when no other job waits\n');
  await allFirst(stage);
  assert.match((await redescribe(stage)).out, /^the first provider of the list described every picture/);
}));
