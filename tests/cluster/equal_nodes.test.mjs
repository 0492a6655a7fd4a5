// What must be equal on all nodes is said at joining: a worker that differs is
// refused, and told in what.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { staged, until } from './_lib.mjs';

/** `darkroom work` that may be refused. */
const begin = (stage, name, more = {}) => stage.darkroom(name, ['work'], {
  DARKROOM_CLUSTER_NODE_NAME: name,
  DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}`,
  ...more,
});

const joined = async (stage, name) => (await stage.get('/api/nodes')).nodes.some(x => x.name === name);
const says = (proc, what) => until(() => what.test(proc.out), `${proc.label} says ${what}`);

/** A folder that looks like a model's: its bytes are what counts. */
function weights(stage, name, bytes) {
  const folder = path.join(stage.folder, name);
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'model.json'), bytes);
  return folder;
}

test('a worker with another uploads folder is refused until it has the right one', staged(async stage => {
  const main = await stage.serve();
  const mark = path.join(stage.uploads, 'darkroom.id');
  assert.match(fs.readFileSync(mark, 'utf8'), /^[\w-]{8,}\n$/);
  const other = path.join(stage.folder, 'other');
  const worker = begin(stage, 'stranger', { DARKROOM_STORAGE_UPLOADS: other });
  await says(worker, /the uploads folder differs: this worker has none \([^)]*other\), the main node has '[\w-]+' \([^)]*uploads\): mount the same folder/);
  await says(main, /node stranger is refused: the uploads folder differs/);
  assert.equal(await joined(stage, 'stranger'), false);
  assert.equal(worker.end, null, 'it tries again');
  fs.copyFileSync(mark, path.join(other, 'darkroom.id')); // as if it were mounted there
  await until(() => joined(stage, 'stranger'), 'it has joined');
  await stage.work('equal');
}));

test('a worker with another model, or without its weights, is refused', staged(async stage => {
  const ours = weights(stage, 'ours', '{"a":1}');
  const main = await stage.serve({ DARKROOM_EMBEDDING_WEIGHTS: ours });
  const theirs = begin(stage, 'theirs', { DARKROOM_EMBEDDING_WEIGHTS: weights(stage, 'theirs', '{"a":2}') });
  await says(theirs, /the embedding model differs: this worker has 'weights \w+' \([^)]*theirs\), the main node has 'weights \w+' \([^)]*ours\).*\[embedding\]/);
  const remote = begin(stage, 'remote', { DARKROOM_EMBEDDING_PROVIDER: 'openai', DARKROOM_EMBEDDING_MODEL: 'small', DARKROOM_EMBEDDING_API_KEY: 'key' });
  await says(remote, /this worker has 'small, 512 floats'/);
  const none = begin(stage, 'none', { DARKROOM_EMBEDDING_WEIGHTS: path.join(stage.folder, 'nowhere') });
  await says(none, /model weights in '[^']*nowhere' cannot be read.*fetch-models/);
  for (const name of ['theirs', 'remote', 'none']) assert.equal(await joined(stage, name), false, name);
  await says(main, /node theirs is refused: the embedding model differs/);
  // One that makes no embeddings has nothing to do with models.
  await stage.work('variants', { DARKROOM_EMBEDDING_WEIGHTS: path.join(stage.folder, 'nowhere') }, ['--job-types', 'generate-variants,generate-metadata']);
  await stage.work('copy', { DARKROOM_EMBEDDING_WEIGHTS: weights(stage, 'copy', '{"a":1}') });
}));

test('workers whose main node chose no model agree with each other', staged(async stage => {
  await stage.serve();
  const chosen = model => ({ DARKROOM_VISION_PROVIDER: 'openai', DARKROOM_VISION_MODEL: model, DARKROOM_VISION_API_KEY: 'key' });
  await stage.work('one', chosen('small'));
  const other = begin(stage, 'two', chosen('large'));
  await says(other, /the vision model differs: this worker has 'large', node 'one', which is here already, has 'small'/);
  await stage.work('three', chosen('small'));
}));

test('a worker whose variants would look different is refused', staged(async stage => {
  await stage.serve();
  const worker = begin(stage, 'coarse', { DARKROOM_IMAGING_WEBP_QUALITY: '10' });
  await says(worker, /the quality of variants differs: this worker has 'webp 10, avif \d+ iq, jpeg \d+'/);
  assert.equal(await joined(stage, 'coarse'), false);
}));

test('a worker that reads other formats is refused', staged(async stage => {
  await stage.serve();
  const worker = begin(stage, 'few', { DARKROOM_IMAGING_FORMATS: 'jpeg,png' });
  await says(worker, /the list of formats that are read differs: this worker has 'jpeg, png' \(\[imaging\] formats\)/);
  assert.equal(await joined(stage, 'few'), false);
  await stage.work('turned', { DARKROOM_IMAGING_FORMATS: 'tiff,avif,gif,webp,png,jpeg' });
}));

test('the doctor of a worker says whether it would be let in', staged(async stage => {
  await stage.serve();
  const doctor = async more => {
    const { out } = await stage.command(['doctor', '--role', 'worker', '--json'], {
      DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}`, DARKROOM_HTTP_PORT: new URL(stage.url).port, ...more,
    });
    return JSON.parse(out).checks.find(x => x.check === 'equal nodes');
  };
  assert.equal(await doctor({}), undefined, 'nothing to say');
  const other = path.join(stage.folder, 'other');
  fs.mkdirSync(other);
  const found = await doctor({ DARKROOM_STORAGE_UPLOADS: other });
  assert.equal(found.level, 'FAIL');
  assert.match(found.text, /the uploads folder differs/);
}));
