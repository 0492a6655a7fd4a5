// Pictures: dropped, developed, found, compared, removed.
import assert from 'node:assert/strict';
import { drop, is_live, on_page, patience, shot } from './_page.mjs';

const at = '#/images';
const idsOf = (page) => page.$$eval('.card[data-image]', (all) => all.map((one) => one.dataset.image));

on_page('a dropped picture is developed before your eyes', { at }, async (page) => {
  await is_live(page);
  await page.locator('.card[data-image], .drop').first().waitFor(patience);
  const before = await idsOf(page);
  await drop(page, 'sunset over the roofs.jpg');
  await page.getByText('1 picture stored').waitFor(patience);
  await page.waitForFunction((known) => [...document.querySelectorAll('.card[data-image]')].some((one) => !known.includes(one.dataset.image)), before, patience);
  const id = (await idsOf(page)).find((one) => !before.includes(one));
  await shot(page, 'developing');
  await page.locator(`.card.completed[data-image="${id}"]`).waitFor(patience);
  await page.waitForFunction((id) => document.querySelector(`.card[data-image="${id}"] img`)?.naturalWidth > 0, id, patience);
  assert.equal(await page.locator('.uploads li').count(), 0);
});

on_page('several files are sent with the progress of each', {
  at,
  prepare: (page) => page.route('**/api/images?name=*', async (route) => (await new Promise((resolve) => setTimeout(resolve, 700)), route.continue())),
}, async (page) => {
  await is_live(page);
  await drop(page, ['first.jpg', 'second.jpg', 'third.jpg']);
  await page.locator('.uploads li').nth(2).waitFor(patience);
  assert.equal(await page.getByRole('progressbar').count(), 3);
  await shot(page, 'uploading');
  await page.getByText('3 pictures stored').waitFor(patience);
});

