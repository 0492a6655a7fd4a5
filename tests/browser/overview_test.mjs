// The overview: figures, alerts, trace, and what is told when things go wrong.
import assert from 'node:assert/strict';
import { add, ask, drop, ended, heading, is_live, on_page, patience, shot, stream_of, until } from './_page.mjs';

on_page('an idle page is complete', {}, async (page) => {
  await is_live(page);
  assert.equal(await page.title(), 'Overview · Darkroom');
  await page.locator('[data-count=waiting] dd', { hasText: /^\d+$/ }).waitFor(patience);
  for (const title of ['Throughput', 'Live trace', 'In flight']) await page.getByRole('heading', { name: title }).waitFor(patience);
  await page.locator('#chart-title').waitFor(patience);
  assert.ok(await page.locator('.plot canvas').count() >= 1);
  await page.getByText('All is well').waitFor(patience);
  assert.equal(await page.locator('.problem').count(), 0);
});

on_page('a job is followed in the trace and opened from there', {}, async (page) => {
  await is_live(page);
  const id = await add('echo', { hello: 1 });
  const row = page.locator('.row', { hasText: 'echo: job-completed' }).filter({ hasText: `#${id}` }).first();
  await row.waitFor(patience);
  await row.locator('a.id').first().click();
  await page.getByRole('heading', { level: 1, name: /echo/ }).waitFor(patience);
  assert.equal(await page.title(), `Job ${id} · Darkroom`);
});

on_page('one who just came sees what happened before', {
  prepare: async () => {
    const id = await add('echo', { before: 1 });
    for (const end = Date.now() + 20000; (await ask(`/api/jobs/${id}`)).state !== 'completed';) assert.ok(Date.now() < end);
  },
}, async (page) => {
  await page.locator('.row', { hasText: 'echo: job-completed' }).first().waitFor(patience);
});

on_page('a paused queue is an alert with a button', {}, async (page) => {
  await is_live(page);
  await page.getByRole('button', { name: 'Pause queue' }).click();
  const alert = page.locator('.alerts li', { hasText: 'The queue is paused' });
  await alert.waitFor(patience);
  await shot(page, 'paused');
  await alert.getByRole('button', { name: 'Resume the queue' }).click();
  await alert.waitFor({ ...patience, state: 'detached' });
  assert.equal((await ask('/api/queue')).paused, false);
});

const resting = {
  providers: [{ id: 'api.example.com/v1 gpt-4o-mini#12ab', resource: 'vision', state: 'resting', restingSince: Date.now() - 90000, restingUntil: Date.now() + 60000, refusals: 3, message: 'Incorrect API key provided' }],
  budget: { day: '2026-11-30', ends: Date.now() + 3600000, bounds: [{ scope: 'vision', kind: 'money', used: 4.6, most: 5, runsOutAt: Date.now() + 600000 }, { scope: 'total', kind: 'requests', used: 12 }] },
};

on_page('providers that rest, a budget and missing workers are alerts', {
  prepare: async (page) => {
    await page.route('**/api/providers', (route) => route.fulfill({ json: resting }));
    await page.route('**/api/nodes', (route) => route.fulfill({ json: { nodes: [], main: { name: 'm', actors: [] } } }));
  },
}, async (page) => {
  await page.locator('.alerts .bad', { hasText: 'No worker node is connected' }).waitFor(patience);
  await page.locator('.alerts .bad', { hasText: 'Incorrect API key provided' }).getByRole('button', { name: 'Call it now' }).waitFor(patience);
  await page.locator('.alerts .warn', { hasText: '4.6 of 5 money' }).waitFor(patience);
  await page.locator('.views .alarm', { hasText: '3' }).waitFor(patience);
});

