// The page as a whole: addresses, keys, tabs, lost connections, themes, sizes,
// and whether everybody can use it.
import assert from 'node:assert/strict';
import { accessible, add, cable, ended, heading, is_live, on_page, patience, shot, until, url } from './_page.mjs';

const VIEWS = { '': 'Overview', jobs: 'Jobs', flows: 'Flows', schedulers: 'Schedulers', dead: 'Dead letters', images: 'Images', cluster: 'Cluster', limits: 'Limits and budget' };

on_page('every view has an address and a title, and Back leads back', {}, async (page) => {
  const nav = page.getByRole('navigation', { name: 'Views' });
  for (const [view, title] of Object.entries(VIEWS)) {
    await nav.getByRole('link', { name: title }).first().click();
    await heading(page, new RegExp(`^${title}`));
    assert.equal(await page.title(), `${title} · Darkroom`);
    assert.equal(new URL(page.url()).hash, view ? `#/${view}` : page.url().includes('#') ? '#/' : '');
    await page.waitForFunction(() => !document.querySelector('.loading'), null, patience);
  }
  await page.goBack();
  await heading(page, /^Cluster/);
  await page.goBack();
  await heading(page, /^Images/);
  await page.goForward();
  await heading(page, /^Cluster/);
});

on_page('deep links open what they name', { at: '#/jobs?state=completed&name=echo' }, async (page, { open }) => {
  await page.locator('.tabs [aria-current]', { hasText: 'completed' }).waitFor(patience);
  assert.equal(await page.getByLabel('Job name').inputValue(), 'echo');
  const id = await add('echo', {}, { jobId: 'order 7/8 %' });
  await ended(encodeURIComponent(id));
  const other = await open(`#/jobs/${encodeURIComponent(id)}`);
  await other.locator('h1 .badge.completed').waitFor(patience);
  assert.equal(await other.title(), 'Job order 7/8 % · Darkroom');
  const unknown = await open('#/nothing/here');
  await unknown.getByText('Nothing is at this address').waitFor(patience);
});

