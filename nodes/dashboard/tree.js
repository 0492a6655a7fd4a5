// Keys of jobs of flows, and the children that a job tells of.
import { state } from './store.js';

/** `bull:image-processing:42` -> {id, queue}; queue is '' for the queue of this page. */
export function jobOfKey(key) {
  const text = String(key);
  const own = state.queue ? `${state.queue.prefix}:${state.queue.name}:` : '';
  if (own && text.startsWith(own)) return { id: text.slice(own.length), queue: '' };
  const [prefix, queue, ...rest] = text.split(':');
  return rest.length ? { id: rest.join(':'), queue: `${prefix}:${queue}` } : { id: text, queue: '' };
}

const GROUPS = { failed: 'failed', unprocessed: 'unfinished', ignored: 'ignored', processed: 'completed' };

/** All children that the server told of: [{key, id, queue, group, note}], the failed ones first. */
export function childrenOf({ children }) {
  if (!children) return [];
  const out = [];
  for (const [group, word] of Object.entries(GROUPS))
    for (const one of Array.isArray(children[group]) ? children[group] : []) {
      const key = typeof one === 'string' ? one : one.key;
      out.push({ key, ...jobOfKey(key), group: word, note: one.failedReason || one.reason || '' });
    }
  return out;
}

/** How many children there are in all, also those that were not told one by one. */
export function childCounts({ children }) {
  const counts = children?.counts || children || {};
  return Object.entries(GROUPS).map(([group, word]) => [word, Array.isArray(counts[group]) ? counts[group].length : counts[group] ?? 0]).filter(([, n]) => n > 0);
}
