// Pictures that were described and embedded by real jobs are found again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';
import { describer, drawAll, QUERIES, SUBJECTS, writeQuick } from './_pictures.mjs';

const COPIES = 8; // pictures that are there in five forms
const LOCAL = { DARKROOM_EMBEDDING_PROVIDER: 'local' };

const of = (picture, ids) => ids.get(picture);
const subjectsOf = hits => hits.map(hit => Number(path.basename(hit.image.originalName).slice(0, 2)));

/** Uploads all pictures and waits until they can be found. @returns name -> imageId */
async function fill(stage, pictures) {
  const ids = new Map();
  for (const { name } of pictures) {
    const answer = await fetch(`${stage.url}/api/images?name=${name}`, { method: 'POST', body: fs.readFileSync(path.join(stage.folder, name)) });
    assert.equal(answer.status, 201, name);
    ids.set(name, (await answer.json()).imageId);
  }
  await until(async () => (await stage.get('/api/images?status=completed&limit=1')).total === pictures.length, 'all are completed', 240000);
  await until(async () => (await stage.get('/api/duplicates?limit=1')).pictures === pictures.length, 'all have variants', 240000);
  return ids;
}

/** 20 queries: the picture that is meant is among the first three. */
async function ask(stage) {
  const missed = [];
  for (const [text, subject] of QUERIES) {
    const { hits } = await stage.get(`/api/search?q=${encodeURIComponent(text)}&limit=30`);
    const first = [...new Set(subjectsOf(hits))].slice(0, 3); // a picture and its copies are one
    if (!first.includes(subject)) missed.push(`${text}: ${first}`);
  }
  assert.deepEqual(missed, []);
}

/** Every derived picture is with its original, and with nothing else. */
async function compare(stage, pictures, ids) {
  const { groups, total } = await stage.get('/api/duplicates?limit=100');
  const found = groups.map(group => group.images.map(x => x.image.imageId).sort());
  const expected = Array.from({ length: COPIES }, (_, subject) =>
    pictures.filter(x => x.subject === subject).map(x => ids.get(x.name)).sort());
  assert.equal(total, COPIES);
  assert.deepEqual(found.sort(), expected.sort());
}

async function page(stage) {
  const whole = (await stage.get('/api/search?q=a+calm+picture&limit=60')).hits.map(x => x.image.imageId);
  const parts = [];
  for (let offset = 0; offset < 60; offset += 13)
    parts.push(...(await stage.get(`/api/search?q=a+calm+picture&limit=13&offset=${offset}`)).hits.map(x => x.image.imageId));
  assert.ok(whole.length > 20);
  assert.deepEqual(parts.slice(0, whole.length), whole);
}

async function filter(stage) {
  const tagged = await stage.get('/api/search?q=animal&tag=dog');
  assert.ok(tagged.hits.every(hit => hit.image.metadata.tags.includes('dog')));
  assert.equal(tagged.searched.filters.tag, 'dog');
  const none = await stage.get('/api/search?q=dog&tag=unicorn');
  assert.deepEqual(none.hits, []);
  assert.equal(none.searched.allowed, 0);
  assert.ok(none.searched.vectors >= SUBJECTS.length && none.searched.space.startsWith('local/'), 'an empty result says what was searched');
  assert.deepEqual((await stage.get('/api/search?q=dog&before=2001-01-01')).hits, []);
  assert.ok((await stage.get('/api/search?q=dog&after=2001-01-01T00:00:00Z&mood=happy&category=drawing')).hits.length > 0);
  assert.equal((await stage.get('/api/images?q=brown+dog')).total, 1 + 4);
  assert.equal((await stage.get('/api/images?tag=violin&status=completed')).total, 1);
  assert.equal((await stage.get('/api/images?q=unicorn')).total, 0);
}

/** The same from a shell. */
async function command(stage, ids) {
  const main = ['--main', stage.url];
  const found = await stage.command(['search', 'a dog on the beach', ...main]);
  assert.equal(found.code, 0, found.err);
  assert.match(found.out, /^id +similarity +words +file +description\n/);
  assert.match(found.out.split('\n')[1], /A brown dog runs along a sandy beach\./);
  const like = JSON.parse((await stage.command(['search', '--like', ids.get('03-first.png'), '--json', ...main])).out);
  assert.equal(new Set(subjectsOf(like.hits).slice(0, 4)).size, 1, 'its copies come first');
  const empty = await stage.command(['search', 'dog', '--tag', 'unicorn', ...main]);
  assert.match(empty.out, /^nothing was found: \d+ vectors of space local\/\S+ and \d+ descriptions were searched; the filters let 0 images pass\n$/);
  const twins = await stage.command(['duplicates', ...main]);
  assert.equal(twins.out.trim().split('\n').length, 1 + COPIES * 5, twins.out);
  const neither = await stage.command(['search', ...main]);
  assert.equal(neither.code, 2);
  assert.match(neither.err, /search needs either TEXT or --like/);
}

async function remove(stage, ids) {
  const id = ids.get('17-first.png');
  const unsure = await stage.command(['image', 'remove', id, '--main', stage.url]);
  assert.equal(unsure.code, 2, 'nobody said yes');
  const gone = await stage.command(['image', 'remove', id, '--yes', '--main', stage.url]);
  assert.equal(gone.code, 0, gone.err);
  assert.match(gone.out, /is gone; \d+ jobs? removed, 0 stopping/);
  const { hits, searched } = await stage.get('/api/search?q=an+owl+in+an+oak');
  assert.ok(!subjectsOf(hits).includes(17));
  assert.equal(searched.vectors, ids.size - 1);
  assert.equal((await stage.command(['image', 'remove', 'nobody', '--yes', '--main', stage.url])).code, 1);
}

test('pictures are found by text, by likeness and as duplicates, also after a kill', staged(async stage => {
  writeQuick(stage);
  const pictures = await drawAll(stage.folder, COPIES);
  assert.ok(pictures.length >= 60);
  const calls = { vision: 0 };
  const url = await stage.listen(await describer(calls));
  const env = { ...LOCAL, DARKROOM_VISION_PROVIDER: 'openai', DARKROOM_VISION_BASE_URL: url, DARKROOM_VISION_API_KEY: 'k' };
  const main = await stage.serve(env);
  await stage.work('worker-1', env);
  const ids = await fill(stage, pictures);
  assert.equal(calls.vision, pictures.length);
  await ask(stage);
  await compare(stage, pictures, ids);
  await page(stage);
  await filter(stage);
  const { hits } = await stage.get(`/api/images/${of('05-first.png', ids)}/similar?limit=4`);
  assert.deepEqual(subjectsOf(hits), [5, 5, 5, 5], 'the copies are most like it');
  await command(stage, ids);
  main.kill('SIGKILL');
  await main.within(5000);
  await stage.serve(env);
  await ask(stage);
  await remove(stage, ids);
}));
