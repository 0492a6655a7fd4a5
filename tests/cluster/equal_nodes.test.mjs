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
  fs.copyFileSync(mark, path.join(other, 'darkroom.id'));
  const copied = /the uploads folder of this worker, '[\w-]+' \([^)]*other\), is a copy of the main node's, '[\w-]+' \([^)]*uploads\), or an older state of it/;
  await says(worker, new RegExp(`${copied.source}: it has no mark in place of '[\\w-]+'`));
  await says(main, copied);
  assert.equal(await joined(stage, 'stranger'), false);
  // A main node that was replaced woke up and left its own mark, or a person did.
  const [name] = fs.readdirSync(stage.uploads).filter(name => name.startsWith('darkroom.main.'));
  const left = path.join(stage.uploads, name);
  const ours = fs.readFileSync(left, 'utf8');
  fs.writeFileSync(left, 'another-main-node-of-this-queue-wrote-this\n');
  await stage.work('equal');
  await says(main, /the main node's mark beside the pictures was overwritten or removed, and is written again/);
  assert.equal(fs.readFileSync(left, 'utf8'), ours);
  fs.rmSync(left);
  await stage.work('equal-2');
  assert.equal(fs.readFileSync(left, 'utf8'), ours);
  assert.equal(await joined(stage, 'stranger'), false, 'a copy is still refused');
  assert.equal(worker.end, null);
  fs.rmSync(other, { recursive: true });
  fs.symlinkSync(stage.uploads, other); // as if it were mounted there
  await until(() => joined(stage, 'stranger'), 'it has joined');
}));

test('a copy of the uploads folder is noticed when a main node becomes active', staged(async stage => {
  const first = await stage.serve();
  const copy = path.join(stage.folder, 'copy');
  fs.cpSync(stage.uploads, copy, { recursive: true });
  const worker = await stage.work('worker', { DARKROOM_STORAGE_UPLOADS: copy });
  first.kill('SIGTERM');
  assert.equal((await first.within(10000)).code, 0);
  const second = await stage.serve();
  await says(worker, /is a copy of the main node's, .*: it has the mark '[\w-]+' in place of '[\w-]+', which the main node left there/);
  await says(second, /node worker is refused: the uploads folder of this worker/);
  assert.equal(await joined(stage, 'worker'), false);
  assert.equal(fs.readdirSync(stage.uploads).filter(name => name.startsWith('darkroom.main.')).length, 1, 'a mark is replaced');
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

test('a worker without a codec, or whose codec does not do a format, is refused', staged(async stage => {
  await stage.serve();
  const traits = (await stage.get('/api/nodes')).main.traits;
  assert.match(traits.find(x => x.what === 'codec').value, /^vips [\d.]+, libraries \w{8}$/);
  const alone = path.join(stage.folder, 'alone');
  fs.mkdirSync(alone);
  const binary = path.join(alone, 'darkroom');
  try { fs.linkSync(stage.binary, binary); } catch { fs.copyFileSync(stage.binary, binary); }
  const bare = stage.start('bare', binary, ['work', '--job-types', 'generate-variants'], {
    cwd: stage.folder,
    env: stage.env({ DARKROOM_CLUSTER_NODE_NAME: 'bare', DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}` }),
  });
  await says(bare, /this node cannot work: its codec does not do 'writes jpeg': .*darkroom-codec/);
  assert.equal(await joined(stage, 'bare'), false);
  assert.equal(bare.end, null, 'it tries again');
  fs.copyFileSync(path.join(path.dirname(stage.binary), 'darkroom-codec'), path.join(alone, 'darkroom-codec'));
  await until(() => joined(stage, 'bare'), 'it has joined');
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

  const copy = path.join(stage.folder, 'copy');
  fs.mkdirSync(copy);
  fs.copyFileSync(path.join(stage.uploads, 'darkroom.id'), path.join(copy, 'darkroom.id'));
  const copied = await doctor({ DARKROOM_STORAGE_UPLOADS: copy });
  assert.equal(copied.level, 'FAIL');
  assert.match(copied.text, /is a copy of the main node's, .*: it has no mark/);
}));
