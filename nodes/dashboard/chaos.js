// Harm on request, where the main node allows it (--chaos): buttons for worker
// nodes and Redis, and runs with a verdict.
import { html, useEffect, useState } from './preact-htm.module.js';
import { actChaos, cutNode, loadChaos, startChaos, stopChaos } from './api.js';
import { state } from './store.js';

const AWAY_S = 5; // longer than the silence after which a node's jobs move
const LOOK_MS = 1000;
const KINDS = {
  'kill-actor': 'Kill actors',
  'cut-worker': 'Cut workers off',
  'kill-worker': 'Kill workers',
  'freeze-worker': 'Freeze workers',
  'kill-clients': 'Break Redis’ connections',
  'stop-redis': 'Stop Redis for a while',
};
const GENTLE = ['kill-actor', 'cut-worker']; // every node bears these, and nobody else's work suffers

/** The buttons of a worker node; its actors have their own. */
export function NodeHarm({ node }) {
  if (!node.chaos) return html`<p class="note">It does not allow chaos: start it with <code>--chaos</code>.</p>`;
  return html`<div class="harm" role="group" aria-label="Harm ${node.name}">
    <button class="kill" title="Cut ${node.name} off for ${AWAY_S} s" onClick=${() => cutNode(node.name, AWAY_S)}>Cut off for ${AWAY_S} s</button>
    ${node.process && html`<button class="kill" title="Freeze ${node.name} for ${AWAY_S} s" onClick=${() => actChaos('freeze-worker', node.name)}>Freeze for ${AWAY_S} s</button>
      <button class="kill" title="Kill the process of ${node.name}" onClick=${() => actChaos('kill-worker', node.name)}>Kill the process</button>`}</div>`;
}

function RedisHarm() {
  return html`<div class="harm" role="group" aria-label="Harm Redis"><span class="note">Redis</span>
    <button class="kill" onClick=${() => actChaos('kill-clients')}>Break its connections</button>
    <button class="kill" onClick=${() => actChaos('stop-redis')}>Stop it for ${AWAY_S} s</button></div>`;
}

function RunForm() {
  const [asked, ask] = useState({ duration: '30s', every: '2s', actions: GENTLE });
  const set = (name) => (e) => ask({ ...asked, [name]: e.target.value });
  const toggle = (kind) => () => ask({ ...asked, actions: asked.actions.includes(kind) ? asked.actions.filter((one) => one !== kind) : [...asked.actions, kind] });
  const submit = (e) => {
    e.preventDefault();
    startChaos({ ...asked, actions: asked.actions.join(',') });
  };
  return html`<form onSubmit=${submit}>
    <label>for <input value=${asked.duration} onInput=${set('duration')} aria-label="Duration of the run" /></label>
    <label>every <input value=${asked.every} onInput=${set('every')} aria-label="Time between actions" /></label>
    ${Object.entries(KINDS).map(([kind, words]) => html`<label key=${kind}><input type="checkbox" checked=${asked.actions.includes(kind)} onChange=${toggle(kind)} /> ${words}</label>`)}
    <button class="kill" disabled=${!asked.actions.length}>Start a run</button>
  </form>`;
}

const count = (list, word) => (list.length ? `${list.length} ${word}: ${list.slice(0, 5).join(', ')}` : `0 ${word}`);

function Verdict({ seed, outcome }) {
  const { jobs, recoveryMs: back } = outcome;
  return html`<dl class="verdict ${outcome.verdict}" data-verdict=${outcome.verdict}>
    <dt>Verdict</dt><dd><b>${outcome.verdict}</b>, seed ${seed}${outcome.stoppedBy && `, stopped by ${outcome.stoppedBy}`}</dd>
    <dt>Jobs</dt><dd>${jobs.added} added, ${jobs.completed} completed, ${jobs.failed} failed, ${count(jobs.lost, 'lost')}, ${count(jobs.doubled, 'doubled')}, ${count(jobs.unfinished, 'not ended in time')}</dd>
    <dt>Cost</dt><dd>${jobs.startedAnew} started anew, ${jobs.attemptsBurned} attempts burned</dd>
    <dt>Actions</dt><dd>${Object.entries(outcome.actions).map(([kind, n]) => `${n} ${kind}`).join(', ') || 'none'}${outcome.skipped.length > 0 && `, ${outcome.skipped.length} skipped`}</dd>
    <dt>Recovery</dt><dd>${back.count ? `p50 ${back.p50} ms, p99 ${back.p99} ms, max ${back.max} ms` : 'none measured'}</dd>
    ${outcome.missing.length > 0 && html`<dt>Not back</dt><dd>${outcome.missing.join('; ')}</dd>`}
  </dl>`;
}

/** The panel; nothing where the main node does not allow chaos. */
export function Chaos() {
  const allowed = state.main?.chaos;
  useEffect(() => {
    if (!allowed) return undefined;
    loadChaos();
    const timer = setInterval(() => document.hidden || loadChaos(), LOOK_MS);
    return () => clearInterval(timer);
  }, [allowed]);
  if (!allowed) return null;
  const { run } = state.chaos || {};
  const problem = state.problem.harm || state.problem.chaos;
  return html`<section class="panel chaos" aria-labelledby="chaos-title">
    <header><h2 id="chaos-title">Chaos <small>staging only: what is broken here comes back by itself</small></h2>
      <button class="primary" onClick=${stopChaos}>Stop all chaos</button></header>
    ${problem && html`<p class="problem" role="alert">${problem.message}. ${problem.hint}</p>`}
    <${RedisHarm} />
    ${run?.running ? html`<p class="note" role="status">${run.seed ? `A run is under way, seed ${run.seed}.` : 'An action is under way.'}</p>` : html`<${RunForm} />`}
    ${run?.error && html`<p class="problem" role="alert">That could not be done: ${run.error}</p>`}
    ${run?.outcome && html`<${Verdict} seed=${run.seed} outcome=${run.outcome} />`}
    ${run?.lines.length > 0 && html`<ol class="deeds" aria-label="What was done">${run.lines.slice(-8).map((line, i) => html`<li key=${i}>${line}</li>`)}</ol>`}
  </section>`;
}