const many = Array.from({ length: 1200 }, (_, i) => ['worker-event', {
  type: i % 3 ? 'job-progress' : 'job-failed', jobId: String(i), jobName: 'generate-variants', imageId: `img-${i % 7}`,
  timestamp: Date.now(), progress: i % 3 ? i % 100 : undefined, error: i % 3 ? undefined : 'it is <b>broken</b>', attempt: 1, maxAttempts: 3,
}]);
many.push(['gap', { reason: 'slow', missed: 42 }]);

on_page('the trace is bounded and filtered and tells gaps', {
  alone: true,
  prepare: (page) => page.route('**/api/events*', (route) => route.fulfill(stream_of(many))),
}, async (page) => {
  await page.locator('.row.warn', { hasText: '42 events missed' }).waitFor(patience);
  assert.equal(await page.locator('.row').count(), 500);
  assert.equal(await page.locator('.row b').count(), 0); // text, not markup
  await page.getByLabel('Filter the trace by level').selectOption('error');
  await page.waitForFunction(() => !document.querySelector('.row.info'), null, patience);
  await page.locator('.alerts .bad', { hasText: 'failed within the last minute' }).waitFor(patience);
  await shot(page, 'failing');
  await page.getByLabel('Filter the trace by text').fill('1197');
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1, null, patience);
  assert.match(await page.locator('.row').textContent(), /generate-variants: job-failed.*broken/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('Nothing has happened yet').waitFor(patience);
});

on_page('a paused trace holds what comes', {}, async (page) => {
  await is_live(page);
  await page.getByRole('button', { name: 'Clear' }).click({ timeout: 3000 }).catch(() => {}); // nothing happened yet
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await drop(page, 'while you wait.jpg');
  await page.getByRole('button', { name: /Resume \([1-9]\d* new\)/ }).waitFor(patience);
  assert.equal(await page.locator('.row').count(), 0);
  await page.getByRole('button', { name: /Resume \(/ }).click();
  await page.locator('.row').first().waitFor(patience);
});

on_page('a server that fails is told in its own words', {
  errors_expected: true,
  prepare: (page) => page.route('**/api/queue', (route) => route.fulfill({
    status: 503, json: { error: { code: 'redis_unavailable', message: 'Redis does not answer', hint: 'is it running?' } },
  })),
}, async (page) => {
  await page.locator('.alerts .bad', { hasText: 'The queue cannot be read: Redis does not answer. is it running?' }).waitFor(patience);
});

on_page('a standby names the active main node', {
  errors_expected: true,
  prepare: (page) => page.route('**/api/queue', (route) => route.fulfill({
    status: 503, json: { error: { code: 'standby', message: 'this main node stands by for another one', hint: 'ask the active one, http://main-b:3000' } },
  })),
}, async (page) => {
  await page.locator('.banner[role=alert]', { hasText: 'http://main-b:3000' }).waitFor(patience);
});

const hour = { step: 60000, from: Date.now() - 3600000, series: Object.fromEntries(['completed', 'failed', 'waiting', 'active', 'delayed'].map((name, at) => [name, Array.from({ length: 60 }, (_, i) => Math.round(20 + 15 * Math.sin(i / 6 + at)))])) };

on_page('the course of the queue comes from the server', {}, async (page) => {
  await ended(await add('echo'));
  await until('the server has noted it', async () => (await ask('/api/history')).series.completed.some((count) => count > 0));
  await page.reload();
  await page.getByRole('img', { name: 'Completed and failed jobs over 1h' }).waitFor(patience);
  await shot(page, 'history');
});

on_page('the history is shown over the time that was chosen', {
  prepare: (page) => page.route('**/api/history?*', (route) => route.fulfill({ json: hour })),
}, async (page) => {
  await page.getByRole('heading', { name: 'History' }).waitFor(patience);
  const asked = page.waitForRequest(/history\?hours=168/);
  await page.getByRole('button', { name: '7d' }).click();
  await asked;
  assert.match(page.url(), /#\/\?range=7d$/);
  await page.getByRole('img', { name: 'Completed and failed jobs over 7d' }).waitFor(patience);
  await heading(page, 'Overview');
});
