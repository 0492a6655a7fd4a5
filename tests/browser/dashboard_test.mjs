// The page in a real browser against a running main node.
//   DARKROOM_URL=http://127.0.0.1:3000 node --test tests/browser/dashboard_test.mjs
// DARKROOM_SHOTS=<folder> also keeps pictures of the page. Over 300 lines long,
// because all cases use one browser and the pictures that the first ones add.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const url = process.env.DARKROOM_URL;
if (!url) throw new Error('DARKROOM_URL is not set: start `darkroom dev` and give its address');
const shots = process.env.DARKROOM_SHOTS;
const patience = { timeout: Number(process.env.DARKROOM_PATIENCE_MS || 60000) }; // a cold worker on a busy machine

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
after(() => browser?.close());

/** Opens the page, runs `steps`, and fails on any error of the page itself. */
function on_page(name, options, steps) {
  test(name, async () => {
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options.context });
    const page = await context.newPage();
    const wrong = [];
    const asked = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !options.errors_expected) wrong.push(message.text());
    });
    page.on('request', (request) => asked.push(request.url()));
    try {
      await options.prepare?.(page);
      await page.goto(url);
      await steps(page);
      if (shots) await page.screenshot({ path: `${shots}/${name.replaceAll(' ', '-')}.png` });
      assert.deepEqual(wrong, []);
      assert.deepEqual(asked.filter((one) => !one.startsWith(url) && !one.startsWith('blob:')), []);
    } finally {
      await context.close();
    }
  });
}

const is_live = (page) => page.locator('.link-state.live').waitFor(patience);

/** Drops a file of the given bytes, or a painted picture, on the page. */
function drop(page, name, size = 0) {
  return page.evaluate(async ([name, size]) => {
    const paint = async () => {
      const canvas = new OffscreenCanvas(800, 600);
      const brush = canvas.getContext('2d');
      const sky = brush.createLinearGradient(0, 0, 0, 600);
      sky.addColorStop(0, '#27486b');
      sky.addColorStop(1, '#e9a15b');
      brush.fillStyle = sky;
      brush.fillRect(0, 0, 800, 600);
      brush.fillStyle = `hsl(${Math.random() * 360} 60% 40%)`;
      brush.fillRect(200, 320, 400, 280);
      return canvas.convertToBlob({ type: 'image/jpeg' });
    };
    const file = new File([size ? new Uint8Array(size) : await paint()], name, { type: 'image/jpeg' });
    const data = new DataTransfer();
    data.items.add(file);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
  }, [name, size]);
}

