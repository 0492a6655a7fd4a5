// Dead letters: jobs that failed for good, by cause; a cause is redriven as one.
import { html } from './preact-htm.module.js';
import { act } from './api.js';
import { count, plural } from './format.js';
import { useData } from './net.js';
import { mayWrite, Writes } from './may.js';
import { hrefOf, route, setParams } from './router.js';
import { state } from './store.js';
import { Empty, Loading, Panel, Problem, sure, Time, Typed, View } from './ui.js';

const RATES = { '': 'at once', 1: '1 a second', 10: '10 a second', 100: '100 a second' };

function queryOf({ name, after, before }) {
  const kept = Object.entries({ name, after, before }).filter(([, value]) => value);
  return kept.length ? `?${new URLSearchParams(kept)}` : '';
}

/** The longest part of a folded cause that is in the text of each of its jobs. */
function sampleOf(cause) {
  return cause.split('…').reduce((best, part) => (part.trim().length > best.length ? part.trim() : best), '').slice(0, 120);
}

function Cause({ one, redrive, is_running }) {
  return html`<li class="cause"><div class="what"><p class="reason whole">${one.cause || 'no reason given'}</p>
      <p class="note"><b>${one.name}</b> · oldest <${Time} at=${one.oldest} /> · newest <${Time} at=${one.newest} /></p></div>
    <span class="number" title=${plural(one.count, 'job')}>${count(one.count)}</span>
    <div class="tools"><a class="button" data-step href=${hrefOf('jobs', null, { state: 'failed', name: one.name, error: sampleOf(one.cause || '') })}>Jobs</a>
      ${one.exampleId && html`<a class="button" href=${hrefOf('jobs', one.exampleId)}>Example</a>`}
      <${Writes}><button class="primary" disabled=${is_running} aria-label="Redrive ${plural(one.count, 'job')}: ${one.cause}" onClick=${() => redrive(one)}>Redrive</button></${Writes}></div></li>`;
}

/** The redrive that goes on, or the last one. */
function Run({ run, stop }) {
  if (!run || !run.state || run.state === 'none') return null;
  const words = { running: 'A redrive is under way', done: 'The last redrive is done', stopped: 'The last redrive was stopped', failed: 'The last redrive failed' };
  const is_running = run.state === 'running';
  return html`<${Panel} id="run" title=${words[run.state] || run.state} note=${run.startedAt && html`<${Time} at=${run.startedAt} />`}
      tools=${is_running && mayWrite() && html`<button onClick=${stop}>Stop it</button>`}>
    <p role="status">${plural(run.redriven ?? 0, 'job')} ${run.redriven === 1 ? 'is' : 'are'} back in line${run.refused ? `, ${count(run.refused)} refused` : ''}.</p>
    ${is_running && html`<progress aria-label="Jobs go back in line"></progress>`}
    ${run.error && html`<p class="problem" role="alert">${run.error.message || run.error}</p>`}
  </${Panel}>`;
}

export function DeadView() {
  const { params } = route;
  const { data, problem, reload } = useData(`/api/dead/causes${queryOf(params)}`, { every: 10000, live: true });
  const { data: run, reload: lookAtRun } = useData('/api/dead/redrive', { every: 1500 });
  const put = (name) => (value) => setParams({ [name]: value }, { replace: true });
  const rate = params.rate in RATES ? params.rate : '';
  const start = async (what, told) => {
    const { name, after, before } = params;
    const body = { name, after, before, ...(rate ? { rate: Number(rate) } : {}), ...what };
    for (const key of Object.keys(body)) if (body[key] === undefined || body[key] === '') delete body[key];
    await act(told, '/api/dead/redrive', { body });
    lookAtRun();
    reload();
  };
  const redrive = (one) => start({ cause: one.cause, name: one.name }, `${plural(one.count, 'job')} of one cause: back in line`);
  const redriveAll = async () => {
    if (await sure(`Redrive all ${count(data.jobs)} dead letters?`, 'They go back in line with all their attempts, oldest first.', 'redrive all', { is_harm: false })) start({}, 'All dead letters: back in line');
  };
  const stop = async () => (await act('The redrive is stopped', '/api/dead/redrive/stop'), lookAtRun());
  const causes = data?.causes;
  const is_running = run?.state === 'running';
  const tools = mayWrite() && html`<label>Rate <select value=${rate} onChange=${(e) => put('rate')(e.target.value)}>${Object.entries(RATES).map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}</select></label>
    <button disabled=${!causes?.length || is_running} onClick=${redriveAll}>Redrive all</button>`;
  return html`<${View} name="dead" title="Dead letters" total=${data?.jobs ?? state.queue?.counts?.failed} tools=${tools}>
    <form class="filters" role="search" aria-label="Filter the causes" onSubmit=${(e) => e.preventDefault()}>
      <${Typed} is_main label="Job name" value=${params.name} onValue=${put('name')} />
      <${Typed} label="After: date or ms" value=${params.after} onValue=${put('after')} />
      <${Typed} label="Before: date or ms" value=${params.before} onValue=${put('before')} /></form>
    <${Run} run=${run} stop=${stop} />
    <${Problem} what="The causes could not be loaded" problem=${problem} retry=${reload} />
    ${!causes && !problem && html`<${Loading} />`}
    ${causes && !causes.length && html`<${Empty} title="No dead letters">${queryOf(params) ? 'None passes these filters.' : 'A job is here once it has failed for good: all attempts are used, or its failure can never pass.'}</${Empty}>`}
    ${causes?.length > 0 && html`<ul class="causes" aria-label="Causes, the most jobs first">${causes.map((one) => html`<${Cause} key=${one.name + one.cause} one=${one} redrive=${redrive} is_running=${is_running} />`)}</ul>`}
    ${data?.more && html`<p class="note">Of the newest ${count(data.jobs)} dead letters; there are more.</p>`}
  </${View}>`;
}
