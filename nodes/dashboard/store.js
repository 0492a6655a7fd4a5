// What all views share, and one repaint a frame when it changes.
import { entryOf } from './events.js';

const TRACE_ROWS = 500;
const BUCKET_MS = 2000; // one bar of the chart
const BUCKETS = 90; // three minutes
const MAX_BACKLOG = 5000; // events of a hidden tab

export const state = {
  link: 'connecting', // connecting, live, lost
  lostAt: 0, // ms; since when the link is lost
  trace: [], // newest first
  paused: false,
  held: [], // entries that came while paused, newest first
  progress: new Map(), // imageId -> {jobName: percent}
  queue: null,
  nodes: null,
  providers: null, // by /api/providers
  main: null, // the main node itself, by /api/nodes
  chaos: null, // by /api/chaos; only where chaos is allowed
  problem: {}, // name of a request -> {message, hint}
  uploads: [],
  toasts: [], // what was done a moment ago: {key, text, level}
  hasAudit: false, // whether the server answers /api/audit
  session: null, // by /api/session: {who, role, needsToken, csrfToken}
};

/** Finished jobs in buckets of two seconds; the last is under way. */
export const rate = { times: [], completed: [], failed: [] };

/** The queue's counts since the page was opened, for at most an hour. */
export const samples = { times: [], waiting: [], active: [], delayed: [] };
const SAMPLES = 1200; // one each 3 s

export function sample(counts, now) {
  samples.times.push(now / 1000);
  samples.waiting.push((counts.waiting ?? 0) + (counts.prioritized ?? 0));
  samples.active.push(counts.active ?? 0);
  samples.delayed.push(counts.delayed ?? 0);
  if (samples.times.length > SAMPLES) for (const series of Object.values(samples)) series.shift();
}

const pulses = new Set();
/** Calls after each event that moves a job. @returns what ends that */
export function onPulse(call) {
  pulses.add(call);
  return () => pulses.delete(call);
}

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

/** Takes an event of the stream; it is looked at in the next frame. */
export function receive(event) {
  backlog.push(event);
  if (backlog.length > MAX_BACKLOG) backlog.splice(0, MAX_BACKLOG / 2);
  changed();
}

export function setLink(link) {
  if (link === 'lost' && state.link !== 'lost') state.lostAt = Date.now();
  state.link = link;
  changed();
}

let toasts = 0;
/** Says for some seconds what was done. @param level 'info' or 'error' */
export function toast(text, level = 'info') {
  const mine = { key: ++toasts, text, level };
  state.toasts = [...state.toasts.slice(-3), mine];
  setTimeout(() => ((state.toasts = state.toasts.filter((one) => one !== mine)), changed()), level === 'error' ? 12000 : 5000);
  changed();
}

function drain() {
  if (!backlog.length) return;
  const fresh = backlog.map(entryOf).reverse();
  for (const event of backlog) note(event);
  if (backlog.some((event) => event.type !== 'job-progress')) for (const call of pulses) call();
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

/** What an event says about its image and the rate. */
function note(event) {
  const { type, imageId, jobName } = event;
  if (type === 'gap') return state.progress.clear(); // who knows what ended
  if (type === 'job-completed' || type === 'job-failed') count(event, type === 'job-failed');
  if (!imageId) return;
  const jobs = state.progress.get(imageId) || {};
  if (type === 'job-progress') jobs[jobName] = Math.max(0, Math.min(100, Number(event.progress) || 0));
  else if (type === 'job-active') jobs[jobName] = 0;
  else delete jobs[jobName];
  if (Object.keys(jobs).length) state.progress.set(imageId, jobs);
  else state.progress.delete(imageId);
}

function count({ timestamp }, failed) {
  const now = Date.now();
  roll(now);
  const series = failed ? rate.failed : rate.completed;
  const age = Math.floor(now / BUCKET_MS) - Math.floor(Math.min(timestamp || now, now) / BUCKET_MS);
  const at = series.length - 1 - age; // events of before this tab was opened are older
  if (at >= 0) series[at]++;
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
