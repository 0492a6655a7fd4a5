// `darkroom fsck` and the main node's own looks: what was brought out of step is
// found and repaired, and a system that works hard is left alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sleep, staged, until } from './_lib.mjs';
import { dice, Drift, small } from './_drift.mjs';
import { writeQuick } from './_pictures.mjs';

const PER_CLASS = 10;
const SEED = Number(process.env.SEED || Date.now() % 1000000);
const LOCAL = { DARKROOM_VISION_PROVIDER: 'local', DARKROOM_EMBEDDING_PROVIDER: 'local' };

async function fsck(stage, ...args) {
  const answer = await stage.command(['fsck', '--json', ...args], { DARKROOM_CATALOG_DATABASE: stage.database });
  return { ...answer, report: answer.out ? JSON.parse(answer.out) : undefined };
}

/** {class: [found, repaired]} of those that were found. */
const told = ({ report, err }) => {
  assert.ok(report, err);
  return Object.fromEntries(report.classes.filter(x => x.found).map(x => [x.class, [x.found, x.repaired]]));
};

async function upload(stage, body) {
  const answer = await fetch(`${stage.url}/api/images?duplicate=allow`, { method: 'POST', body });
  assert.equal(answer.status, 201);
  return (await answer.json()).imageId;
}

async function fill(stage, count, env = {}) {
  writeQuick(stage);
  const main = await stage.serve({ ...LOCAL, ...env });
  const worker = await stage.work('worker-1', LOCAL);
  for (let i = 0; i < count; ++i) await upload(stage, await small(i));
  await rest(stage, count);
  return { main, worker };
}

/** All images are completed and no job is left. */
async function rest(stage, count) {
  await until(async () => (await stage.get('/api/images?status=completed')).total === count, `${count} are completed`, 120000);
  await until(async () => {
    const counts = await stage.queue().getJobCounts('wait', 'active', 'delayed', 'prioritized');
    return Object.values(counts).every(x => x === 0);
  }, 'no job is left', 120000);
}

async function metric(stage, name) {
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  const line = text.split('\n').find(x => x.startsWith(`darkroom_drift{class="${name}"} `));
  return line && Number(line.split(' ').at(-1));
}

test(`what is brought out of step is found and repaired, ${PER_CLASS} of each class (SEED=${SEED})`, staged(async (stage, t) => {
  const count = 6 * PER_CLASS + 4;
  const { main, worker } = await fill(stage, count);
  for (const proc of [main, worker]) { proc.kill('SIGTERM'); await proc.within(40000); }
  const drift = new Drift(stage, (await stage.sql('SELECT id FROM images')).map(x => x.id), SEED);
  const harms = drift.harms();
  const all = Object.keys(harms).flatMap(name => Array(PER_CLASS).fill(name)).map(name => [drift.roll(), name]).sort((a, b) => a[0] - b[0]);
  for (const [, name] of all) await harms[name]();
  const grace = ['--grace', '100ms'];
  await sleep(200);

  const looked = Object.fromEntries(Object.keys(harms).map(name => [name, [PER_CLASS, 0]]));
  for (let i = 0; i < 2; ++i) { // the first one changes nothing
    const dry = await fsck(stage, '--dry-run', ...grace);
    assert.deepEqual(told(dry), looked);
    assert.equal(dry.code, 1);
    assert.equal(dry.report.left, PER_CLASS * Object.keys(harms).length);
  }
  const one = await fsck(stage, '--dry-run', '--class', 'vector-without-row', '--class', 'wrong-status', ...grace);
  assert.deepEqual(told(one), { 'vector-without-row': [PER_CLASS, 0], 'wrong-status': [PER_CLASS, 0] });
  const table = await stage.command(['fsck', '--dry-run', ...grace], { DARKROOM_CATALOG_DATABASE: stage.database });
  assert.match(table.out, /^class +found +repaired +examples\n(.*\n)*stuck-processing +10 +- +\S+: no job is at work on its/);
  assert.match(table.out, /\nlooked at 64 pictures, 10 unfinished jobs and \d+ files: 100 found, nothing changed\n$/);

  const start = Date.now();
  const repair = await fsck(stage, ...grace);
  t.diagnostic(`repaired in ${Date.now() - start} ms`);
  assert.deepEqual(told(repair), Object.fromEntries(Object.keys(harms).map(name => [name, [PER_CLASS, PER_CLASS]])));
  assert.equal(repair.code, 0, repair.err);
  const again = await fsck(stage, ...grace);
  assert.deepEqual(told(again), {});
  assert.equal(again.code, 0);

  stage.clusterPort = 0;
  await stage.serve(LOCAL);
  await stage.work('worker-2', LOCAL);
  await rest(stage, count);
  const { images } = await stage.get(`/api/images?limit=${count}`);
  for (const image of images) {
    assert.deepEqual(Object.values(image.parts).map(x => x.status), ['completed', 'completed', 'completed'], JSON.stringify(image));
    assert.ok(image.metadata && image.embedding && image.variants.length > 0, JSON.stringify(image));
    for (const x of image.variants) assert.ok(fs.existsSync(path.join(stage.uploads, x.filePath)), x.filePath);
  }
  await sleep(200);
  assert.deepEqual(told(await fsck(stage, ...grace)), {});
}));

