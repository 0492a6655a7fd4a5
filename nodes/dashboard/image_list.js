// The gallery's pictures, newest first, loaded where somebody looks.
import { useEffect } from './preact-htm.module.js';
import { request, seldom } from './net.js';
import { changed, onPulse } from './store.js';
import { onUploaded } from './uploads.js';

const PAGE = 60; // pictures; one is some kilobytes of JSON
const FRESH_MS = 700;
const IDLE_MS = 15000; // what no event tells

const lists = new Map(); // status -> list

function listOf(status) {
  let list = lists.get(status);
  if (!list) lists.set(status, (list = { status, images: [], total: null, pages: new Map(), seen: [0, 1], problem: null }));
  return list;
}

/** Loads one page; whoever comes while it is loaded has it loaded once more. */
async function loadPage(list, page) {
  const now = list.pages.get(page) || {};
  if (now.asking) return void (now.again = true);
  list.pages.set(page, { asking: true });
  try {
    const { images, total } = await request(`/api/images?limit=${PAGE}&offset=${page * PAGE}${list.status && `&status=${list.status}`}`);
    images.forEach((image, i) => (list.images[page * PAGE + i] = image));
    if (images.length < PAGE) list.images.length = page * PAGE + images.length;
    Object.assign(list, { total, problem: null });
  } catch (why) {
    list.problem = why;
  }
  const { again } = list.pages.get(page);
  list.pages.set(page, { at: Date.now(), is_stale: false });
  if (again) loadPage(list, page);
  changed();
}

function loadSeen(list, only_missing) {
  const [first, last] = list.seen;
  const end = Math.min(last, Math.max(1, list.total ?? 1));
  for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) {
    const known = list.pages.get(page);
    if (!only_missing || !known || known.is_stale) loadPage(list, page);
  }
}

/** All that is known may have moved; what somebody sees is loaded at once. */
function freshen(list) {
  if (document.hidden) return;
  for (const page of list.pages.values()) if (!page.asking) page.is_stale = true;
  loadSeen(list, false);
}

/** @returns {list, need(first, last)}: `list.images` has holes where nobody looked yet */
export function useImages(status) {
  const list = listOf(status);
  useEffect(() => {
    freshen(list);
    const soon = seldom(FRESH_MS, () => freshen(list));
    const ends = [onPulse(soon), onUploaded(soon)];
    const timer = setInterval(soon, IDLE_MS);
    return () => (ends.forEach((end) => end()), clearInterval(timer));
  }, [status]);
  const need = (first, last) => {
    list.seen = [first, Math.max(last, first + 1)];
    loadSeen(list, true);
  };
  return { list, need, reload: () => freshen(list) };
}
