// The cluster: actors that are killed and heal, nodes that drain, chaos.
import assert from 'node:assert/strict';
import { add, is_live, on_page, patience, shot, until } from './_page.mjs';

const at = '#/cluster';

on_page('an actor is killed and heals before your eyes', { at }, async (page) => {
  const actor = page.locator('[data-node=main] [data-actor=notifier]');
  await actor.getByRole('button', { name: /^notifier/ }).click();
  await actor.getByRole('button', { name: 'Kill notifier' }).click();
  await actor.getByText(/healed in/).waitFor(patience);
  await shot(page, 'healed');
  await actor.getByText(/\d+ restarts?/).first().waitFor(patience);
});

on_page('the job that a node runs is shown and leads to it', { at }, async (page) => {
  await is_live(page);
  const id = await add('sleep', { ms: 8000 });
  const link = page.locator('.running a', { hasText: id }).first();
  await link.waitFor(patience);
  await shot(page, 'cluster-working');
  await link.click();
  await page.getByRole('heading', { level: 1, name: /sleep/ }).waitFor(patience);
});

on_page('a node is drained and taken back', { at }, async (page) => {
  const node = page.locator('.node-card', { has: page.getByRole('button', { name: 'Drain' }) }).first();
  await node.getByRole('button', { name: 'Drain' }).click();
  const drained = page.locator('.node-card', { has: page.getByRole('button', { name: 'Uncordon' }) });
  await drained.getByText('drained', { exact: true }).waitFor(patience);
  await shot(page, 'drained');
  await drained.getByRole('button', { name: 'Uncordon' }).click();
  await page.locator('.node-card .badge', { hasText: /^up$/ }).waitFor(patience);
});

const chaos = (page) => page.getByRole('region', { name: /^Chaos/ });

on_page('a chaos run is started by the page and ends with a verdict', { at, errors_expected: true }, async (page) => {
  const panel = chaos(page);
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
  await shot(page, 'chaos');
});

on_page('a chaos run is stopped by the page', { at }, async (page) => {
  const panel = chaos(page);
  await panel.getByLabel('Duration of the run').fill('60s');
  await panel.getByLabel('Cut workers off').uncheck();
  await panel.getByRole('button', { name: 'Start a run' }).click();
  await panel.getByText('A run is under way').waitFor(patience);
  await panel.getByRole('button', { name: 'Stop all chaos' }).click();
  await panel.getByText('stopped by the page').waitFor(patience);
});

on_page('the connections of Redis are broken by a button', { at, errors_expected: true }, async (page) => {
  const panel = chaos(page);
  await panel.getByRole('button', { name: 'Break its connections' }).click();
  await panel.getByText('kill-clients redis').first().waitFor(patience);
  await is_live(page);
});

const child = (name) => ({ name, running: true, restarts: 0, ageMs: 1000, mailbox: 0, lagMs: 0 });
const worker = (name, allows) => ({ name, role: 'work', state: 'up', chaos: allows, process: allows ? { machine: 'm', pid: 1, started: '1' } : null, concurrency: 4, running: 1, strategy: 'one_for_one',
  processors: [{ jobId: '77', busyMs: 1200 }, { jobId: '', busyMs: 0 }], actors: [child('uplink'), child('processor_pool')] });

on_page('workers have buttons where they allow chaos', {
  at,
  prepare: async (page) => {
    page.harm = [];
    await page.route('**/api/nodes', (route) => route.fulfill({ json: {
      nodes: [worker('willing', true), worker('careful', false)], main: { name: 'main', chaos: true, actors: [child('dispatcher')] } } }));
    await page.route(/api\/(chaos\/(nodes|act)|nodes\/)/, (route) => (page.harm.push(route.request()), route.fulfill({ status: 202, json: {} })));
  },
}, async (page) => {
  const node = (name) => page.locator(`[data-node=${name}]`);
  await node('careful').getByText('It does not allow chaos').waitFor(patience);
  await node('careful').getByRole('button', { name: 'uplink' }).click();
  assert.equal(await node('careful').locator('.kill').count(), 0);
  await node('willing').getByRole('button', { name: 'processor_pool' }).click();
  await node('willing').getByRole('button', { name: 'Kill a processor' }).click();
  await node('willing').getByRole('button', { name: 'Cut off for 5 s' }).click();
  await node('careful').getByRole('button', { name: 'Drain' }).click();
  await node('willing').getByRole('button', { name: 'Freeze' }).click();
  await node('willing').getByRole('button', { name: 'Kill the process' }).click();
  await until('five requests', () => page.harm.length >= 5);
  assert.deepEqual(page.harm.map((request) => new URL(request.url()).pathname + new URL(request.url()).search + (request.postData() ?? '')),
    ['/api/chaos/nodes/willing/kill/processor', '/api/chaos/nodes/willing/cut?seconds=5', '/api/nodes/careful/cordon',
      '/api/chaos/act{"action":"freeze-worker","node":"willing"}', '/api/chaos/act{"action":"kill-worker","node":"willing"}']);
});
