// Jobs: found, followed, changed and retried.
import assert from 'node:assert/strict';
import { Queue } from 'bullmq';
import { test } from 'node:test';
import { add, ask, ended, heading, is_live, on_page, patience, redis, shot, until } from './_page.mjs';

const rows = (page) => page.locator('.table.jobs .body .cells.job');
const sure = (page, verb) => page.locator('.question').getByRole('button', { name: verb }).click();

on_page('a job is found by the text of its error', {
  at: '#/jobs?state=failed',
  prepare: async () => {
    for (const message of ['the lens of camera 12 is dirty', 'the lens of camera 7 is dirty', 'no film in the back']) await ended(await add('fatal', { message }));
  },
}, async (page) => {
  await rows(page).filter({ hasText: 'no film in the back' }).first().waitFor(patience);
  await page.keyboard.press('/');
  await page.keyboard.type('LENS OF CAMERA 12');
  await page.waitForFunction(() => /error=LENS/.test(location.hash), null, patience);
  await page.waitForFunction(() => document.querySelectorAll('.table.jobs .cells.job').length === 1, null, patience);
  await page.getByText('is dirty').first().waitFor(patience);
  await shot(page, 'jobs-found');
  await rows(page).first().locator('.id a').click();
  await heading(page, /fatal/);
  await page.locator('.reason', { hasText: 'the lens of camera 12 is dirty' }).first().waitFor(patience);
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('.table.jobs .cells.job').length === 1, null, patience);
  assert.equal(await page.getByLabel('Error text').inputValue(), 'LENS OF CAMERA 12');
});

on_page('all jobs of a filter are retried at once', {
  at: '#/jobs?state=failed&error=shutter',
  prepare: async () => {
    for (let i = 0; i < 3; i++) await ended(await add('fatal', { message: `the shutter ${i} hangs` }));
  },
}, async (page) => {
  await page.waitForFunction(() => document.querySelectorAll('.table.jobs .cells.job').length === 3, null, patience);
  await page.getByRole('group', { name: 'Actions for many jobs' }).getByRole('button', { name: 'retry' }).click();
  await page.locator('.question', { hasText: 'error shutter' }).waitFor(patience);
  await shot(page, 'jobs-sure');
  await sure(page, 'Retry');
  await page.getByText('3 jobs retried').waitFor(patience);
});

on_page('chosen jobs are removed, the others stay', {
  at: '#/jobs?state=failed&error=tripod',
  prepare: async () => {
    for (let i = 0; i < 3; i++) await ended(await add('fatal', { message: `the tripod ${i} fell` }));
  },
}, async (page) => {
  await rows(page).nth(2).waitFor(patience);
  await rows(page).nth(0).getByRole('checkbox').check();
  await rows(page).nth(1).getByRole('checkbox').check();
  await page.getByText('2 jobs chosen').waitFor(patience);
  await page.getByRole('group', { name: 'Actions for many jobs' }).getByRole('button', { name: 'remove' }).click();
  await sure(page, 'Remove');
  await page.getByText('2 jobs removed').waitFor(patience);
  await page.waitForFunction(() => document.querySelectorAll('.table.jobs .cells.job').length === 1, null, patience);
});

on_page('the course of a job is followed without a reload', {}, async (page) => {
  await is_live(page);
  const id = await add('sleep', { ms: 6000 }); // longer than a busy machine takes to show it
  await page.evaluate((id) => (location.hash = `#/jobs/${id}`), id);
  await heading(page, /sleep/);
  await page.locator('.timeline .now', { hasText: 'runs' }).waitFor(patience);
  await shot(page, 'job-running');
  await page.locator('.timeline .good', { hasText: 'completed' }).waitFor(patience);
  await page.locator('h1 .badge.completed').waitFor(patience);
  assert.ok(await page.locator('.timeline li').count() >= 3);
  await page.getByText('"slept": 6000').waitFor(patience);
});

