// Job schedulers: what they add and when, and a form for a new one.
import { html, useState } from './preact-htm.module.js';
import { act } from './api.js';
import { count, plural, pretty, span } from './format.js';
import { useData } from './net.js';
import { SchedulerForm } from './scheduler_form.js';
import { mayWrite, Writes } from './may.js';
import { hrefOf, route } from './router.js';
import { Empty, Loading, Problem, sure, Time, View } from './ui.js';

const PAGE = 100;
const schedulerUrl = (id) => `/api/schedulers/${encodeURIComponent(id)}`;

function rhythmOf({ every, pattern, tz }) {
  if (pattern) return html`<code>${pattern}</code>${tz && html` <span class="note">${tz}</span>`}`;
  return `every ${span(Number(every))}`;
}

function Scheduler({ one, edit, reload }) {
  const remove = async () => {
    if (!(await sure(`Remove the scheduler ${one.id}?`, 'It adds no further jobs; its next one is removed, those that are running go on.', 'remove'))) return;
    await act(`The scheduler ${one.id} is removed`, schedulerUrl(one.id), { method: 'DELETE' });
    reload();
  };
  const data = one.template?.data;
  return html`<li class="scheduler"><div class="what"><h3 class="id">${one.id}</h3>
      <p><b>${one.name}</b> ${rhythmOf(one)}</p>
      ${data != null && pretty(data) !== '{}' && html`<p class="note mono cut">${pretty(data).replace(/\s+/g, ' ')}</p>`}</div>
    <dl class="facts-line"><div><dt>next</dt><dd><${Time} at=${one.next} /></dd></div>
      <div><dt>jobs so far</dt><dd>${count(one.iterationCount ?? 0)}${one.limit ? ` of ${count(one.limit)}` : ''}</dd></div>
      ${one.startDate && html`<div><dt>from</dt><dd><${Time} at=${one.startDate} clock /></dd></div>`}
      ${one.endDate && html`<div><dt>until</dt><dd><${Time} at=${one.endDate} clock /></dd></div>`}</dl>
    <details><summary>Next runs</summary><ol class="runs">${(one.nextRuns || []).map((at) => html`<li key=${at}><${Time} at=${at} clock /> <span class="note"><${Time} at=${at} /></span></li>`)}</ol></details>
    <${Writes}><div class="tools"><button onClick=${() => edit(one)}>Edit</button><button class="harmful" aria-label="Remove the scheduler ${one.id}" onClick=${remove}>Remove</button></div></${Writes}></li>`;
}

export function SchedulersView() {
  const from = Math.max(0, Math.floor(Number(route.params.from)) || 0);
  const { data, problem, reload } = useData(`/api/schedulers?limit=${PAGE}&offset=${from}`, { every: 5000, live: true });
  const [edited, edit] = useState(null); // null: no form; {}: a new one
  const all = data?.schedulers;
  const tools = mayWrite() && html`<button class="primary" onClick=${() => edit(edited ? null : {})} aria-expanded=${!!edited}>Add a scheduler</button>`;
  return html`<${View} name="schedulers" title="Schedulers" total=${data?.total} tools=${tools}>
    ${edited && html`<${SchedulerForm} key=${edited.id || ''} one=${edited} url=${schedulerUrl} close=${() => (edit(null), reload())} />`}
    <${Problem} what="The schedulers could not be loaded" problem=${problem} retry=${reload} />
    ${!all && !problem && html`<${Loading} />`}
    ${all && !all.length && html`<${Empty} title="No scheduler">A scheduler adds a job again and again: every so many seconds, or by a cron pattern. Jobs that it adds are in <a href=${hrefOf('jobs', null, { state: 'delayed' })}>delayed</a> until they are due.</${Empty}>`}
    ${all?.length > 0 && html`<ul class="schedulers">${all.map((one) => html`<${Scheduler} key=${one.id} one=${one} edit=${edit} reload=${reload} />`)}</ul>`}
    ${data && data.total > PAGE && html`<p class="tools">${from > 0 && html`<a class="button" href=${hrefOf('schedulers', null, { from: Math.max(0, from - PAGE) || '' })}>Before</a>`}
      ${from + PAGE < data.total && html`<a class="button" href=${hrefOf('schedulers', null, { from: from + PAGE })}>Next ${plural(Math.min(PAGE, data.total - from - PAGE), 'scheduler')}</a>`}</p>`}
  </${View}>`;
}
