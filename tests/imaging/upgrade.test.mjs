// What was encoded in haste is encoded again when no other job waits.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT, staged, until } from '../cluster/_lib.mjs';

const picture = path.join(ROOT, 'tests/pictures/photo.webp');
const auto = { DARKROOM_IMAGING_AVIF_EFFORT: 'auto', DARKROOM_IMAGING_DEEP_BACKLOG: '2', DARKROOM_IMAGING_REUSE_RESULTS: 'false', DARKROOM_WORKER_CONCURRENCY: '1' };

test('pictures made in haste are made again after all other jobs', staged(async stage => {
  fs.copyFileSync(picture, path.join(stage.uploads, 'photo.webp'));
  const queue = stage.queue();
  const add = ids => queue.addBulk(ids.map(imageId => ({ name: 'generate-variants', data: { imageId, filePath: 'photo.webp' } })));
  const ended = count => until(async () => (await queue.getCompletedCount()) === count, `${count} jobs have ended`, 60000);
  const efforts = async () => Object.fromEntries((await stage.sql('select image_id, avif_effort from image_marks')).map(x => [x.image_id, x.avif_effort]));
  await queue.pause();
  await add(['a', 'b', 'c', 'd']);
  await stage.solo(auto);
  await queue.resume();
  await ended(4);
  const hasty = await efforts();
  assert.equal(hasty.a, 1, 'three jobs waited behind it');
  assert.ok(hasty.d > 1, 'none waited behind it');
  const files = fs.readdirSync(path.join(stage.uploads, 'variants/a')).sort();

  const database = { DARKROOM_CATALOG_DATABASE: stage.database };
  const upgrade = async () => JSON.parse((await stage.command(['variants', '--upgrade', '--json'], database)).out);
  await queue.pause();
  const below = Object.values(hasty).filter(x => x < 3).length;
  assert.deepEqual(await upgrade(), { added: below, existed: 0, missing: 0, avifEffort: 3 });
  assert.deepEqual(await upgrade(), { added: 0, existed: below, missing: 0, avifEffort: 3 });
  await add(['e']); // comes first, and nobody hurries for the others
  await queue.resume();
  await ended(5 + below);
  const after = await efforts();
  for (const [id, effort] of Object.entries(after)) assert.ok(effort >= 3, `${id}: ${effort}`);
  const order = (await queue.getCompleted()).sort((x, y) => x.processedOn - y.processedOn).map(x => x.data.imageId);
  assert.equal(order[4], 'e');
  assert.deepEqual(fs.readdirSync(path.join(stage.uploads, 'variants/a')).sort(), files);
  const { out } = await stage.command(['variants', '--upgrade'], database);
  assert.match(out, /every picture in the catalog has AVIFs of effort 3 or more/);
}));

test('--upgrade takes no files, and a job takes an effort of 0 to 9', staged(async stage => {
  const { code, err } = await stage.command(['variants', picture, '--upgrade']);
  assert.equal(code, 2);
  assert.match(err, /takes neither FILE nor --out/);
  fs.copyFileSync(picture, path.join(stage.uploads, 'photo.webp'));
  await stage.solo();
  const job = await stage.queue().add('generate-variants', { imageId: 'a', filePath: 'photo.webp', avifEffort: 10 });
  await until(() => job.isFailed(), 'the job has failed');
  assert.match((await stage.queue().getJob(job.id)).failedReason, /avifEffort.*0 to 9/);
}));
