// Limits of the queue, providers that rest, and what the budget leaves.
import { html, useEffect, useState } from './preact-htm.module.js';
import { act, loadProviders, loadQueue, resumeProviders } from './api.js';
import { amount, count, spanOf, plural, span } from './format.js';
import { Field } from './job_form.js';
import { mayWrite, Writes } from './may.js';
import { request } from './net.js';
import { state } from './store.js';
import { Badge, Empty, Loading, Panel, Problem, Time, View } from './ui.js';

/** The form's texts of what the server has. */
const textsOf = (queue) => ({ concurrency: queue?.concurrency ? String(queue.concurrency) : '', max: queue?.limit?.max ? String(queue.limit.max) : '', duration: queue?.limit?.duration ? `${queue.limit.duration / 1000}s` : '60s' });

function bodyOf(asked) {
  const duration = spanOf(asked.duration);
  if (asked.max && !(duration > 0)) return { problem: { message: `‘${asked.duration}’ is no time`, hint: 'write it like 60s or 5m' } };
  const whole = (text) => (text === '' ? null : Number(text));
  return { body: { concurrency: whole(asked.concurrency), max: whole(asked.max), ...(asked.max ? { duration } : {}) } };
}

function QueueLimits() {
  const { queue } = state;
  const known = JSON.stringify([queue?.concurrency, queue?.limit]);
  const [asked, ask] = useState(textsOf(queue));
  const [problem, setProblem] = useState(null);
  useEffect(() => ask(textsOf(state.queue)), [known]);
  const put = (name) => (value) => ask({ ...asked, [name]: value });
  const submit = async (e) => {
    e.preventDefault();
    const { body, problem: wrong } = bodyOf(asked);
    setProblem(wrong || null);
    if (!wrong && (await act('The limits of the queue are stored', '/api/queue/limits', { method: 'PUT', body }))) loadQueue();
  };
  if (!queue) return state.problem.queue ? null : html`<${Loading} rows=${2} />`;
  const now = [queue.concurrency ? `${plural(queue.concurrency, 'job')} at once` : 'any number of jobs at once', queue.limit ? `${plural(queue.limit.max, 'start')} in ${span(queue.limit.duration)}` : 'no limit of starts'];
  return html`<${Panel} id="queue-limits" title="Queue" note=${queue.name}>
    <p>In force, for BullMQ's workers too: <b>${now.join(', ')}</b>.</p>
    <${Writes}><form class="form" aria-label="Limits of the queue" onSubmit=${submit}>
      <${Field} label="Jobs at once" type="number" min="1" value=${asked.concurrency} onValue=${put('concurrency')} hint="no limit" />
      <${Field} label="Starts at most" type="number" min="1" value=${asked.max} onValue=${put('max')} hint="no limit" />
      <${Field} label="in" value=${asked.duration} onValue=${put('duration')} hint="60s" />
      <${Problem} problem=${problem} />
      <div class="tools"><button class="primary" disabled=${JSON.stringify(asked) === JSON.stringify(textsOf(queue))}>Store</button></div>
    </form></${Writes}></${Panel}>`;
}

const WORDS = { new: 'it has not answered yet', trying: 'one call goes first' };

function Provider({ one }) {
  const rests = one.state === 'resting';
  return html`<li class="provider"><span class="name" title=${one.id}>${one.id.split('#')[0]}</span><span class="note">${one.resource}</span><${Badge} state=${one.state} />
    <span class="note">${rests ? html`until <${Time} at=${one.restingUntil} clock />, since <${Time} at=${one.restingSince} />, ${plural(one.refusals ?? 1, 'refusal')}` : WORDS[one.state] || ''}</span>
    ${rests && mayWrite() && html`<button onClick=${() => resumeProviders(one.resource)}>Call it now</button>`}
    ${one.message && html`<p class="reason whole">${one.message}</p>`}</li>`;
}

function Bound({ one }) {
  const share = one.most > 0 ? (100 * one.used) / one.most : null;
  const level = share == null ? '' : share >= 100 ? 'bad' : share >= 80 ? 'warn' : 'good';
  return html`<li class="bound ${level}"><span class="name">${one.scope}</span><span>${one.kind}</span>
    <span class="used">${amount(one.used)} <span class="note">of ${one.most > 0 ? amount(one.most) : 'no bound'}</span></span>
    ${share != null ? html`<span class="meter" role="meter" aria-label="${one.scope} ${one.kind}" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(Math.min(100, share))}><i style=${{ width: `${Math.min(100, share)}%` }}></i></span>` : html`<span></span>`}
    <span class="note">${share >= 100 ? 'used up for today' : one.runsOutAt ? html`at this pace until <${Time} at=${one.runsOutAt} clock />` : ''}</span></li>`;
}