/** An event stream that ends, then stays away: for what a test cannot cause. */
function stream_of(events) {
  return {
    contentType: 'text/event-stream',
    body: 'retry: 100000\n\n' + events.map(([name, data], i) => `id: e-${i}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(''),
  };
}

on_page('an idle page is complete', {}, async (page) => {
  await is_live(page);
  assert.equal(await page.title(), 'Darkroom');
  await page.locator('[data-count=waiting] dd', { hasText: /^\d+$/ }).waitFor(patience);
  for (const title of ['Images', 'Throughput', 'Live trace', 'Nodes']) {
    await page.getByRole('heading', { name: title }).waitFor(patience);
  }
  assert.equal(await page.locator('.plot canvas').count(), 1);
  assert.equal(await page.locator('.problem').count(), 0);
});

on_page('a dropped picture is developed before your eyes', {}, async (page) => {
  await is_live(page);
  await page.locator('.images ul.grid, .drop').first().waitFor(patience);
  const before = await page.$$eval('.card', (all) => all.map((one) => one.dataset.image));
  await drop(page, 'sunset over the roofs.jpg');
  await page.waitForFunction((known) => [...document.querySelectorAll('.card')].some((one) => !known.includes(one.dataset.image)), before, patience);
  const id = await page.$$eval('.card', (all, known) => all.map((one) => one.dataset.image).find((one) => !known.includes(one)), before);
  const row = (summary) => page.locator('.row', { hasText: summary }).filter({ hasText: id }).first();
  await row('generate-metadata: job-progress').locator('.bar i').waitFor({ ...patience, state: 'attached' });
  if (shots) await page.screenshot({ path: `${shots}/developing.png` });
  await row('generate-metadata: job-completed').waitFor(patience);
  await row('generate-variants: job-completed').waitFor(patience);
  await page.locator(`.card.completed[data-image="${id}"]`).waitFor(patience);
  await page.waitForFunction((id) => document.querySelector(`.card[data-image="${id}"] img`)?.naturalWidth > 0, id, patience);
  assert.equal(await page.locator('.uploads li').count(), 0);
});

on_page('an image opens and closes by keyboard', {}, async (page) => {
  const card = page.locator('.card.completed').first();
  await card.waitFor(patience);
  await card.focus();
  await page.keyboard.press('Enter');
  await page.locator('dialog[open] .facts table tbody tr').first().waitFor(patience);
  await page.waitForFunction(() => document.querySelector('dialog .stage img')?.naturalWidth > 0, null, patience);
  const id = await card.getAttribute('data-image');
  await page.locator('dialog dd', { hasText: id }).first().waitFor(patience);
  if (shots) await page.screenshot({ path: `${shots}/detail.png` });
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ ...patience, state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.image), id);
});

on_page('pictures are found by text', {}, async (page) => {
  // Only one of the pictures shows a dog; of those without a subject, several have nearly the same words.
  const title = await page.locator('.card.completed .title', { hasText: /\bdog\b/ }).textContent(patience);
  const box = page.getByRole('searchbox', { name: 'Search pictures' });
  await box.fill('dog');
  await page.locator('.results h3', { hasText: /^\d+ hits? for/ }).waitFor(patience);
  assert.equal(await page.locator('.results .card .title').first().textContent(), title);
  await page.locator('.results .near').first().waitFor(patience);
  if (shots) await page.screenshot({ path: `${shots}/search.png` });
  await box.fill('"!?');
  await page.getByText(/Nothing was found: .*were searched/).waitFor(patience);
  if (shots) await page.screenshot({ path: `${shots}/search-empty.png` });
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.locator('.results').waitFor({ ...patience, state: 'detached' });
  assert.equal(await box.inputValue(), '');
});

on_page('similar pictures are shown from the view of one', {}, async (page) => {
  const card = page.locator('.card.completed').first();
  await card.waitFor(patience);
  const id = await card.getAttribute('data-image');
  await card.click();
  await page.locator('dialog[open]').getByRole('button', { name: 'Similar' }).click();
  await page.locator('.results h3', { hasText: /^\d+ hits? like/ }).waitFor(patience);
  await page.locator('.results .card').first().waitFor(patience);
  assert.equal(await page.locator(`.results .card[data-image="${id}"]`).count(), 0);
  if (shots) await page.screenshot({ path: `${shots}/similar.png` });
});

on_page('duplicates are shown in groups', {}, async (page) => {
  await is_live(page);
  await page.getByRole('button', { name: 'Duplicates' }).click();
  await page.locator('.results h3', { hasText: /^\d+ groups? of duplicates/ }).waitFor(patience);
  if (shots) await page.screenshot({ path: `${shots}/duplicates.png` });
});

on_page('a search that fails is told', {
  errors_expected: true,
  prepare: (page) => page.route('**/api/search?*', (route) => route.fulfill({
    status: 503, json: { error: { code: 'catalog_unavailable', message: 'the catalog is away', hint: 'ask again' } },
  })),
}, async (page) => {
  await page.getByRole('searchbox', { name: 'Search pictures' }).fill('dog');
  await page.getByText('The search failed: the catalog is away. ask again').waitFor(patience);
});

on_page('a file that is too large is refused with a hint', { errors_expected: true }, async (page) => {
  await is_live(page);
  await drop(page, 'huge.jpg', 60 * 1024 * 1024);
  const refusal = page.locator('.uploads .error', { hasText: 'huge.jpg' });
  await refusal.waitFor(patience);
  assert.match(await refusal.textContent(), /bytes/);
  await refusal.getByRole('button').click();
  await refusal.waitFor({ ...patience, state: 'detached' });
});

const many = Array.from({ length: 1200 }, (_, i) => ['worker-event', {
  type: i % 3 ? 'job-progress' : 'job-failed', jobId: String(i), jobName: 'generate-variants', imageId: `img-${i % 7}`,
  timestamp: Date.now(), progress: i % 3 ? i % 100 : undefined, error: i % 3 ? undefined : 'it is <b>broken</b>', attempt: 1, maxAttempts: 3,
}]);
many.push(['gap', { reason: 'slow', missed: 42 }]);

on_page('the trace is bounded and filtered and tells gaps', {
  prepare: (page) => page.route('**/api/events*', (route) => route.fulfill(stream_of(many))),
}, async (page) => {
  await page.locator('.row.warn', { hasText: '42 events missed' }).waitFor(patience);
  assert.equal(await page.locator('.row').count(), 500);
  assert.equal(await page.locator('.row b').count(), 0); // text, not markup
  await page.getByLabel('Filter the trace by level').selectOption('error');
  await page.waitForFunction(() => !document.querySelector('.row.info'), null, patience);
  await page.getByLabel('Filter the trace by text').fill('#1197'.slice(1));
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1, null, patience);
  assert.match(await page.locator('.row').textContent(), /generate-variants: job-failed.*broken/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('Nothing has happened yet').waitFor(patience);
});

on_page('a paused trace holds what comes', {}, async (page) => {
  await is_live(page);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await drop(page, 'while you wait.jpg');
  await page.getByRole('button', { name: /Resume \([1-9]\d* new\)/ }).waitFor(patience);
  assert.equal(await page.locator('.row').count(), 0);
  await page.getByRole('button', { name: /Resume \(/ }).click();
  await page.locator('.row').first().waitFor(patience);
});

on_page('a lost connection is told and comes back', {
  errors_expected: true,
  prepare: (page) => page.route('**/api/events*', (route) => route.abort()),
}, async (page) => {
  await page.locator('.banner[role=alert]').waitFor(patience);
  if (shots) await page.screenshot({ path: `${shots}/lost.png` });
  await page.unroute('**/api/events*');
  await is_live(page);
  assert.equal(await page.locator('.banner').count(), 0);
});

on_page('a server that fails is told in its own words', {
  errors_expected: true,
  prepare: (page) => page.route('**/api/images?*', (route) => route.fulfill({
    status: 500, json: { error: { code: 'catalog_failed', message: 'the disk is full', hint: 'free some space' } },
  })),
}, async (page) => {
  await page.getByText('the disk is full. free some space').waitFor(patience);
});

on_page('an actor is killed by its button and comes back', {}, async (page) => {
  const button = page.getByRole('group', { name: 'Kill an actor of the main node' }).getByRole('button', { name: /^notifier/ });
  const before = Number((await button.locator('small').textContent({ timeout: 1000 }).catch(() => '0')).split(' ')[0]);
  await button.click();
  await button.getByText(`${before + 1} restart`).waitFor(patience);
});

on_page('a chaos run is started by the page and ends with a verdict', { errors_expected: true }, async (page) => {
  const panel = page.getByRole('region', { name: /^Chaos/ });
  await panel.getByLabel('Duration of the run').fill('soon');
  assert.equal(await panel.getByRole('checkbox').count(), 6, 'every kind of action');
  await panel.getByRole('button', { name: 'Start a run' }).click();
  await panel.getByText(/'soon'/).waitFor(patience);
  await panel.getByLabel('Duration of the run').fill('4s');
  await panel.getByLabel('Cut workers off').uncheck();
  await panel.getByRole('button', { name: 'Start a run' }).click();
  await panel.getByText('A run is under way').waitFor(patience);
  await panel.locator('[data-verdict=ok]').waitFor(patience);
  await panel.getByText(/[1-9]\d* kill-actor/).first().waitFor(patience);
  if (shots) await panel.screenshot({ path: `${shots}/chaos.png` });
});

on_page('a chaos run is stopped by the page', {}, async (page) => {
  const panel = page.getByRole('region', { name: /^Chaos/ });
  await panel.getByLabel('Duration of the run').fill('60s');
  await panel.getByLabel('Cut workers off').uncheck();
  await panel.getByRole('button', { name: 'Start a run' }).click();
  await panel.getByText('A run is under way').waitFor(patience);
  await panel.getByRole('button', { name: 'Stop all chaos' }).click();
  await panel.getByText('stopped by the page').waitFor(patience);
});

on_page('the connections of Redis are broken by a button', { errors_expected: true }, async (page) => {
  const panel = page.getByRole('region', { name: /^Chaos/ });
  await panel.getByRole('button', { name: 'Break its connections' }).click();
  await panel.getByText('kill-clients redis').first().waitFor(patience);
  await is_live(page);
});

const child = (name) => ({ name, running: true, restarts: 0, ageMs: 1000 });
const worker = (name, chaos) => ({ name, role: 'work', state: 'up', chaos, process: chaos ? { machine: 'm', pid: 1, started: '1' } : null, concurrency: 4, running: 1, actors: [child('uplink'), child('processor_pool')] });

on_page('workers have buttons where they allow chaos', {
  prepare: async (page) => {
    page.harm = [];
    await page.route('**/api/nodes', (route) => route.fulfill({ json: {
      nodes: [worker('willing', true), worker('careful', false)], main: { chaos: true, actors: [child('dispatcher')] } } }));
    await page.route(/api\/(chaos\/(nodes|act)|nodes\/)/, (route) => (page.harm.push(route.request()), route.fulfill({ status: 202, json: {} })));
  },
}, async (page) => {
  const node = (name) => page.locator('.nodes li', { hasText: name });
  await node('careful').getByText('It does not allow chaos').waitFor(patience);
  assert.equal(await node('careful').locator('.kill').count(), 0);
  await node('willing').getByRole('button', { name: 'processor', exact: true }).click();
  await node('willing').getByRole('button', { name: 'Cut off for 5 s' }).click();
  await node('careful').getByRole('button', { name: 'Cordon' }).click();
  await node('willing').getByRole('button', { name: 'Freeze' }).click();
  await node('willing').getByRole('button', { name: 'Kill the process' }).click();
  for (let looks = 0; page.harm.length < 5 && looks < 100; looks++) await page.waitForTimeout(20);
  assert.deepEqual(page.harm.map((request) => new URL(request.url()).pathname + new URL(request.url()).search + (request.postData() ?? '')),
    ['/api/chaos/nodes/willing/kill/processor', '/api/chaos/nodes/willing/cut?seconds=5', '/api/nodes/careful/cordon',
      '/api/chaos/act{"action":"freeze-worker","node":"willing"}', '/api/chaos/act{"action":"kill-worker","node":"willing"}']);
});

on_page('a narrow and calm page fits', {
  context: { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' },
}, async (page) => {
  await is_live(page);
  await page.locator('.card, .drop').first().waitFor(patience);
  const [wide, moves] = await page.evaluate(() => [
    document.documentElement.scrollWidth > innerWidth,
    [...document.querySelectorAll('.card img, .bar i')].some((one) => getComputedStyle(one).transitionProperty !== 'none'),
  ]);
  assert.equal(wide, false);
  assert.equal(moves, false);
});