on_page('a job that waits tells why, is changed and promoted', {
  prepare: async (page) => (page.job = await add('echo', { n: 1 }, { delay: 3600000 })),
}, async (page) => {
  await page.evaluate((id) => (location.hash = `#/jobs/${id}`), page.job);
  await page.getByText(/It is delayed until/).waitFor(patience);
  await page.getByRole('button', { name: 'Change…' }).click();
  await page.getByLabel('Data (JSON)').fill('{"n": 2}');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('"n": 2').waitFor(patience);
  await page.getByRole('button', { name: 'Promote' }).click();
  await page.locator('h1 .badge.completed').waitFor(patience);
});

on_page('a job is added by the form', { at: '#/jobs' }, async (page) => {
  await page.getByRole('button', { name: 'Add a job' }).click();
  await page.getByLabel('Name', { exact: true }).fill('echo');
  await page.getByLabel('Data (JSON)').fill('{not json');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('the data is not JSON').waitFor(patience);
  await page.getByLabel('Data (JSON)').fill('{"from": "the form"}');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await heading(page, /echo/);
  await page.getByText('"from": "the form"').first().waitFor(patience);
});

on_page('what strangers wrote is text', {
  prepare: async (page) => (page.job = await add('fatal', { message: '<img src=x onerror=alert(1)>', '<b>key</b>': '</pre><script>' })),
}, async (page) => {
  await page.evaluate((id) => (location.hash = `#/jobs/${id}`), page.job);
  await page.locator('.reason', { hasText: '<img src=x' }).first().waitFor(patience);
  assert.equal(await page.locator('main img, main script, .code b').count(), 0);
});

on_page('a job that is not there is told', { at: '#/jobs/no-such-job', errors_expected: true }, async (page) => {
  await page.getByText('There is no such job').waitFor(patience);
});

test('ten thousand waiting jobs are added', async () => {
  await ask('/api/queue/pause', {});
  const queue = new Queue('image-processing', { connection: redis });
  for (let part = 0; part < 10; part++)
    await queue.addBulk(Array.from({ length: 1000 }, (_, i) => ({ name: 'echo', data: { number: part * 1000 + i }, opts: { removeOnComplete: true } })));
  await queue.close();
});

on_page('ten thousand jobs are scrolled to the last one', { at: '#/jobs' }, async (page) => {
  await rows(page).first().waitFor(patience);
  const longest = page.evaluate(() => new Promise((resolve) => {
    const gaps = [];
    let last = performance.now();
    const look = (now) => {
      gaps.push(now - last);
      last = now;
      if (window.is_done) resolve(gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)]);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }));
  await until('the end of the list is there', async () => {
    await page.mouse.wheel(0, 20000);
    const shown = await rows(page).count();
    assert.ok(shown < 200, `${shown} rows are in the document`);
    return page.locator('.end-of-list', { hasText: /10,000 shown/ }).isVisible();
  });
  await page.evaluate(() => (window.is_done = true));
  console.log(`# frames while scrolling, p95: ${(await longest).toFixed(0)} ms`);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const last = rows(page).last();
  await last.locator('.id a').click();
  await page.getByText('"number": 9999').waitFor(patience);
  await page.evaluate(() => { // a slow machine's frames come late
    const next_frame = requestAnimationFrame;
    window.requestAnimationFrame = (draw) => setTimeout(() => next_frame(draw), 200);
  });
  await page.goBack();
  await page.waitForFunction(() => scrollY > 100000, null, patience); // where one was
  await page.evaluate(async () => { // an answer that shortens the list would be drawn by then
    for (let frame = 0; frame < 6; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
  });
  assert.ok(await page.evaluate(() => scrollY > 100000), 'the list was read anew');
  await rows(page).last().waitFor(patience);
});

test('the ten thousand jobs are removed', async () => {
  await ask('/api/queue/drain', {});
  await ask('/api/queue/resume', {});
  assert.equal((await ask('/api/queue')).counts.waiting, 0);
});
