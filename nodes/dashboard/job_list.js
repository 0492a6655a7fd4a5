// Lists of jobs as the server pages them: loaded as far as somebody scrolls,
// kept so that Back finds them again, and fresh while nobody has scrolled.
import { useEffect } from './preact-htm.module.js';
import { request, seldom } from './net.js';
import { scrolledTo } from './router.js';
import { changed, onPulse } from './store.js';

const FIRST = 200; // jobs
const FURTHER = 500;
const KEPT = 12; // lists
const AHEAD = 50; // rows before the end at which more are loaded
const FRESH_MS = 1000;
const IDLE_MS = 5000; // other producers' jobs make no event at once
const TOP_PX = 200; // whoever has not scrolled further reads the first page

const lists = new Map(); // query -> list

function listOf(query) {
  let list = lists.get(query);
  if (!list) lists.set(query, (list = { query, jobs: [], total: null, next: null, pages: 0, asking: false, problem: null, is_stale: false }));
  if (lists.size > KEPT) lists.delete(lists.keys().next().value);
  return list;
}

function askFor(list, cursor) {
  const query = new URLSearchParams(list.query);
  query.set('limit', cursor ? FURTHER : FIRST);
  if (cursor) query.set('cursor', cursor);
  return request(`/api/jobs?${query}`);
}

/** Asks for one page and lets `take` put it in; one question at a time. */
async function ask(list, cursor, take) {
  if (list.asking) return;
  list.asking = true;
  try {
    const answer = await askFor(list, cursor);
    take(answer);
    Object.assign(list, { total: answer.total ?? null, problem: null });
  } catch (why) {
    list.problem = why;
  } finally {
    list.asking = false;
    changed();
  }
}

export const refresh = (list) => ask(list, null, ({ jobs, next }) => Object.assign(list, { jobs, next: next ?? null, pages: 1, is_stale: false }));

export const loadMore = (list) => ask(list, list.next, ({ jobs, next }) => {
  const known = new Set(list.jobs.map((job) => job.id)); // jobs move between two pages
  list.jobs = list.jobs.concat(jobs.filter((job) => !known.has(job.id)));
  list.next = next ?? null;
  list.pages++;
});

/** A list that is far down is left alone: it would move under the reader. */
function freshen(list) {
  if (document.hidden) return;
  const is_far_down = list.pages > 1 && scrolledTo() > TOP_PX;
  if (!is_far_down) return refresh(list);
  if (list.is_stale) return;
  list.is_stale = true;
  changed(); // the reader is told
}

/** The jobs of a query; more are loaded where `need` is called with the last rows. */
export function useJobs(query) {
  const list = listOf(query);
  useEffect(() => {
    freshen(list);
    const soon = seldom(FRESH_MS, () => freshen(list));
    const stop = onPulse(soon);
    const timer = setInterval(soon, IDLE_MS);
    return () => (stop(), clearInterval(timer));
  }, [query]);
  const need = (_, last) => list.next && last >= list.jobs.length - AHEAD && !list.problem && loadMore(list);
  return { list, need };
}
