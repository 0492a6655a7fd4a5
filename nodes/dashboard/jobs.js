// All jobs of a state, with filters in the address.
import { html, useEffect, useState } from './preact-htm.module.js';
import { BulkBar } from './bulk.js';
import { count, duration, plural, pretty } from './format.js';
import { JobForm } from './job_form.js';
import { refresh, useJobs } from './job_list.js';
import { mayWrite, Writes } from './may.js';
import { hrefOf, route, setParams } from './router.js';
import { state } from './store.js';
import { Bar, Empty, Loading, Problem, Tabs, Time, Typed, View } from './ui.js';
import { Rows } from './virtual.js';

export const STATES = ['waiting', 'active', 'prioritized', 'delayed', 'waiting-children', 'completed', 'failed'];
const FILTERS = ['name', 'imageId', 'error', 'after', 'before'];
const narrow = matchMedia('(max-width: 48rem)');

/** The filters of the address that are set. */
export const filtersOf = (params) => Object.fromEntries(FILTERS.filter((name) => params[name]).map((name) => [name, params[name]]));

function useNarrow() {
  const [is, set] = useState(narrow.matches);
  useEffect(() => {
    const look = () => set(narrow.matches);
    narrow.addEventListener('change', look);
    return () => narrow.removeEventListener('change', look);
  }, []);
  return is;
}

/** What matters about a job in its state, in one line. */
function Gist({ job, of }) {
  if (job.failedReason) return html`<span class="reason">${job.failedReason}</span>`;
  if (of === 'active') return html`<${Bar} percent=${Number(job.progress) || 0} /> <span class="note">${job.processedBy || ''}</span>`;
  return html`<span class="note mono">${pretty(job.data).replace(/\s+/g, ' ').slice(0, 300)}</span>`;
}

/** When it ended, began, is due or was added, whichever its state is about. */
function When({ job, of }) {
  if (of === 'completed' || of === 'failed') return html`<${Time} at=${job.finishedOn} />`;
  if (of === 'active') return html`<${Time} at=${job.processedOn} />`;
  if (of === 'delayed') return html`due <${Time} at=${(job.timestamp || 0) + (job.delay || 0)} />`;
  return html`<${Time} at=${job.timestamp} />`;
}

function Row({ job, of, place, index, is_chosen, choose }) {
  const took = of === 'completed' && job.finishedOn && job.processedOn ? duration(job.finishedOn - job.processedOn) : '';
  const most = job.opts?.attempts || 1;
  return html`<div class="cells job ${is_chosen ? 'chosen' : ''}" role="row" aria-rowindex=${index + 2} style=${place}>
    <span role="cell" class="pick"><input type="checkbox" aria-label="Choose job ${job.id}" checked=${is_chosen} onChange=${() => choose(job.id)} /></span>
    <span role="cell" class="id"><a data-step href=${hrefOf('jobs', job.id)}>${job.id}</a></span>
    <span role="cell" class="name">${job.name}</span>
    <span role="cell" class="gist"><${Gist} job=${job} of=${of} /></span>
    <span role="cell" class="tries">${job.attemptsMade > 0 || of === 'failed' ? `${job.attemptsMade ?? 0}/${most}` : ''}${took}</span>
    <span role="cell" class="when"><${When} job=${job} of=${of} /></span>
  </div>`;
}

const HEADS = { waiting: 'added', active: 'began', delayed: 'due', completed: 'ended', failed: 'ended' };

function List({ of, list, need, chosen, setChosen }) {
  const height = useNarrow() ? 4.2 : 2.4;
  const { jobs, next } = list;
  const choose = (id) => {
    const all = new Set(chosen);
    all.delete(id) || all.add(id);
    setChosen(all);
  };
  const are_all = jobs.length > 0 && jobs.every((job) => chosen.has(job.id));
  const chooseAll = () => setChosen(are_all ? new Set() : new Set(jobs.map((job) => job.id)));
  const head = html`<span role="columnheader" class="pick"><input type="checkbox" aria-label="Choose all jobs that are listed" checked=${are_all} onChange=${chooseAll} /></span>
    <span role="columnheader" class="id">id</span><span role="columnheader" class="name">name</span><span role="columnheader" class="gist">${of === 'failed' ? 'failure' : of === 'active' ? 'progress' : 'data'}</span>
    <span role="columnheader" class="tries">${of === 'completed' ? 'took' : 'attempts'}</span><span role="columnheader" class="when">${HEADS[of] || 'added'}</span>`;
  const row = (i, place) => (jobs[i]
    ? html`<${Row} key=${jobs[i].id} job=${jobs[i]} of=${of} place=${place} index=${i} is_chosen=${chosen.has(jobs[i].id)} choose=${choose} />`
    : html`<div key="more" class="cells more" role="row" style=${place}><span role="cell" class="note">Reading further jobs…</span></div>`);
  return html`<${Rows} kind="jobs" label="Jobs" count=${jobs.length + (next ? 1 : 0)} height=${height} head=${head} row=${row} need=${need} />`;
}