on_page('the keyboard reaches every view and lists its keys', {}, async (page) => {
  await is_live(page);
  await page.keyboard.press('?');
  await page.locator('.help[open]', { hasText: 'search in this view' }).waitFor(patience);
  await shot(page, 'keys');
  await page.keyboard.press('Escape');
  await page.locator('.help[open]').waitFor({ ...patience, state: 'detached' });
  for (const [key, title] of [['j', 'Jobs'], ['c', 'Cluster'], ['d', 'Dead letters'], ['s', 'Schedulers'], ['f', 'Flows'], ['l', 'Limits'], ['i', 'Images'], ['o', 'Overview']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await heading(page, new RegExp(`^${title}`));
    await page.waitForFunction(() => document.activeElement?.id === 'view-title', null, patience); // what a screen reader says
  }
});

on_page('a list is walked by keys', { at: '#/jobs?state=completed', prepare: async () => { for (let i = 0; i < 3; i++) await ended(await add('echo', { i })); } }, async (page) => {
  await page.locator('.table.jobs .cells.job').nth(2).waitFor(patience);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 job chosen').waitFor(patience);
  await page.locator('.table.jobs .cells.job').nth(1).locator('a').focus();
  await page.keyboard.press('Enter');
  await heading(page, /./);
  await page.waitForFunction(() => /#\/jobs\/./.test(location.hash), null, patience);
  await page.keyboard.press('u');
  await heading(page, 'Jobs');
});

on_page('ten tabs at once are all live', {}, async (page, { open }) => {
  const tabs = [page];
  for (let i = 1; i < 10; i++) tabs.push(await open(i % 2 ? '#/' : '#/jobs'));
  for (const tab of tabs) await is_live(tab);
  await until('all tabs share one stream', async () => /^darkroom_sse_clients 1$/m.test(await (await fetch(`${url}/metrics`)).text()));
  const id = await add('echo', { tabs: 10 });
  for (const tab of tabs) {
    await tab.bringToFront();
    await tab.evaluate(() => (location.hash = '#/'));
    await tab.locator('.row', { hasText: 'echo: job-completed' }).filter({ hasText: `#${id}` }).first().waitFor(patience);
  }
});

on_page('a browser without shared workers has its own stream', { alone: true }, async (page) => {
  await is_live(page);
  const id = await add('echo');
  await page.locator('.row', { hasText: 'echo: job-completed' }).filter({ hasText: `#${id}` }).first().waitFor(patience);
});

let wire;
for (const alone of [false, true]) {
  on_page(`a lost connection is told and nothing is missed ${alone ? 'without a shared worker' : 'with one'}`, {
    alone, errors_expected: true, base: async () => (wire = await cable()).url,
  }, async (page) => {
    await is_live(page);
    const row = (id) => page.locator('.row', { hasText: 'echo: job-completed' }).filter({ hasText: `#${id}` });
    await row(await add('echo')).waitFor(patience);
    wire.cut(true);
    await page.locator('.banner[role=alert]', { hasText: 'The connection to the server is lost' }).waitFor(patience);
    await shot(page, 'lost');
    const missed = [];
    for (let i = 0; i < 3; i++) missed.push(await add('echo', { i }));
    for (const id of missed) await ended(id);
    wire.cut(false);
    await is_live(page);
    await page.locator('.banner').waitFor({ ...patience, state: 'detached' });
    for (const id of missed) await row(id).waitFor(patience);
    assert.equal(await page.locator('.row.warn', { hasText: 'gap' }).count(), 0);
    wire.close();
  });
}

on_page('a stream that is refused comes back', {
  alone: true,
  errors_expected: true,
  prepare: (page) => page.route('**/api/events*', (route) => route.abort()),
}, async (page) => {
  await page.locator('.banner[role=alert]').waitFor(patience);
  await page.unroute('**/api/events*');
  await is_live(page);
  assert.equal(await page.locator('.banner').count(), 0);
});

on_page('the theme is as the system has it until one chooses', { context: { colorScheme: 'light' } }, async (page) => {
  await is_live(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: /^Theme/ }).click();
  await until('it is dark', async () => (await ground()) !== light);
  await page.reload();
  await is_live(page);
  assert.notEqual(await ground(), light, 'it is remembered');
});

for (const colorScheme of ['dark', 'light'])
  for (const [view, title] of Object.entries(VIEWS))
    on_page(`everybody can use ${title} in ${colorScheme}`, { at: view && `#/${view}`, context: { colorScheme } }, async (page) => {
      await is_live(page);
      await page.waitForFunction(() => !document.querySelector('.loading'), null, patience);
      await accessible(page, title);
    });

on_page('everybody can use a job, a picture, a form and the keys', { at: '#/images' }, async (page) => {
  await page.locator('.card.completed').first().click();
  await page.locator('.variants li').first().waitFor(patience);
  await accessible(page, 'a picture');
  const id = await add('fatal', { message: 'a broken lamp' });
  await ended(id);
  await page.evaluate((id) => (location.hash = `#/jobs/${id}`), id);
  await page.locator('.reason').first().waitFor(patience);
  await accessible(page, 'a job');
  await page.evaluate(() => (location.hash = '#/jobs?state=failed'));
  await page.locator('.table.jobs .cells.job').first().waitFor(patience);
  await page.getByRole('button', { name: 'Add a job' }).click();
  await accessible(page, 'failed jobs and the form');
  await page.evaluate(() => (location.hash = '#/schedulers'));
  await page.getByRole('button', { name: 'Add a scheduler' }).click();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  await page.locator('.help[open]').waitFor(patience);
  await accessible(page, 'the form of a scheduler and the keys');
});

for (const [width, height] of [[360, 740], [390, 844], [1024, 768], [1920, 1080], [3840, 2160]])
  on_page(`all views fit ${width} pixels`, { context: { viewport: { width, height }, reducedMotion: 'reduce' } }, async (page) => {
    await is_live(page);
    for (const [view, title] of Object.entries(VIEWS)) {
      await page.evaluate((view) => (location.hash = `#/${view}`), view);
      await heading(page, new RegExp(`^${title}`));
      await page.waitForFunction(() => !document.querySelector('.loading'), null, patience);
      const [wide, moves] = await page.evaluate(() => [document.documentElement.scrollWidth > innerWidth,
        [...document.querySelectorAll('.card img, .bar i, .lamp')].some((one) => getComputedStyle(one).transitionProperty !== 'none')]);
      assert.equal(wide, false, `${title} is wider than the window`);
      assert.equal(moves, false, `${title} moves`);
      for (const colorScheme of [390, 1024, 1920].includes(width) ? ['dark', 'light'] : ['dark']) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(100);
        await shot(page, `${title}-${width}-${colorScheme}`.toLowerCase());
      }
    }
  });