test('a system that works hard has no drift', staged(async (stage, t) => {
  writeQuick(stage);
  const main = await stage.serve({ ...LOCAL, DARKROOM_FSCK_EVERY: '1s', DARKROOM_FSCK_GRACE: '500ms', DARKROOM_FSCK_SAMPLE: '40', DARKROOM_FSCK_REPAIR: 'true' });
  await stage.work('worker-1', LOCAL);
  const queue = stage.queue();
  const roll = dice(SEED);
  const pictures = await Promise.all(Array.from({ length: 12 }, (_, i) => small(i)));
  const pick = list => list[Math.floor(roll() * list.length)];
  const ids = [];
  let end = Date.now() + 30000;
  fs.mkdirSync(path.join(stage.uploads, 'web'));
  const deeds = [
    async () => ids.push(await upload(stage, pick(pictures))),
    async () => ids.push(await upload(stage, pick(pictures))),
    async () => ids.length && fetch(`${stage.url}/api/images/${ids.splice(Math.floor(roll() * ids.length), 1)[0]}`, { method: 'DELETE' }),
    async () => { // the web tier's own
      const imageId = `web-${Math.floor(roll() * 1e9)}`;
      const filePath = `web/${imageId}.png`;
      fs.writeFileSync(path.join(stage.uploads, filePath), roll() < 0.2 ? 'no picture' : pick(pictures));
      const options = { attempts: 2, backoff: 300, ...pick([{}, { delay: 2000 }, { priority: 5 }]) };
      await queue.add('generate-metadata', { imageId, filePath }, options);
      if (roll() < 0.5) await queue.add('generate-variants', { imageId, filePath }, options);
    },
  ];
  const load = (async () => {
    while (Date.now() < end) {
      await pick(deeds)();
      await sleep(150 * roll());
    }
  })();
  const pauses = (async () => {
    while (Date.now() < end) {
      await sleep(4000);
      await queue.pause();
      await sleep(1500);
      await queue.resume();
    }
  })();
  let looks = 0;
  let seen = 0;
  try {
    while (Date.now() < end) {
      const answer = await fsck(stage, '--grace', '500ms', ...(looks % 2 ? [] : ['--dry-run']));
      assert.deepEqual(told(answer), {}, answer.out);
      assert.equal(answer.code, 0, answer.err);
      ++looks;
      seen = answer.report.images;
    }
  } finally {
    end = 0; // after a failure, nobody works on a stage that has closed
    await Promise.allSettled([load, pauses]);
  }
  await Promise.all([load, pauses]);
  t.diagnostic(`${looks} looks at up to ${seen} pictures`);
  assert.ok(looks >= 5 && seen >= 20, `${looks} looks at ${seen} pictures`);
  assert.equal(await metric(stage, 'stuck-processing'), 0);
  assert.doesNotMatch(main.out, /fsck has/);
  const jobs = await queue.getJobs();
  assert.equal(jobs.filter(job => job.id.startsWith('fsck-')).length, 0, 'nothing was repaired');
}));

test('the main node tells by metric and webhook what it finds', staged(async stage => {
  const calls = [];
  const url = await stage.listen((_request, body, response) => { calls.push(JSON.parse(body)); response.end('{}'); });
  const { worker } = await fill(stage, 3, { DARKROOM_FSCK_EVERY: '1s', DARKROOM_FSCK_GRACE: '100ms', DARKROOM_NOTIFY_WEBHOOK: url });
  const name = 'row-without-file';
  await until(async () => (await metric(stage, name)) === 0, 'the metric is there', 10000);
  worker.kill('SIGTERM');
  await worker.within(40000);
  const [first, second] = (await stage.get('/api/images')).images;
  for (const image of [first, second]) fs.rmSync(path.join(stage.uploads, image.variants[0].filePath));
  await until(async () => (await metric(stage, name)) === 2, 'both are found', 10000);
  const told = () => calls.filter(x => x.type === 'drift-state' && x.class === name).map(x => [x.state, x.count]);
  await until(() => told().length > 0, 'the webhook is told', 10000);
  await sleep(2500);
  assert.deepEqual(told(), [['found', 2]], 'once');
  assert.match(calls.find(x => x.class === name).examples.join(), / is gone/);
  assert.equal((await fsck(stage, '--grace', '100ms')).code, 0);
  await until(async () => (await metric(stage, name)) === 0, 'it is repaired', 10000);
  await until(() => told().length > 1, 'the webhook is told', 10000);
  assert.deepEqual(told(), [['found', 2], ['gone', 0]]);
}));

test('the main node repairs by itself where that is wanted', staged(async stage => {
  await fill(stage, 2, { DARKROOM_FSCK_EVERY: '1s', DARKROOM_FSCK_GRACE: '100ms', DARKROOM_FSCK_REPAIR: 'true' });
  const [image] = (await stage.get('/api/images')).images;
  const file = path.join(stage.uploads, image.variants[0].filePath);
  fs.rmSync(file);
  await until(() => fs.existsSync(file), 'it was made again', 20000);
}));

test('a command that is not understood changes nothing', staged(async stage => {
  const wrong = await stage.command(['fsck', '--class', 'stuck-procesing']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /'stuck-procesing' is not a known drift; did you mean 'stuck-processing'\? Drifts are /);
  assert.equal((await stage.command(['fsck', '--clas', 'x'])).code, 2);
  assert.equal((await stage.command(['fsck', '--grace', 'soon'])).code, 2);
  const none = await fsck(stage);
  assert.equal(none.code, 1);
  assert.match(none.err, /darkroom\.db/);
  assert.ok(!fs.existsSync(stage.database), 'no catalog is made');
}));