on_page('a picture opens and closes by keyboard, at an address', { at }, async (page) => {
  const card = page.locator('.card.completed').first();
  await card.waitFor(patience);
  const id = await card.getAttribute('data-image');
  await card.focus();
  await page.keyboard.press('Enter');
  await page.locator('dialog.detail[open] .variants li').first().waitFor(patience);
  assert.match(page.url(), new RegExp(`#/images/${id}$`));
  assert.equal(await page.title(), `Image ${id} · Darkroom`);
  await page.waitForFunction(() => document.querySelector('dialog .stage img')?.naturalWidth > 0, null, patience);
  await page.locator('dialog dd', { hasText: id }).first().waitFor(patience);
  await page.locator('.variants em', { hasText: /[−+]\d+ %/ }).first().waitFor(patience);
  await shot(page, 'detail');
  await page.keyboard.press('Escape');
  await page.locator('dialog.detail[open]').waitFor({ ...patience, state: 'detached' });
  assert.match(page.url(), /#\/images$/);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.image), id);
});

on_page('a variant is compared with the original', { at }, async (page) => {
  await page.locator('.card.completed').first().click();
  await page.locator('.variants button').first().click();
  const border = page.getByLabel('Border between the original and the variant');
  await border.waitFor(patience);
  await border.focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  assert.equal(await border.inputValue(), '40');
  await page.waitForFunction(() => [...document.querySelectorAll('.compare img')].every((one) => one.naturalWidth > 0), null, patience);
  await shot(page, 'compare');
});

on_page('the arrow keys go to the neighbours, Back closes', { at }, async (page) => {
  await page.locator('.card.completed').nth(1).waitFor(patience);
  const [first, second] = await idsOf(page);
  await page.locator('.card[data-image]').first().click();
  await page.locator('dialog.detail[open]').waitFor(patience);
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((id) => location.hash.endsWith(id), second, patience);
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((id) => location.hash.endsWith(id), first, patience);
  await page.goBack();
  await page.locator('dialog.detail[open]').waitFor({ ...patience, state: 'detached' });
});

on_page('pictures are found by text', { at }, async (page) => {
  // Only one of the pictures shows a sunset; of those without a subject, several have nearly the same words.
  const title = await page.locator('.card.completed .title', { hasText: /\bsunset\b/ }).textContent(patience);
  await page.keyboard.press('/');
  const box = page.getByRole('searchbox', { name: 'Search pictures' });
  await page.keyboard.type('sunset');
  await page.locator('.results h2', { hasText: /^\d+ hits? for/ }).waitFor(patience);
  assert.equal(await page.locator('.results .card .title').first().textContent(), title);
  await page.locator('.results .near').first().waitFor(patience);
  assert.match(page.url(), /#\/images\?q=sunset$/);
  await shot(page, 'search');
  await box.fill('"!?');
  await page.getByText(/Nothing was found: .*were searched/).waitFor(patience);
  await shot(page, 'search-empty');
  await page.getByRole('link', { name: 'Show all' }).click();
  await page.locator('.results').waitFor({ ...patience, state: 'detached' });
  assert.equal(await box.inputValue(), '');
});

on_page('similar pictures are shown from the view of one', { at }, async (page) => {
  const card = page.locator('.card.completed').first();
  await card.waitFor(patience);
  const id = await card.getAttribute('data-image');
  await card.click();
  await page.locator('dialog[open] .tools').getByRole('link', { name: 'Similar' }).click();
  await page.locator('.results h2', { hasText: /^\d+ hits? like/ }).waitFor(patience);
  await page.locator('.results .card').first().waitFor(patience);
  assert.equal(await page.locator(`.results .card[data-image="${id}"]`).count(), 0);
  await shot(page, 'similar');
});

on_page('duplicates are shown in groups', { at }, async (page) => {
  await is_live(page);
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await page.locator('.results h2', { hasText: /^\d+ groups? of duplicates/ }).waitFor(patience);
  await shot(page, 'duplicates');
});

on_page('a search that fails is told', {
  at,
  errors_expected: true,
  prepare: (page) => page.route('**/api/search?*', (route) => route.fulfill({
    status: 503, json: { error: { code: 'catalog_unavailable', message: 'the catalog is away', hint: 'ask again' } },
  })),
}, async (page) => {
  await page.getByRole('searchbox', { name: 'Search pictures' }).fill('dog');
  await page.getByText('The search failed: the catalog is away. ask again').waitFor(patience);
});

on_page('pictures that cannot be loaded are told', {
  at,
  errors_expected: true,
  prepare: (page) => page.route('**/api/images?*', (route) => route.fulfill({
    status: 500, json: { error: { code: 'catalog_failed', message: 'the disk is full', hint: 'free some space' } },
  })),
}, async (page) => {
  await page.getByText('the disk is full. free some space').first().waitFor(patience);
});

on_page('a file that is too large is refused with a hint', { at, errors_expected: true }, async (page) => {
  await is_live(page);
  await drop(page, 'huge.jpg', 60 * 1024 * 1024);
  const refusal = page.locator('.uploads .error', { hasText: 'huge.jpg' });
  await refusal.waitFor(patience);
  assert.match(await refusal.textContent(), /bytes/);
  await refusal.getByRole('button').click();
  await refusal.waitFor({ ...patience, state: 'detached' });
});

on_page('a picture is removed', { at }, async (page) => {
  await is_live(page);
  await page.locator('.card[data-image]').first().waitFor(patience);
  const before = await idsOf(page);
  await drop(page, 'to be removed.jpg');
  await page.waitForFunction((known) => !known.includes(document.querySelector('.card.completed[data-image]').dataset.image), before, patience);
  await page.locator('.card.completed').first().click();
  await page.locator('dialog.detail').getByRole('button', { name: 'Remove' }).click();
  await page.locator('.question').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('The picture is removed').waitFor(patience);
  await page.locator('dialog.detail[open]').waitFor({ ...patience, state: 'detached' });
});

/** Some of 5,000 pictures, which no test can develop in time. */
const album = (from, limit) => Array.from({ length: Math.max(0, Math.min(limit, 5000 - from)) }, (_, i) => ({
  imageId: `p-${from + i}`, filePath: 'none.tiff', originalName: `picture ${from + i}.tiff`, status: 'completed', createdAt: 0, variants: [], metadata: null, dominantColor: `#${((from + i) * 2654435761 >>> 8 & 0xffffff).toString(16).padStart(6, '0')}`,
}));

on_page('five thousand pictures are scrolled', {
  at,
  prepare: (page) => page.route('**/api/images?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    return route.fulfill({ json: { images: album(Number(query.get('offset')), Number(query.get('limit'))), total: 5000 } });
  }),
}, async (page) => {
  await page.locator('.card[data-image]').first().waitFor(patience);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  await page.locator('.card[data-image^="p-24"], .card[data-image^="p-25"]').first().waitFor(patience);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.locator('.card[data-image="p-4999"]').waitFor(patience);
  assert.ok(await page.locator('.cards > li').count() < 200);
  await shot(page, 'album');
});
