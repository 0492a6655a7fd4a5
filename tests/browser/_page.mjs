// What the tests of the page share: one browser per file, pages that fail on
// any error of their own, and the server behind them.
//   DARKROOM_URL=http://127.0.0.1:3000 node --test tests/browser/jobs_test.mjs
// DARKROOM_SHOTS=<folder> also keeps pictures of the page.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

export const url = process.env.DARKROOM_URL;
if (!url) throw new Error('DARKROOM_URL is not set: start `darkroom dev` and give its address');
const shots = process.env.DARKROOM_SHOTS;
/** Of the server's queue, for BullMQ's clients. */
export const redis = { host: '127.0.0.1', port: Number(process.env.DARKROOM_REDIS_PORT) };
export const patience = { timeout: Number(process.env.DARKROOM_PATIENCE_MS || 60000) }; // a cold worker on a busy machine

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});
after(() => browser?.close());

export async function shot(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name.replaceAll(' ', '-')}.png` });
}

/** What a server of another version does not have is asked for once. */
const is_expected = (message) => /\b404\b/.test(message.text()) && /\/api\/audit\b/.test(message.location().url);

/** Notes what goes wrong in a page by itself. */
function watch(page, wrong, options) {
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !options.errors_expected && !is_expected(message)) wrong.push(`${message.text()} (${message.location().url})`);
  });
}

/**
 * Opens the page, runs `steps`, and fails on any error of the page itself.
 * @param options {at: an address like '#/jobs', context, prepare(page), errors_expected, base: another URL}
 */
export function on_page(name, options, steps) {
  test(name, async () => {
    const base = (await options.base?.()) || url;
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options.context });
    context.setDefaultTimeout(patience.timeout);
    const page = await context.newPage();
    page.afterwards = []; // what a test leaves to be put back, however it ends
    const wrong = [];
    const asked = [];
    watch(page, wrong, options);
    page.on('request', (request) => asked.push(request.url()));
    try {
      if (options.alone) await page.addInitScript(() => delete window.SharedWorker);
      await options.prepare?.(page);
      await page.goto(`${base}/${options.at || ''}`);
      await steps(page, { context, open: (at) => open(context, base, at, wrong, options) });
      await shot(page, name);
      assert.deepEqual(wrong, []);
      assert.deepEqual(asked.filter((one) => !one.startsWith(base) && !one.startsWith('blob:')), []);
    } finally {
      for (const put_back of page.afterwards) await put_back();
      await context.close();
    }
  });
}

/** Another tab of the same browser. */
async function open(context, base, at, wrong, options) {
  const page = await context.newPage();
  watch(page, wrong, options);
  await page.goto(`${base}/${at}`);
  return page;
}

export const is_live = (page) => page.locator('.link-state.live').waitFor(patience);
export const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor(patience);

/** Asks the server itself; fails unless it answers with 2xx. */
export async function ask(path, body, method = body === undefined ? 'GET' : 'POST') {
  const answer = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Adds a job by the API. @returns its id */
export const add = async (name, data = {}, options = {}) => (await ask('/api/jobs', { name, data, options })).id;

/** Asks until `look` finds something. */
export async function until(what, look) {
  const end = Date.now() + patience.timeout;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${patience.timeout} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const ended = (id) => until(`job ${id} ends`, async () => {
  const job = await ask(`/api/jobs/${id}`);
  return ['completed', 'failed'].includes(job.state) && job;
});

/** Drops files on the page: painted pictures, or `size` bytes of nothing. */
export function drop(page, names, size = 0) {
  return page.evaluate(async ([names, size]) => {
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
    const data = new DataTransfer();
    for (const name of names) data.items.add(new File([size ? new Uint8Array(size) : await paint()], name, { type: 'image/jpeg' }));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [[names].flat(), size]);
}

/** An event stream that ends, then stays away: for what a test cannot cause. */
export function stream_of(events) {
  return {
    contentType: 'text/event-stream',
    body: 'retry: 100000\n\n' + events.map(([name, data], i) => `id: e-${i}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(''),
  };
}

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails if axe-core finds something serious in the page as it is now. */
export async function accessible(page, what) {
  await page.waitForTimeout(300); // colours of a theme that was just changed
  await page.evaluate(axe); // the page's policy forbids a script tag
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  assert.deepEqual(serious.map((one) => `${what}: ${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`), []);
}

/** A cable between the browser and the server that a test can pull. */
export async function cable() {
  const { hostname, port } = new URL(url);
  const ends = new Set();
  let is_cut = false;
  const keep = (socket) => {
    ends.add(socket);
    socket.on('close', () => ends.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = net.createServer((socket) => {
    if (is_cut) return socket.destroy();
    const other = net.connect(port, hostname);
    [socket, other].forEach(keep);
    socket.on('close', () => other.destroy());
    other.on('close', () => socket.destroy());
    socket.pipe(other).pipe(socket);
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (is) => {
    is_cut = is;
    if (is) for (const socket of ends) socket.destroy();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, cut, close: () => (cut(true), server.close()) };
}
