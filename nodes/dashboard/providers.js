// Providers of models that rest, and what the budget leaves.
import { html } from './preact-htm.module.js';
import { resumeProviders } from './api.js';
import { state } from './store.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const amount = new Intl.NumberFormat(undefined, { maximumFractionDigits: 4 });

function Provider({ one }) {
  const rests = one.state === 'resting';
  const words = { new: 'not answered yet', working: 'works', resting: `rests until ${clock.format(one.restingUntil)}`, trying: 'is tried again' };
  return html`<li class=${rests ? 'away' : ''}>
    <span class="name" title=${one.id}>${one.id.split('#')[0]}</span>
    <span class="note">${one.resource}: ${words[one.state]}</span>
    ${one.message && html`<span class="note">${one.message}</span>`}
    ${rests && html`<button onClick=${() => resumeProviders(one.resource)}>Call it now</button>`}
  </li>`;
}

function Bound({ one }) {
  return html`<li><span class="name">${one.scope} ${one.kind}</span>
    <span class="note">${amount.format(one.used)} of ${amount.format(one.most)}${one.used >= one.most ? ', used up for today'
      : one.runsOutAt ? `, at this pace until ${clock.format(one.runsOutAt)}` : ''}</span></li>`;
}

/** Shows nothing where all models are local and nothing is bounded. */
export function Providers() {
  const { providers } = state;
  const bounds = (providers?.budget.bounds || []).filter((one) => one.most > 0);
  if (!providers || !(providers.providers.length || bounds.length)) return null;
  return html`<section class="panel nodes" aria-labelledby="providers-title">
    <header><h2 id="providers-title">Providers</h2></header>
    ${state.problem.resume && html`<p class="problem" role="alert">${state.problem.resume.message}. ${state.problem.resume.hint}</p>`}
    <ul>${providers.providers.map((one) => html`<${Provider} key=${one.id} one=${one} />`)}
      ${bounds.map((one) => html`<${Bound} key=${one.scope + one.kind} one=${one} />`)}</ul>
  </section>`;
}