function Providers() {
  const { providers } = state;
  if (!providers) return html`<${Problem} what="The providers could not be loaded" problem=${state.problem.providers} />`;
  const all = providers.providers;
  return html`<${Panel} id="providers" title="Providers" note=${all.length || null}>
    ${all.length ? html`<ul class="rows-list">${all.map((one) => html`<${Provider} key=${one.id} one=${one} />`)}</ul>`
      : html`<${Empty} title="No provider was called within a day">This machine describes the pictures itself, or none came.</${Empty}>`}
  </${Panel}>`;
}

function Budget() {
  const budget = state.providers?.budget;
  if (!budget) return null;
  const bounds = [...budget.bounds].sort((a, b) => (b.most > 0) - (a.most > 0));
  return html`<${Panel} id="budget" title="Budget" note=${html`${budget.day} (UTC), ends <${Time} at=${budget.ends} />`}>
    <ul class="rows-list bounds">${bounds.map((one) => html`<${Bound} key=${one.scope + one.kind} one=${one} />`)}</ul></${Panel}>`;
}

/** Limits of calls and bounds of the budget, which hold at once for all nodes. */
function Changes() {
  const [limits, setLimits] = useState(null);
  const [problem, setProblem] = useState(null);
  const [name, setName] = useState('limits.vision');
  const [value, setValue] = useState('');
  const load = () => request('/api/limits').then(({ limits: all }) => (setLimits(all), setProblem(null)), setProblem);
  useEffect(() => void load(), []);
  const store = async (which, text, said) => {
    const done = await act(said, '/api/limits', { method: 'PUT', body: { [which]: text } });
    if (done) setLimits(done.limits), setValue('');
    loadProviders();
  };
  const submit = (e) => (e.preventDefault(), store(name, value.trim(), `${name} is ${value.trim()} now, on all nodes`));
  if (!limits) return problem ? html`<${Problem} what="The limits could not be loaded" problem=${problem} />` : html`<${Loading} rows=${2} />`;
  const changed = limits.filter((one) => one.changed);
  return html`<${Panel} id="changes" title="Changed here" note=${changed.length || null}>
    ${changed.length ? html`<ul class="rows-list">${changed.map((one) => html`<li class="bound" key=${one.name}><span class="name">${one.name}</span><b>${one.value}</b>
      <span class="note">instead of ${one.setting}</span>
      ${mayWrite() && html`<button onClick=${() => store(one.name, 'default', `${one.name} is as configured again`)}>Take back</button>`}</li>`)}</ul>`
      : html`<p class="note">Calls to providers and the budget are limited as the configuration says.</p>`}
    <${Writes}><form class="form" aria-label="Change a limit" onSubmit=${submit}>
      <label class="field"><span>Limit</span><select value=${name} onChange=${(e) => setName(e.target.value)}>
        ${limits.map((one) => html`<option key=${one.name} value=${one.name}>${one.name} (${one.value})</option>`)}</select></label>
      <${Field} label="Value" value=${value} onValue=${setValue} hint=${name.startsWith('limits.') ? '10/60s, or off' : '0 = no bound'} />
      <div class="tools"><button class="primary" disabled=${!value.trim()}>Change</button></div>
    </form></${Writes}></${Panel}>`;
}

function WithoutNode() {
  const without = Object.entries(state.queue?.withoutNode || {}).filter(([, n]) => n > 0);
  if (!without.length) return null;
  return html`<${Panel} id="without" title="Jobs that no node runs"><ul class="rows-list">${without.map(([name, n]) => html`<li key=${name}><span class="name">${name}</span><span>${count(n)}</span></li>`)}</ul></${Panel}>`;
}

export function LimitsView() {
  return html`<${View} name="limits" title="Limits and budget">
    <${Problem} what="Queue" problem=${state.problem.queue} />
    <div class="columns"><div class="stack"><${QueueLimits} /><${Changes} /><${WithoutNode} /></div><div class="stack"><${Budget} /><${Providers} /></div></div>
  </${View}>`;
}
