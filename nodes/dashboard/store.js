// What the page knows, and one repaint a frame when it changes.

const TRACE_ROWS = 500;
const BUCKET_MS = 2000; // one bar of the chart
const BUCKETS = 90; // three minutes
const MAX_BACKLOG = 5000; // events of a hidden tab

export const state = {
  link: 'connecting', // connecting, live, lost
  trace: [], // newest first
  paused: false,
  held: [], // entries that came while paused, newest first
  progress: new Map(), // imageId -> {jobName: percent}
  queue: null,
  images: null, // null: not loaded yet
  total: 0,
  shown: 60, // how many images are asked for
  search: null, // what the images section shows instead of all: {kind, title, answer}
  nodes: null,
  providers: null, // by /api/providers
  main: null, // the main node itself, by /api/nodes
  chaos: null, // by /api/chaos; only where chaos is allowed
  problem: {}, // name of a request -> {message, hint}
  uploads: [],
  selected: null, // imageId of the open detail view
};

/** Finished jobs in buckets of two seconds; the last is under way. */
export const rate = { times: [], completed: [], failed: [] };

let repaint = () => {};
let frame = 0;
export function onChange(paint) {
  repaint = paint;
}

/** Repaints in the next frame, once however often it is called. A hidden tab
 * has no frames: it repaints once a second. */
export function changed() {
  if (frame) return;
  const run = () => {
    frame = 0;
    drain();
    repaint();
  };
  frame = document.hidden ? setTimeout(run, 1000) : requestAnimationFrame(run);
}

// A frame asked for while visible never comes once hidden: ask again.
document.addEventListener('visibilitychange', () => {
  if (frame) cancelAnimationFrame(frame), clearTimeout(frame);
  frame = 0;
  changed();
});

let backlog = [];
let nextKey = 1;

/** Takes an event of the stream; it is looked at in the next frame. */
export function receive(event) {
  backlog.push(event);
  if (backlog.length > MAX_BACKLOG) backlog.splice(0, MAX_BACKLOG / 2);
  changed();
}

function drain() {
  if (!backlog.length) return;
  const fresh = backlog.map(entryOf).reverse();
  for (const event of backlog) note(event);
  backlog = [];
  if (state.paused) {
    state.held = fresh.concat(state.held).slice(0, TRACE_ROWS);
  } else {
    state.trace = fresh.concat(state.trace).slice(0, TRACE_ROWS);
  }
}

export function setPaused(paused) {
  state.paused = paused;
  if (!paused) {
    state.trace = state.held.concat(state.trace).slice(0, TRACE_ROWS);
    state.held = [];
  }
  changed();
}

export function clearTrace() {
  state.trace = [];
  state.held = [];
  changed();
}

/** An event as the trace shows it. */
function entryOf(event) {
  const gap = event.type === 'gap';
  if (event.type === 'provider-state') return providerEntry(event);
  return {
    key: nextKey++,
    type: event.type,
    level: gap ? 'warn' : event.type === 'job-failed' ? 'error' : 'info',
    summary: gap ? gapText(event) : `${event.jobName}: ${event.type}`,
    jobId: event.jobId,
    imageId: event.imageId,
    jobProgress: event.progress,
    time: event.timestamp || Date.now(),
    note: noteOf(event),
  };
}

function providerEntry({ resource, provider, state: now, until, message, timestamp }) {
  const rest = until ? ` until ${new Date(until).toLocaleTimeString()}` : '';
  return {
    key: nextKey++, type: 'provider-state', level: now === 'working' ? 'info' : 'warn',
    summary: `${provider ? provider.split('#')[0] : `budget ${resource}`}: ${now}${rest}`, time: timestamp || Date.now(), note: message || '',
  };
}

function gapText({ missed, reason }) {
  const why = {
    slow: 'this page was too slow', expired: 'it was away for too long', restarted: 'Redis lost events',
    overrun: 'the server was too slow', lost: 'Redis did not keep them',
  };
  const many = missed == null ? 'some events' : `${missed} event${missed === 1 ? '' : 's'}`;
  return `gap: ${many} missed, ${why[reason] || reason || 'unknown reason'}`;
}

function noteOf(event) {
  switch (event.type) {
    case 'job-queued':
      return event.queueSize == null ? '' : `${event.queueSize} in the queue`;
    case 'job-active':
      return event.attempt > 1 ? `attempt ${event.attempt} of ${event.maxAttempts}` : '';
    case 'job-completed':
      return event.duration == null ? '' : seconds(event.duration);
    case 'job-failed': {
      const again = event.final === false && event.retryInMs != null ? `, again in ${seconds(event.retryInMs)}` : '';
      return `${event.error || 'no reason given'} (attempt ${event.attempt} of ${event.maxAttempts}${again})`;
    }
    default:
      return '';
  }
}

export function seconds(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** What an event says about its image and the rate. */
function note(event) {
  const { type, imageId, jobName } = event;
  if (type === 'gap') return state.progress.clear(); // who knows what ended
  if (type === 'job-completed' || type === 'job-failed') count(type === 'job-failed');
  if (!imageId) return;
  const jobs = state.progress.get(imageId) || {};
  if (type === 'job-progress') jobs[jobName] = Math.max(0, Math.min(100, Number(event.progress) || 0));
  else if (type === 'job-active') jobs[jobName] = 0;
  else delete jobs[jobName];
  if (Object.keys(jobs).length) state.progress.set(imageId, jobs);
  else state.progress.delete(imageId);
}

function count(failed) {
  roll(Date.now());
  const series = failed ? rate.failed : rate.completed;
  series[series.length - 1]++;
}

/** Adds the buckets up to now, and drops the oldest. */
export function roll(now) {
  const current = Math.floor(now / BUCKET_MS) * (BUCKET_MS / 1000);
  const step = BUCKET_MS / 1000;
  const from = current - (BUCKETS - 1) * step;
  let next = rate.times.length ? rate.times[rate.times.length - 1] + step : from;
  if (next < from) {
    rate.times = [];
    rate.completed = [];
    rate.failed = [];
    next = from;
  }
  for (; next <= current; next += step) {
    rate.times.push(next);
    rate.completed.push(0);
    rate.failed.push(0);
  }
  const extra = rate.times.length - BUCKETS;
  if (extra > 0) for (const series of Object.values(rate)) series.splice(0, extra);
}
