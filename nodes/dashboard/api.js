// What all views share of the server's API, and its event stream.
import { ask, request, seldom } from './net.js';
import { connect } from './stream.js';
import { changed, receive, sample, setLink, state, toast } from './store.js';

const POLL_MS = 3000;

/** The URL of a file of the uploads folder. */
export function fileUrl(path) {
  return '/files/' + String(path).split('/').map(encodeURIComponent).join('/');
}

export const jobUrl = (id, what = '') => `/api/jobs/${encodeURIComponent(id)}${what && `/${what}`}`;

export async function loadQueue() {
  const queue = await ask('queue', '/api/queue');
  if (!queue) return;
  state.queue = queue;
  sample(queue.counts || {}, Date.now());
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

export async function loadChaos() {
  state.chaos = (await ask('chaos', '/api/chaos')) || state.chaos;
}

/** Whether there is a journal; asked once, as its view has no place without one. */
async function lookForAudit() {
  try {
    await request('/api/audit?limit=1');
    state.hasAudit = true;
  } catch (why) {
    state.hasAudit = ![0, 401, 403, 404].includes(why.status);
  }
  changed();
}

/**
 * Does something and says so. @param done what is told: a text, or made from the answer
 * @returns the answer; null if it failed, which is told as well
 */
export async function act(done, url, options = {}) {
  try {
    const answer = await request(url, { method: 'POST', ...options });
    const told = typeof done === 'function' ? done(answer) : done;
    if (told) toast(told);
    return answer;
  } catch (why) {
    toast(`${why.message}${why.hint ? `. ${why.hint}` : ''}`, 'error');
    return null;
  } finally {
    refreshAll();
  }
}

export const setQueuePaused = async (paused) => {
  await act(paused ? 'The queue is paused: running jobs go on, no further one starts' : 'The queue goes on', `/api/queue/${paused ? 'pause' : 'resume'}`);
  await loadQueue();
};

export async function resumeProviders(resource) {
  await act(`The providers of ${resource} are called again`, `/api/providers/${resource}/resume`);
  await loadProviders();
}

export function cordon(node, is_cordoned) {
  return act(is_cordoned ? `${node} takes no more jobs` : `${node} takes jobs again`,
    `/api/nodes/${encodeURIComponent(node)}/${is_cordoned ? 'cordon' : 'uncordon'}`);
}

const chaosUrl = (node) => '/api/chaos' + (node ? `/nodes/${encodeURIComponent(node)}` : '');

/** Kills an actor of a worker node; of the main node where `node` is empty. */
export const killActor = (node, actor) =>
  act(`Killed ${actor} of ${node || 'the main node'}`, `${chaosUrl(node)}/kill/${encodeURIComponent(actor)}`);

export const cutNode = (node, seconds) => act(`Cut ${node} off for ${seconds} s`, `${chaosUrl(node)}/cut?seconds=${seconds}`);

async function harm(what, body) {
  await ask('harm', `/api/chaos/${what}`, { method: 'POST', body });
  await loadChaos();
}

export const startChaos = (asked) => harm('run', asked);
/** One action on its own: of a kind that runs have, too. */
export const actChaos = (action, node) => harm('act', { action, node });
export const stopChaos = () => harm('stop');

const refreshQueue = seldom(300, loadQueue);
const refreshNodes = seldom(300, loadNodes);
const refreshProviders = seldom(500, loadProviders);

export function refreshAll() {
  refreshQueue();
  refreshNodes();
  refreshProviders();
}

function take({ link, name, data }) {
  if (link) {
    setLink(link);
    if (link === 'live') refreshAll();
    return;
  }
  const event = JSON.parse(data);
  receive(name === 'gap' ? { ...event, type: 'gap' } : event);
  if (name === 'gap') refreshAll();
  else if (event.type !== 'job-progress') refreshQueue();
  if (event.type === 'provider-state') refreshProviders();
}

/** Follows what happens, and polls what no event tells: other producers' jobs,
 * nodes that went away. */
export function start() {
  const stream = connect(take);
  let was_away = false;
  const look = async () => {
    await Promise.all([loadQueue(), loadNodes(), loadProviders()]);
    const is_away = state.problem.queue?.status === 0;
    if (was_away && !is_away && state.link === 'live') stream.again(); // perhaps it broke without a word
    was_away = is_away;
  };
  look();
  lookForAudit();
  setInterval(() => document.hidden || look(), POLL_MS);
  setInterval(() => document.hidden || changed(), 1000); // ages go on
}
