// Dead letters, schedulers, flows, limits and the journal.
import assert from 'node:assert/strict';
import { FlowProducer } from 'bullmq';
import { add, ask, ended, heading, on_page, patience, redis, shot, until } from './_page.mjs';

on_page('all dead letters of one cause are redriven by one click', {
  at: '#/dead',
  prepare: async (page) => {
    page.jobs = [];
    for (let i = 0; i < 4; i++) page.jobs.push(await add('fatal', { message: `flash ${i + 100} does not fire` }));
    for (const id of page.jobs) await ended(id);
    await ended(await add('fatal', { message: 'another cause' }));
  },
}, async (page) => {
  const cause = page.locator('.cause', { hasText: 'does not fire' });
  await cause.locator('.number', { hasText: '4' }).waitFor(patience);
  assert.equal(await cause.count(), 1, 'numbers are folded');
  await shot(page, 'dead-causes');
  await cause.getByRole('button', { name: /Redrive/ }).click();
  await page.getByText('4 jobs are back in line').waitFor(patience);
  for (const id of page.jobs) await until(`job ${id} ran again`, async () => (await ended(id)).attemptsStarted >= 2);
  await cause.getByRole('link', { name: 'Jobs' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.table.jobs .cells.job').length === 4, null, patience);
});

on_page('a scheduler is added, edited and removed', { at: '#/schedulers' }, async (page) => {
  await page.getByRole('button', { name: 'Add a scheduler' }).click();
  await page.getByLabel('Id', { exact: true }).fill('nightly');
  await page.getByLabel('Name of its jobs').fill('echo');
  await page.getByLabel('Rhythm').selectOption('pattern');
  await page.getByLabel('Cron pattern', { exact: true }).fill('0 3 * * *');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByLabel('Data (JSON)').fill('{"all": true}');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const one = page.locator('.scheduler', { hasText: 'nightly' });
  await one.getByText('0 3 * * *').waitFor(patience);
  await one.getByText('Next runs').click();
  assert.equal(await one.locator('.runs li').count(), 5);
  await shot(page, 'schedulers');
  await one.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Rhythm').selectOption('every');
  await page.getByLabel('Every', { exact: true }).fill('2h');
  await page.getByRole('button', { name: 'Store' }).click();
  await one.getByText('every 2 h').waitFor(patience);
  await one.getByRole('button', { name: 'Remove' }).click();
  await page.locator('.question').getByRole('button', { name: 'Remove' }).click();
  await one.waitFor({ ...patience, state: 'detached' });
  assert.deepEqual((await ask('/api/schedulers')).schedulers, []);
});

async function addFlow() {
  const producer = new FlowProducer({ connection: redis });
  const child = (name, data, children) => ({ name, queueName: 'image-processing', data, children });
  const { job } = await producer.add(child('echo', { top: true }, [child('sleep', { ms: 100 }), child('echo', { middle: true }, [child('log', { lines: ['a'] }), child('echo', { leaf: 2 })])]));
  await producer.close();
  return job.id;
}

on_page('a flow is a tree that ends before your eyes', { at: '#/flows' }, async (page) => {
  await ask('/api/queue/pause', {}); // so that the flow lasts until it was seen
  page.afterwards.push(() => ask('/api/queue/resume', {}));
  const id = await addFlow();
  await page.locator('.lines a', { hasText: id }).click();
  const tree = page.getByRole('tree');
  await tree.getByRole('treeitem').nth(4).waitFor(patience);
  assert.equal(await tree.getByRole('treeitem').count(), 5);
  await shot(page, 'flow');
  await ask('/api/queue/resume', {});
  await until('all of the flow is completed', async () => (await tree.locator('.badge.completed').count()) === 5);
  await tree.locator('a', { hasText: 'log' }).click();
  await heading(page, /log/);
  await page.getByRole('link', { name: 'Show the tree' }).click();
  await page.locator('.tree .focus', { hasText: 'log' }).waitFor(patience);
  assert.equal(await page.getByRole('treeitem').count(), 5, 'the tree is shown from its root');
});

on_page('the limits of the queue are changed', { at: '#/limits' }, async (page) => {
  await page.getByText('any number of jobs at once').waitFor(patience);
  await page.getByLabel('Jobs at once').fill('3');
  await page.getByLabel('Starts at most').fill('100');
  await page.getByLabel('in', { exact: true }).fill('1m');
  await page.getByRole('button', { name: 'Store' }).click();
  await page.getByText('3 jobs at once, 100 starts in 1 min').waitFor(patience);
  const queue = await ask('/api/queue');
  assert.deepEqual([queue.concurrency, queue.limit], [3, { max: 100, duration: 60000 }]);
  await page.getByLabel('Jobs at once').fill('');
  await page.getByLabel('Starts at most').fill('');
  await page.getByRole('button', { name: 'Store' }).click();
  await page.getByText('any number of jobs at once').waitFor(patience);
});

on_page('a limit is changed for all nodes, and taken back', { at: '#/limits', errors_expected: true }, async (page) => {
  const form = page.getByRole('form', { name: 'Change a limit' });
  await form.getByLabel('Limit').selectOption('budget.money');
  await form.getByLabel('Value').fill('a lot');
  await form.getByRole('button', { name: 'Change' }).click();
  await page.locator('.toasts p', { hasText: 'not an amount' }).first().waitFor(patience);
  await form.getByLabel('Value').fill('2.5');
  await form.getByRole('button', { name: 'Change' }).click();
  const changed = page.getByRole('region', { name: /^Changed here/ });
  await changed.getByRole('listitem').filter({ hasText: 'budget.money' }).getByText('2.5').waitFor(patience);
  await page.locator('.bound', { hasText: 'of 2.5' }).waitFor(patience);
  const money = async () => (await ask('/api/limits')).limits.find((one) => one.name === 'budget.money');
  assert.deepEqual(await money(), { name: 'budget.money', value: '2.5', setting: '0', changed: true });
  await changed.getByRole('button', { name: 'Take back' }).click();
  await page.getByText('as the configuration says').waitFor(patience);
  assert.equal((await money()).changed, false);
});

const entries = [{ id: '2', at: Date.now() - 5000, who: 'ada', role: 'operator', from: '10.0.0.7', what: 'queue.pause', target: 'image-processing', status: 200, outcome: 'done', details: '' },
  { id: '1', at: Date.now() - 90000, who: 'bob', role: 'viewer', from: '10.0.0.8', what: 'job.remove', target: '42', status: 403, outcome: 'refused', details: 'a viewer may not' }];

on_page('the journal tells who did what', {
  prepare: (page) => page.route('**/api/audit?*', (route) => route.fulfill({ json: { entries: entries.filter((one) => !route.request().url().includes('who=bob') || one.who === 'bob'), next: null } })),
}, async (page) => {
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('cell', { name: 'queue.pause' }).waitFor(patience);
  await page.getByLabel('Who').fill('bob');
  await page.waitForFunction(() => document.querySelectorAll('.journal tbody tr').length === 1, null, patience);
  assert.match(page.url(), /#\/audit\?who=bob$/);
});

on_page('a journal that is not kept has no place', {
  errors_expected: true,
  prepare: (page) => page.route('**/api/audit?*', (route) => route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'no such route', hint: '' } } })),
}, async (page) => {
  await page.locator('[data-count=waiting]').waitFor(patience);
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0);
  await page.evaluate(() => (location.hash = '#/audit'));
  await page.getByText('Not available').waitFor(patience);
});