function Filters({ params }) {
  const put = (name) => (value) => setParams({ [name]: value }, { replace: true });
  const has_any = Object.keys(filtersOf(params)).length > 0;
  const is_narrow = useNarrow();
  const [is_open, setOpen] = useState(false);
  const is_short = is_narrow && !is_open && !Object.keys(filtersOf({ ...params, error: '' })).length;
  return html`<form class="filters" role="search" aria-label="Filter the jobs" onSubmit=${(e) => e.preventDefault()}>
    <${Typed} is_main label="Error text" value=${params.error} onValue=${put('error')} />
    ${is_short ? html`<button type="button" onClick=${() => setOpen(true)}>More filters</button>` : html`<${Typed} label="Job name" value=${params.name} onValue=${put('name')} />
    <${Typed} label="Image id" value=${params.imageId} onValue=${put('imageId')} />
    <${Typed} label="After: date or ms" value=${params.after} onValue=${put('after')} />
    <${Typed} label="Before: date or ms" value=${params.before} onValue=${put('before')} />`}
    ${has_any && html`<a class="button" href=${hrefOf('jobs', null, { state: params.state })}>Clear filters</a>`}
  </form>`;
}

function Nothing({ of, has_filters, list }) {
  if (list.problem) return null;
  if (!list.pages) return html`<${Loading} rows=${8} />`;
  if (list.next) return html`<p class="note" role="status">Searching among ${plural(list.total ?? 0, 'job')}…</p>`;
  if (has_filters) return html`<${Empty} title="No ${of} job passes these filters">${list.total ? `${plural(list.total, 'job')} are in this state.` : ''}</${Empty}>`;
  const why = { waiting: 'Every job that was added has been taken.', active: 'No worker is busy at this moment.', failed: 'Jobs that fail for good are kept here until somebody retries or removes them.', completed: 'Jobs that are done are kept here for a while.' };
  return html`<${Empty} title="No job is ${of === 'waiting-children' ? 'waiting for children' : of}">${why[of] || ''}</${Empty}>`;
}

export function JobsView() {
  const { params } = route;
  const of = params.state || 'waiting';
  const filters = filtersOf(params);
  const query = new URLSearchParams({ state: of, ...filters }).toString();
  const { list, need } = useJobs(query);
  const [chosen, setChosen] = useState(new Set());
  const [is_adding, setAdding] = useState(false);
  useEffect(() => setChosen(new Set()), [query]);
  useEffect(() => { // a filter may find nothing in one page, and more in the next
    if (!list.jobs.length) need(0, 0);
  });
  const counts = state.queue?.counts || {};
  const tabs = [...STATES, ...(counts.paused > 0 || of === 'paused' ? ['paused'] : [])].map((name) => ({ name, count: counts[name], is_open: name === of, href: hrefOf('jobs', null, { ...filters, state: name === 'waiting' ? '' : name }) }));
  const tools = mayWrite() && html`<button class="primary" onClick=${() => setAdding(!is_adding)} aria-expanded=${is_adding}>Add a job</button>`;
  return html`<${View} name="jobs" title="Jobs" tools=${tools}>
    ${is_adding && html`<${JobForm} close=${() => setAdding(false)} />`}
    <${Tabs} label="States of jobs" list=${tabs} />
    <${Filters} params=${params} />
    <${Writes}><${BulkBar} of=${of} filters=${filters} chosen=${chosen} list=${list} done=${() => (setChosen(new Set()), refresh(list))} /></${Writes}>
    <${Problem} what="The jobs could not be loaded" problem=${list.problem} retry=${() => refresh(list)} />
    ${list.is_stale && html`<p class="news" role="status">The list has changed meanwhile. <button onClick=${() => (scrollTo(0, 0), refresh(list))}>Show it anew</button></p>`}
    ${list.jobs.length ? html`<${List} of=${of} list=${list} need=${need} chosen=${chosen} setChosen=${setChosen} />` : html`<${Nothing} of=${of} has_filters=${Object.keys(filters).length > 0} list=${list} />`}
    ${list.jobs.length > 0 && !list.next && html`<p class="note end-of-list">${count(list.jobs.length)} shown${list.total > list.jobs.length ? ` of ${count(list.total)} in this state` : ', all there are'}</p>`}
  </${View}>`;
}
