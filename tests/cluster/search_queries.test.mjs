// What is wrong with a search is said; several main nodes see the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Postgres } from './_postgres.mjs';
import { staged, until } from './_lib.mjs';
import { writeQuick } from './_pictures.mjs';

const LOCAL = { DARKROOM_EMBEDDING_PROVIDER: 'local', DARKROOM_VISION_PROVIDER: 'local' };

async function status(stage, target) {
  const answer = await fetch(stage.url + target);
  return { status: answer.status, body: await answer.json() };
}

/** Adds the job that embeds a text of the web tier's. */
function embed(stage, imageId, searchableText) {
  return stage.queue().add('generate-embeddings', { imageId, filePath: `${imageId}.jpg`, metadata: { searchableText } });
}

test('a parameter that is unknown or unreadable is a 400 that names it', staged(async stage => {
  await stage.serve(LOCAL);
  for (const [target, words] of [
    ['/api/search', 'q is missing'], ['/api/search?q=', 'q is missing'], ['/api/search?q=%20%20', 'q is missing'],
    ['/api/search?q=%ff', 'q is not UTF-8'], ['/api/search?q=a&tag=%c3', 'tag is not UTF-8'],
    [`/api/search?q=${'x'.repeat(1001)}`, 'q='], ['/api/search?q=a&limit=0', 'limit='], ['/api/search?q=a&limit=1000', 'limit='],
    ['/api/search?q=a&offset=-1', 'offset='], ['/api/search?q=a&before=-5', "before='-5' is no time"], ['/api/search?q=a&after=yesterday', "after='yesterday' is no time"],
    ['/api/search?q=a&before=2026-02-31', 'before='], ['/api/search?q=a&tga=b', "did you mean 'tag'"],
    ['/api/images?q=%ff', 'q is not UTF-8'], ['/api/images?query=a', "there is no parameter 'query'"],
    ['/api/images/x/similar?q=a', "there is no parameter 'q'"], ['/api/duplicates?distance=64', 'distance='],
    ['/api/duplicates?distnace=3', "did you mean 'distance'"],
  ]) {
    const { status: code, body } = await status(stage, target);
    assert.equal(code, 400, target);
    assert.ok(body.error.message.includes(words), `${target}: ${body.error.message}`);
  }
  for (const id of ['nobody', '%ff', 'a%2Fb']) assert.equal((await status(stage, `/api/images/${id}/similar`)).status, 404);
  assert.equal((await status(stage, '/api/images/%ff')).status, 404);
  const foreign = await fetch(`${stage.url}/api/search?q=a`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
  assert.equal(foreign.status, 403, 'another site cannot spend our money');
  const empty = await status(stage, `/api/search?q=${encodeURIComponent('") OR 1=1 NEAR(* AND')}`);
  assert.equal(empty.status, 200);
  assert.deepEqual(empty.body.searched, { space: null, vectors: 0, texts: 0, allowed: null, note: 'no picture has a vector yet', filters: {} });
}));

test('main nodes on one PostgreSQL see what the others commit and delete', staged(async stage => {
  writeQuick(stage);
  const postgres = await Postgres.start(stage);
  const env = { ...LOCAL, DARKROOM_CATALOG_DATABASE: postgres.url };
  const urls = [];
  for (const name of ['one', 'two']) {
    await stage.solo({ ...env, DARKROOM_CLUSTER_NODE_NAME: name });
    urls.push(stage.url);
  }
  const find = async (url, text) => {
    const answer = await fetch(`${url}/api/search?q=${encodeURIComponent(text)}`);
    assert.equal(answer.status, 200);
    return answer.json();
  };
  for (const url of urls) assert.equal((await find(url, 'a red boat')).searched.vectors, 0);
  await embed(stage, 'boat', 'a red boat on a lake');
  await embed(stage, 'tree', 'a green tree on a hill');
  for (const url of urls)
    await until(async () => (await find(url, 'a red boat')).searched.vectors === 2, 'both see both', 30000);
  for (const url of urls) assert.equal((await find(url, 'a red boat')).hits[0].image.imageId, 'boat');
  assert.equal((await fetch(`${urls[0]}/api/images/boat`, { method: 'DELETE' })).status, 200);
  for (const url of urls) {
    const { hits, searched } = await find(url, 'a red boat');
    assert.equal(searched.vectors, 1);
    assert.ok(hits.every(hit => hit.image.imageId !== 'boat'));
  }
  for (const id of ['%ff', '%ff/similar']) assert.equal((await fetch(`${urls[0]}/api/images/${id}`)).status, 404);
  assert.equal((await fetch(`${urls[0]}/api/images/%ff`, { method: 'DELETE' })).status, 404);
}));
