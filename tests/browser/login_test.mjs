// A server that wants to know who looks: logging in, and what a viewer may not do.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Stage } from '../cluster/_lib.mjs';
import { on_page, patience, shot } from './_page.mjs';

let stage;
let viewer;
before(async () => {
  stage = new Stage();
  await stage.startRedis();
  await stage.serve({ DARKROOM_HTTP_REQUIRE_TOKEN: 'true' });
  const { out } = await stage.command(['token', 'create', 'Vera', '--role', 'viewer'], { DARKROOM_CATALOG_DATABASE: stage.database });
  viewer = out.trim();
});
after(() => stage.close());

on_page('who is not known logs in, and a viewer is refused a write', { base: () => stage.url, errors_expected: true }, async (page) => {
  const token = page.getByLabel('Token');
  await token.fill('drk_nonsense');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('the token is unknown').waitFor(patience);
  await shot(page, 'login');
  await token.fill(viewer);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.link-state.live').waitFor(patience);
  await page.locator('.who', { hasText: 'Vera' }).waitFor(patience);
  assert.equal(await page.getByRole('button', { name: 'Pause queue' }).count(), 0, 'what a viewer may not do is not offered');
  const refused = await page.evaluate(async () => {
    const { csrfToken } = await (await fetch('/api/session')).json();
    const answer = await fetch('/api/queue/pause', { method: 'POST', headers: { 'X-CSRF-Token': csrfToken } });
    return { status: answer.status, ...(await answer.json()).error };
  });
  assert.deepEqual([refused.status, refused.code], [403, 'role_needed']);
  assert.equal(await page.locator('nav.views', { hasText: 'Audit' }).count(), 0, 'the journal is for admins');
  await page.getByRole('button', { name: 'Log out' }).click();
  await token.waitFor(patience);
});
