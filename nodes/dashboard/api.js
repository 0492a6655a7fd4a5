// The server's HTTP API and event stream.
import { changed, receive, state } from './store.js';

/** The URL of a file of the uploads folder. */
export function fileUrl(path) {
  return '/files/' + String(path).split('/').map(encodeURIComponent).join('/');
}

/** What went wrong, in the server's words where it gave some. */
async function problemOf(response) {
  const body = await response.json().catch(() => null);
  return body?.error || { message: `the server answered ${response.status}`, hint: '' };
}

/** Asks, and keeps the reason if it fails; null then. */
async function ask(name, url, options) {
  try {
    const response = await fetch(url, { cache: 'no-store', ...options });
    if (!response.ok) throw await problemOf(response);
    const answer = await response.json().catch(() => ({}));
    delete state.problem[name];
    return answer;
  } catch (why) {
    const unreachable = why instanceof TypeError;
    state.problem[name] = unreachable
      ? { message: 'the server does not answer', hint: 'is `darkroom` still running?' }
      : why;
    return null;
  } finally {
    changed();
  }
}

export async function loadQueue() {
  state.queue = (await ask('queue', '/api/queue')) || state.queue;
}

export async function loadNodes() {
  const answer = await ask('nodes', '/api/nodes');
  if (!answer) return;
  state.nodes = Array.isArray(answer) ? answer : answer.nodes || [];
  state.main = answer.main || null;
}

export async function loadProviders() {
  state.providers = (await ask('providers', '/api/providers')) || state.providers;
}

export async function resumeProviders(resource) {
  await ask('resume', `/api/providers/${resource}/resume`, { method: 'POST' });
  await loadProviders();
}

export async function loadImages() {
  const page = 500; // the most that the server gives at once
  const images = [];
  for (let offset = 0; offset < state.shown; offset += page) {
    const answer = await ask('images', `/api/images?limit=${Math.min(page, state.shown - offset)}&offset=${offset}`);
    if (!answer) return;
    images.push(...(answer.images || []));
    state.total = answer.total ?? images.length;
    if (images.length >= state.total) break;
  }
  state.images = images;
}

/** One image, also one that is not in the grid; null if there is none. */
export async function loadImage(id) {
  return ask('image', `/api/images/${encodeURIComponent(id)}`);
}

/** Results of a search, of its kind: text, like or duplicates; null on failure. */
export async function search(kind, what) {
  const urls = {
    text: () => `/api/search?limit=60&q=${encodeURIComponent(what)}`,
    like: () => `/api/images/${encodeURIComponent(what)}/similar?limit=24`,
    duplicates: () => '/api/duplicates?limit=50',
  };
  return ask('search', urls[kind]());
}

export async function setQueuePaused(paused) {
  await ask('pause', `/api/queue/${paused ? 'pause' : 'resume'}`, { method: 'POST' });
  await loadQueue();
}

export async function cordon(node, is_cordoned) {
  await ask('harm', `/api/nodes/${encodeURIComponent(node)}/${is_cordoned ? 'cordon' : 'uncordon'}`, { method: 'POST' });
  refreshNodes();
}

const chaosUrl = (node) => '/api/chaos' + (node ? `/nodes/${encodeURIComponent(node)}` : '');

/** Kills an actor of a worker node; of the main node where `node` is empty. */
export async function killActor(node, actor) {
  await ask('harm', `${chaosUrl(node)}/kill/${encodeURIComponent(actor)}`, { method: 'POST' });
  refreshNodes();
}

export async function cutNode(node, seconds) {
  await ask('harm', `${chaosUrl(node)}/cut?seconds=${seconds}`, { method: 'POST' });
  refreshNodes();
}

export async function loadChaos() {
  state.chaos = (await ask('chaos', '/api/chaos')) || state.chaos;
}

export async function startChaos(asked) {
  await ask('harm', '/api/chaos/run', { method: 'POST', body: JSON.stringify(asked) });
  await loadChaos();
}

/** One action on its own: of a kind that runs have, too. */
export async function actChaos(action, node) {
  await ask('harm', '/api/chaos/act', { method: 'POST', body: JSON.stringify({ action, node }) });
  await loadChaos();
}

export async function stopChaos() {
  await ask('harm', '/api/chaos/stop', { method: 'POST' });
  await loadChaos();
}

/** At most one call each `pause` ms, the last one always made. */
function seldom(pause, call) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => ((timer = 0), call()), pause);
  };
}

const refreshImages = seldom(400, loadImages);
const refreshQueue = seldom(300, loadQueue);
const refreshNodes = seldom(500, loadNodes);
const refreshProviders = seldom(500, loadProviders);

function refreshAll() {
  refreshQueue();
  refreshImages();
  refreshNodes();
  refreshProviders();
}

function onWorkerEvent(message) {
  const event = JSON.parse(message.data);
  receive(event);
  if (event.type === 'job-progress') return;
  refreshQueue();
  refreshImages();
}

/** Follows the event stream for good. The browser reconnects by itself, but
 * not after a refusal (503): then we do, from where we were. */
export function follow(lastEventId = '') {
  const query = lastEventId ? `?lastEventId=${encodeURIComponent(lastEventId)}` : '';
  const source = new EventSource('/api/events' + query);
  const see = (handle) => (message) => {
    lastEventId = message.lastEventId || lastEventId;
    handle(message);
  };
  source.addEventListener('hello', see(() => {}));
  source.addEventListener('worker-event', see(onWorkerEvent));
  source.addEventListener('gap', see((message) => {
    receive({ type: 'gap', ...JSON.parse(message.data) });
    refreshAll();
  }));
  source.addEventListener('open', () => {
    state.link = 'live';
    changed();
    refreshAll();
  });
  source.addEventListener('error', () => {
    state.link = 'lost';
    changed();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(lastEventId), 5000);
  });
}

/** Polls what no event tells: other producers' jobs, nodes that went away. */
export function poll() {
  refreshAll();
  setInterval(() => document.hidden || (refreshQueue(), refreshNodes(), refreshProviders()), 3000);
  setInterval(() => document.hidden || refreshImages(), 15000);
}

let uploading = 0;
const waiting = [];

/** Sends pictures, two at a time. */
export function upload(files) {
  for (const file of files) {
    const entry = { key: `${Date.now()}-${Math.random()}`, name: file.name, percent: 0, error: null };
    state.uploads = [...state.uploads, entry];
    waiting.push([file, entry]);
  }
  changed();
  sendNext();
}

export function dismissUpload(entry) {
  state.uploads = state.uploads.filter((one) => one !== entry);
  changed();
}

function sendNext() {
  while (uploading < 2 && waiting.length) {
    uploading++;
    send(...waiting.shift());
  }
}

function send(file, entry) {
  const request = new XMLHttpRequest(); // fetch() tells no progress
  request.open('POST', `/api/images?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
  request.upload.onprogress = (event) => {
    entry.percent = event.total ? Math.round((100 * event.loaded) / event.total) : 0;
    changed();
  };
  request.onloadend = () => {
    uploading--;
    if ([200, 201, 202].includes(request.status)) dismissUpload(entry); // 200: known, 202: its jobs follow
    else entry.error = refusalOf(request);
    changed();
    refreshAll();
    sendNext();
  };
  request.send(file);
}

function refusalOf(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return { message: request.status ? `the server answered ${request.status}` : 'the connection broke', hint: 'try again' };
  }
}
