// `darkroom reembed`: stale vectors are made again, and a new space is filled
// beside the old one.
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';
import { draw, writeQuick } from './_pictures.mjs';

const COUNT = 12;
const LOCAL = 'local/local-ngram-1/512';

/** A provider of vectors with 8 floats; of model `bad`, they have no direction. */
function embedder(calls) {
  return (request, body, response) => {
    const { model, input } = JSON.parse(body);
    calls.push(model);
    const vector = Array.from({ length: 8 }, (_, i) => (model === 'bad' ? 0 : 1 + ([...input].length * (i + 3)) % 7));
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ data: [{ index: 0, embedding: vector }] }));
  };
}

/** A main node, a worker, and pictures in the space of model `m1`. */
async function fill(stage, calls) {
  writeQuick(stage);
  const url = await stage.listen(embedder(calls));
  const env = {
    DARKROOM_VISION_PROVIDER: 'local', DARKROOM_EMBEDDING_PROVIDER: 'openai', DARKROOM_EMBEDDING_BASE_URL: url,
    DARKROOM_EMBEDDING_API_KEY: 'k', DARKROOM_EMBEDDING_MODEL: 'm1', DARKROOM_EMBEDDING_DIMENSIONS: '8',
    DARKROOM_JOBS_ATTEMPTS: '1', DARKROOM_CATALOG_DATABASE: stage.database,
  };
  await stage.serve(env);
  await stage.work('worker-1', env);
  for (let i = 0; i < COUNT; ++i) {
    const body = await sharp(await draw(i)).resize(120).png().toBuffer();
    assert.equal((await fetch(`${stage.url}/api/images`, { method: 'POST', body })).status, 201);
  }
  await until(async () => (await stage.get('/api/images?status=completed')).total === COUNT, 'all are completed', 120000);
  return { env, space: `${new URL(url).host}/m1/8` };
}

const spaceOf = async stage => (await stage.get('/api/search?q=picture')).searched.space;
const spaces = stage => stage.sql("select host || '/' || model || '/' || dimensions as space, count(*) as n from embeddings group by 1 order by 1");

test('a new space is filled beside the old one and then searched, whatever is killed', staged(async stage => {
  const calls = [];
  const { env, space } = await fill(stage, calls);
  assert.equal(await spaceOf(stage), space);
  assert.deepEqual(calls.filter(x => x !== 'm1'), []);
  const queue = stage.queue();
  await queue.pause();
  const command = ['reembed', '--to', 'local-ngram-1'];
  const killed = stage.darkroom('reembed', command, { ...env, REDIS_URL: stage.redisUrl });
  await until(async () => {
    const { paused, prioritized, waiting } = await queue.getJobCounts('paused', 'prioritized', 'waiting');
    return paused + prioritized + waiting >= COUNT;
  }, 'the jobs are there', 20000);
  killed.kill('SIGKILL');
  await killed.within(5000);
  assert.equal(await spaceOf(stage), space, 'nothing has changed yet');
  const later = await stage.command([...command, '--no-wait', '--json'], env);
  assert.equal(later.code, 0, later.err);
  assert.deepEqual(JSON.parse(later.out), { space: LOCAL, pictures: COUNT, fresh: 0, failed: 0, added: 0, existed: COUNT, searched: false });
  await queue.resume();
  const done = await stage.command(command, env);
  assert.equal(done.code, 0, done.err);
  assert.equal(done.out, `space ${LOCAL} is searched: ${COUNT} pictures have a fresh vector in it\n`);
  assert.deepEqual(await spaces(stage), [{ space: LOCAL, n: COUNT }]);
  const found = await stage.get('/api/search?q=picture');
  assert.equal(found.searched.space, LOCAL);
  assert.equal(found.searched.vectors, COUNT);
  assert.ok((await stage.get('/api/images')).images.every(x => x.status === 'completed' && x.embedding.searched && !x.embedding.stale));
  assert.equal((await stage.command(command, env)).code, 0, 'once more changes nothing');
}));

test('a space that cannot be filled is not searched', staged(async stage => {
  const { env, space } = await fill(stage, []);
  const failed = await stage.command(['reembed', '--to', 'bad'], env);
  assert.equal(failed.code, 1, failed.out);
  assert.match(failed.out, new RegExp(`^${COUNT} pictures of ${COUNT} got no vector in space \\S+/bad/8, so the search stays as it was`));
  assert.equal(await spaceOf(stage), space);
  assert.deepEqual(await spaces(stage), [{ space, n: COUNT }]);
  const both = await stage.command(['reembed', '--stale', '--to', 'm1'], env);
  assert.equal(both.code, 2);
  assert.match(both.err, /--stale and --to exclude each other/);
}));

test('a vector of another text is stale until it is made again', staged(async stage => {
  const { env } = await fill(stage, []);
  const [{ imageId, filePath }] = (await stage.get('/api/images')).images;
  const stale = async () => (await stage.get(`/api/images/${imageId}`)).embedding.stale;
  assert.equal(await stale(), false);
  await stage.queue().add('generate-embeddings', { imageId, filePath, metadata: { searchableText: 'something else' } });
  await until(stale, 'it is stale', 30000);
  const done = await stage.command(['reembed', '--stale', '--json'], env);
  assert.equal(done.code, 0, done.err);
  assert.equal(JSON.parse(done.out).added, 1);
  assert.equal(await stale(), false);
}));
