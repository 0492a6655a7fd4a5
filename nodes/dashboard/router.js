// Addresses of views: `#/jobs?state=failed`, `#/jobs/42`. What follows the `#`
// never reaches the server, so any address can be opened and sent to somebody.
import { changed } from './store.js';

export const route = { view: 'overview', id: null, params: {}, href: '#/' };

const scrolled = new Map(); // address -> how far it was scrolled when it was left
let is_chosen = false; // a link or go() leads on; otherwise it is Back or Forward
let at = '';
let goal = null; // {y}: how far Back will have scrolled once the view is drawn

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lonely % in an address that somebody typed
  }
}

/** `#/jobs/42?log=1` -> {view: 'jobs', id: '42', params: {log: '1'}}. */
export function parseHash(hash) {
  const [path, query = ''] = String(hash).replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [view, ...rest] = path.split('/').map(decoded);
  return { view: view || 'overview', id: rest.join('/') || null, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a view; members of `params` that are empty are left out. */
export function hrefOf(view, id = null, params = {}) {
  const kept = Object.entries(params).filter(([, value]) => value != null && value !== '');
  const query = new URLSearchParams(kept).toString();
  return `#/${view === 'overview' ? '' : view}${id == null ? '' : `/${encodeURIComponent(id)}`}${query ? `?${query}` : ''}`;
}

/** Goes to an address. With `replace`, Back leads to where one came from. */
export function go(href, { replace = false } = {}) {
  if (href === route.href) return;
  is_chosen = true;
  if (replace) {
    history.replaceState(null, '', href);
    arrive();
  } else location.hash = href;
}

/** Changes the filters of the view that is open. */
export function setParams(changes, options) {
  go(hrefOf(route.view, route.id, { ...route.params, ...changes }), options);
}

/** How far the view is scrolled, or will be as soon as it is drawn. */
export const scrolledTo = () => goal?.y ?? scrollY;

function restore(mine, tries = 20) {
  if (goal !== mine) return; // somebody went on
  scrollTo(0, mine.y);
  if (tries && scrollY < mine.y - 1) requestAnimationFrame(() => restore(mine, tries - 1)); // its content is not there yet
  else goal = null;
}

/** A picture opens above the pictures, which keep their place. */
const placeOf = ({ view, params, href }) => (view === 'images' ? hrefOf(view, null, params) : href);

function arrive() {
  const left = { ...route };
  Object.assign(route, parseHash(location.hash), { href: location.hash || '#/' });
  at = placeOf(route);
  const is_same = left.view === route.view;
  const mine = (goal = is_chosen ? null : { y: scrolled.get(at) ?? 0 });
  if (!mine && (!is_same || (!left.id && route.id && route.view !== 'images'))) scrollTo(0, 0);
  is_chosen = false;
  for (const tell of listeners) tell(left);
  changed();
  if (mine) requestAnimationFrame(() => restore(mine)); // after the frame that draws the view
}

const listeners = new Set();
/** @param tell gets the route that was left; `route` is the new one already */
export function onArrive(tell) {
  listeners.add(tell);
}

export function startRouter() {
  history.scrollRestoration = 'manual';
  addEventListener('hashchange', arrive);
  addEventListener('scroll', () => scrolled.set(at, scrolledTo()), { passive: true });
  document.addEventListener('click', (e) => {
    const link = e.target.closest?.('a[href^="#/"]');
    const is_here = e.button === 0 && !e.ctrlKey && !e.metaKey && !e.shiftKey;
    if (is_here && link && link.getAttribute('href') !== route.href) is_chosen = true;
  });
  arrive();
}
