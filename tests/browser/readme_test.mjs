// The pictures of README.md, small enough for it: `tests/browser/run readme`.
// They are taken on a fresh server that has the samples and nothing else.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { is_live, on_page, patience, until, url } from './_page.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = `${root}deploy/samples`;
const most = 150000; // bytes of a picture
const context = { viewport: { width: 1280, height: 630 } };

/** Keeps what the page shows in docs/pictures. */
async function keep(page, name) {
  const small = await sharp(await page.screenshot()).png({ palette: true, colours: 112, dither: 0.4, effort: 10 }).toBuffer();
  assert.ok(small.length <= most, `${name} has ${small.length} bytes`);
  fs.writeFileSync(`${root}docs/pictures/${name}.png`, small);
}

const images = async () => (await (await fetch(`${url}/api/images`)).json()).images;
const completed = async () => (await (await fetch(`${url}/api/jobs?state=completed`)).json()).jobs;

test('the samples are done', () => until('all completed', async () => {
  const all = await images();
  return all.length === fs.readdirSync(samples).filter((name) => /\.(jpg|png|webp)$/.test(name)).length && all.every((one) => one.status === 'completed');
}));

on_page('one picture', { at: '#/images', context }, async (page) => {
  await page.locator('.card.completed[data-image^=sunset]').click();
  await page.locator('.variants em', { hasText: /[−+]\d+ %/ }).first().waitFor(patience);
  await page.waitForFunction(() => [...document.querySelectorAll('dialog img')].every((one) => one.complete && one.naturalWidth), null, patience);
  await keep(page, 'image');
});

on_page('one job', { context }, async (page) => {
  await is_live(page);
  const done = (await completed()).find((job) => job.name === 'generate-variants');
  await page.evaluate((id) => (location.hash = `#/jobs/${id}`), done.id);
  await page.locator('h1 .badge.completed').waitFor(patience);
  await page.locator('.timeline .good').waitFor(patience);
  await keep(page, 'job');
});

on_page('the overview while pictures come', { context }, async (page) => {
  await is_live(page);
  for (const name of fs.readdirSync(samples).filter((one) => /\.(jpg|png)$/.test(one)))
    await fetch(`${url}/api/images?name=${name}&duplicate=allow`, { method: 'POST', body: fs.readFileSync(`${samples}/${name}`) });
  await page.locator('.row', { hasText: 'generate-metadata: job-completed' }).first().waitFor(patience);
  await keep(page, 'overview');
});
