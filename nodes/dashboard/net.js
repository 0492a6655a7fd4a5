// Requests to this server, and answers that several parts of a view share.
import { useEffect, useState } from './preact-htm.module.js';
import { changed, onPulse, state } from './store.js';

const KEPT = 400; // answers, so that Back shows at once what was there

let csrfToken = null;
export const setCsrfToken = (token) => { csrfToken = token; };

/** What a write needs of a browser that logged in. */
export const writeHeaders = () => (csrfToken ? { 'X-CSRF-Token': csrfToken } : {});

/** What went wrong, in the server's words where it gave some. */
async function problemOf(response) {
  const body = await response.json().catch(() => null);
  const told = body?.error || { message: `the server answered ${response.status}`, hint: '' };
  return { ...told, status: response.status };
}

/** Asks; throws {message, hint, status, code}. A `body` that is no text is sent as JSON. */
export async function request(url, { body, ...options } = {}) {
  const writes = options.method && options.method !== 'GET' ? writeHeaders() : {};
  const sent = body === undefined ? { headers: writes } : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...writes } };
  let response;
  try {
    response = await fetch(url, { cache: 'no-cache', ...sent, ...options });
  } catch (why) {
    if (why.name === 'AbortError') throw why;
    throw { message: 'the server does not answer', hint: 'is `darkroom` still running?', status: 0 };
  }
  if (response.status === 401 && state.session?.needsToken) { // the session has ended
    state.session = { ...state.session, role: 'none' };
    changed();
  }
  if (!response.ok) throw await problemOf(response);
  return response.json().catch(() => ({}));
}

/** Asks for what all views share, and keeps the reason if it fails; null then. */
export async function ask(name, url, options) {
  try {
    const answer = await request(url, options);
    delete state.problem[name];
    return answer;
  } catch (why) {
    state.problem[name] = why;
    return null;
  } finally {
    changed();
  }
}

/** At most one call each `pause` ms, the last one always made. */
export function seldom(pause, call) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => ((timer = 0), call()), pause);
  };
}

const kept = new Map(); // url -> {data, problem, at, asking}

function entryOf(url) {
  let entry = kept.get(url);
  if (!entry) kept.set(url, (entry = { data: null, problem: null, at: 0, asking: null }));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  return entry;
}

/** Loads once, however many ask at the same time. */
function load(url) {
  const entry = entryOf(url);
  entry.asking ||= request(url)
    .then((data) => Object.assign(entry, { data, problem: null, at: Date.now() }))
    .catch((problem) => Object.assign(entry, { problem }))
    .finally(() => ((entry.asking = null), changed()));
  return entry.asking;
}

const NOTHING = { data: null, problem: null, at: 0 };

/**
 * The answer of a URL, loaded when it is first shown, again every `every` ms,
 * and soon after an event of a job if `live`. Old data stay while new ones are
 * loaded, and if that fails. A `url` of null asks nothing.
 * @returns {data, problem, at, reload}
 */
export function useData(url, { every = 0, live = false } = {}) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!url) return undefined;
    const again = () => document.hidden || entryOf(url).problem?.status === 404 || load(url);
    load(url).then(() => draw((n) => n + 1));
    const timer = every ? setInterval(again, every) : 0;
    const stop = live ? onPulse(seldom(700, again)) : () => {};
    const seen = () => document.hidden || load(url);
    document.addEventListener('visibilitychange', seen);
    return () => (clearInterval(timer), stop(), document.removeEventListener('visibilitychange', seen));
  }, [url, every, live]);
  const entry = url ? entryOf(url) : NOTHING;
  return { ...entry, reload: () => url && load(url) };
}
