// What needs an operator now, of all that the server tells.
import { html } from './preact-htm.module.js';
import { resumeProviders, setQueuePaused } from './api.js';
import { amount, clockOf, plural, span } from './format.js';
import { mayWrite } from './may.js';
import { hrefOf } from './router.js';
import { rate, state } from './store.js';

const OLD_MS = 10 * 60000; // a job that waits longer than that is worth a look
const FULL = 0.8; // of a budget
const SKEW_MS = 2000;
const LAG_MS = 5000;
const BLOCKING = ['job_watcher', 'event_tail', 'event_feed']; // they wait for Redis: always late

function ofQueue(out) {
  const { queue } = state;
  if (!queue) return;
  if (queue.paused) out.push({ key: 'paused', level: 'warn', text: 'The queue is paused: no job starts.', verb: 'Resume the queue', act: () => setQueuePaused(false) });
  const age = queue.oldestWaiting ? Date.now() - queue.oldestWaiting : 0;
  if (age > OLD_MS) out.push({ key: 'old', level: 'warn', text: `The oldest waiting job waits since ${span(age)}.`, href: hrefOf('jobs'), verb: 'Waiting jobs' });
  for (const [name, n] of Object.entries(queue.withoutNode || {}))
    if (n > 0) out.push({ key: `without-${name}`, level: 'bad', text: `${plural(n, 'job')} of type ${name}: no node runs that type.`, href: hrefOf('cluster'), verb: 'Nodes' });
}

function ofNodes(out) {
  const { nodes, main } = state;
  if (!nodes) return;
  const working = nodes.filter((node) => node.state === 'up' || node.state === 'joining');
  if (!nodes.length) out.push({ key: 'none', level: 'bad', text: 'No worker node is connected: nothing is processed. Start one with `darkroom work`.', href: hrefOf('cluster'), verb: 'Cluster' });
  else if (!working.length) out.push({ key: 'none', level: 'bad', text: 'All worker nodes are cordoned: no job starts.', href: hrefOf('cluster'), verb: 'Cluster' });
  for (const node of nodes)
    if (Math.abs(node.clockSkewMs || 0) > SKEW_MS) out.push({ key: `skew-${node.name}`, level: 'warn', text: `The clock of ${node.name} is ${span(Math.abs(node.clockSkewMs))} off.`, href: hrefOf('cluster'), verb: 'Cluster' });
  const late = (main?.actors || []).filter((one) => one.running && one.lagMs > LAG_MS && !BLOCKING.includes(one.name));
  for (const one of late) out.push({ key: `late-${one.name}`, level: 'warn', text: `The actor ${one.name} answers ${span(one.lagMs)} late.`, href: hrefOf('cluster'), verb: 'Cluster' });
}

function ofProviders(out) {
  const { providers } = state;
  for (const one of providers?.providers || [])
    if (one.state === 'resting') out.push({ key: one.id, level: 'bad', text: `${one.resource}: ${one.id.split('#')[0]} rests until ${clockOf(one.restingUntil)}. ${one.message || ''}`, verb: 'Call it now', act: () => resumeProviders(one.resource) });
  for (const one of providers?.budget?.bounds || []) {
    if (!(one.most > 0) || one.used < FULL * one.most) continue;
    const is_used_up = one.used >= one.most;
    out.push({ key: one.scope + one.kind, level: is_used_up ? 'bad' : 'warn', text: `Budget: ${amount(one.used)} of ${amount(one.most)} ${one.kind} (${one.scope}) are used today.`, href: hrefOf('limits'), verb: 'Budget' });
  }
}

function ofFailures(out) {
  const sum = (list) => list.slice(-30).reduce((a, b) => a + b, 0); // a minute
  const failed = sum(rate.failed);
  if (failed >= 5 && failed > sum(rate.completed) / 4)
    out.push({ key: 'failing', level: 'bad', text: `${plural(failed, 'attempt')} failed within the last minute, ${sum(rate.completed)} completed.`, href: hrefOf('dead'), verb: 'Causes' });
}

/** @returns [{key, level: 'bad' | 'warn', text, verb, href or act}], the worst first */
export function alertsNow() {
  const out = [];
  const standby = state.problem.queue?.code === 'standby';
  const is_cut = state.link === 'lost' && state.problem.queue?.status === 0; // the banner says so
  if (standby) out.push({ key: 'standby', level: 'bad', text: `${state.problem.queue.message}: ${state.problem.queue.hint}.` });
  else if (state.problem.queue && !is_cut) out.push({ key: 'queue', level: 'bad', text: `The queue cannot be read: ${state.problem.queue.message}. ${state.problem.queue.hint || ''}` });
  if (state.problem.nodes && !standby && !is_cut) out.push({ key: 'nodes', level: 'warn', text: `The nodes cannot be listed: ${state.problem.nodes.message}.` });
  ofNodes(out);
  ofProviders(out);
  ofFailures(out);
  ofQueue(out);
  return out.sort((a, b) => (a.level === b.level ? 0 : a.level === 'bad' ? -1 : 1));
}

export function Alerts() {
  const all = alertsNow();
  if (!all.length && state.link === 'lost') return html`<p class="note" role="status">What needs you is not known while the server cannot be reached.</p>`;
  if (!all.length) return html`<p class="calm" role="status">${state.queue && state.nodes ? 'All is well: nothing needs you now.' : 'Asking the server…'}</p>`;
  return html`<ul class="alerts" aria-label="Alerts">${all.map((one) => html`<li key=${one.key} class=${one.level}>
    <span class="mark" aria-hidden="true">!</span><span class="what">${one.text}</span>
    ${one.act && mayWrite() ? html`<button onClick=${one.act}>${one.verb}</button>` : one.href && html`<a class="button" href=${one.href}>${one.verb}</a>`}</li>`)}</ul>`;
}
