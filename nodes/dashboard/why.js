// Why a job does not run yet, in sentences; as `darkroom job why` says it.
import { clockOf, count, plural, span } from './format.js';

function placeOf({ state: now, ahead, due, aside }) {
  if (aside) return `It waits for a node that runs ‘${aside}’; no node with a free slot does.`;
  const line = ahead > 0 ? `${plural(ahead, 'job')} ${ahead === 1 ? 'is' : 'are'} before it.` : 'It is the next.';
  switch (now) {
    case 'waiting': return `It waits in line. ${line}`;
    case 'prioritized': return `It waits in the order of priorities. ${line}`;
    case 'delayed': return `It is delayed until ${clockOf(due)}.`;
    case 'active': return 'It runs.';
    case 'waiting-children': return 'It waits for its children to end.';
    case 'completed': case 'failed': return `It has ${now}.`;
    default: return 'It is in no state: it was being moved, or its queue is damaged.';
  }
}

function ofResource(name, use, now) {
  const out = [];
  if (use.pausedUntil > now) out.push(`‘${name}’ rests until ${clockOf(use.pausedUntil)}: ${use.pausedWhy || 'its provider asked for that'}.`);
  if (use.max > 0) {
    const promised = use.promised ? ` It was promised ${clockOf(use.promised)}.` : '';
    out.push(`It uses ‘${name}’: ${count(use.used)} of ${plural(use.max, 'start')} in ${span(use.window)} are used, ${plural(use.waiting ?? 0, 'job')} in turn.${promised}`);
  }
  return out;
}

/** @param why of /api/jobs/{id}/why @returns sentences, the most important first */
export function sentencesOf(why, now = Date.now()) {
  const out = [placeOf(why)];
  if (why.aside || !why.earliest) return out;
  if (why.paused) out.push('The queue is paused: nothing starts until it is resumed.');
  const is_full = why.concurrency > 0 && why.active >= why.concurrency;
  if (is_full) out.push(`${plural(why.active, 'job')} run, and the queue allows ${count(why.concurrency)} at once.`);
  if (why.limit > 0 && why.earliest > now && (why.due || 0) < why.earliest) out.push(`The queue allows ${plural(why.limit, 'start')} a window.`);
  for (const [name, use] of Object.entries(why.resources || {})) out.push(...ofResource(name, use, now));
  if (why.earliest > now) out.push(`It can start at ${clockOf(why.earliest)} (in ${span(why.earliest - now)}) at the earliest.`);
  else if (!why.paused && !is_full) out.push('No limit holds it: it starts as soon as a worker has a free slot.');
  return out;
}
