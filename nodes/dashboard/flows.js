// Flows: parents that wait for children, and the tree of one.
import { html, useEffect, useState } from './preact-htm.module.js';
import { jobUrl } from './api.js';
import { plural } from './format.js';
import { request, useData } from './net.js';
import { go, hrefOf } from './router.js';
import { state } from './store.js';
import { childCounts, childrenOf, jobOfKey } from './tree.js';
import { Badge, Empty, Loading, Problem, Time, Typed, View } from './ui.js';

const DEPTH = 3; // levels that are open at first
const SIBLINGS = 30; // of a parent that are looked up; of the rest only the state is shown
const HEIGHT = 20; // of a chain of parents; a longer one is damaged
const ENDED = ['completed', 'failed'];

const parentOf = (job) => {
  if (job.parent?.id) return { id: job.parent.id, queue: job.parent.queue && job.parent.queue !== state.queue?.name ? job.parent.queue : '' };
  return job.parentKey ? jobOfKey(job.parentKey) : null;
};

/** The uppermost parent of a job in this queue, and the way down to the job. */
function useRoot(id) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    let is_gone = false;
    (async () => {
      const way = [id];
      try {
        for (let i = 0; i < HEIGHT; i++) {
          const parent = parentOf(await request(jobUrl(way[0])));
          if (!parent || parent.queue || way.includes(parent.id)) break;
          way.unshift(parent.id);
        }
        if (!is_gone) setFound({ of: id, way });
      } catch (problem) {
        if (!is_gone) setFound({ of: id, way: way.length > 1 ? way : [], problem });
      }
    })();
    return () => (is_gone = true);
  }, [id]);
  return found?.of === id ? found : null;
}

/** A child whose own facts are not asked for: of another queue, or one of very many. */
function Leaf({ child }) {
  return html`<li role="treeitem" class="leaf"><div class="node"><span class="twig" aria-hidden="true"></span>
    ${child.queue ? html`<span class="id">${child.id}</span><span class="note">in ${child.queue}</span>` : html`<a class="id" href=${hrefOf('jobs', child.id)}>${child.id}</a>`}
    <${Badge} state=${child.group} />${child.note && html`<span class="reason">${child.note}</span>`}</div></li>`;
}

function Children({ job, depth, focus }) {
  const all = childrenOf(job);
  const counts = childCounts(job);
  const told = all.length;
  const real = counts.reduce((sum, [, n]) => sum + n, 0);
  return html`<ul role="group">${all.map((child, i) => (child.queue || i >= SIBLINGS
    ? html`<${Leaf} key=${child.key} child=${child} />`
    : html`<${Node} key=${child.key} id=${child.id} depth=${depth + 1} focus=${focus} group=${child.group} />`))}
    ${real > told && html`<li role="treeitem" class="leaf"><div class="node note">and ${plural(real - told, 'more child', 'more children')}</div></li>`}</ul>`;
}

/** A job of the tree. It is looked at again only until it has ended. */
function Node({ id, depth, focus, group }) {
  const [is_over, setOver] = useState(false);
  const { data: job, problem } = useData(jobUrl(id), { live: !is_over, every: is_over ? 0 : 5000 });
  const [is_open, setOpen] = useState(depth < DEPTH);
  useEffect(() => setOver(ENDED.includes(job?.state)), [job?.state]);
  const has_children = job && childCounts(job).length > 0;
  const counts = job ? childCounts(job) : [];
  return html`<li role="treeitem" aria-expanded=${has_children ? is_open : undefined} aria-selected=${id === focus}><div class="node ${id === focus ? 'focus' : ''}">
      ${has_children ? html`<button class="twig" aria-label=${is_open ? `Hide the children of ${id}` : `Show the children of ${id}`} onClick=${() => setOpen(!is_open)}>${is_open ? '▾' : '▸'}</button>` : html`<span class="twig" aria-hidden="true"></span>`}
      <a data-step href=${hrefOf('jobs', id)}><b>${job?.name || (problem ? 'gone' : '…')}</b> <span class="id">${id}</span></a>
      <${Badge} state=${job?.state || (problem ? 'removed' : group || 'unknown')} />
      ${job?.finishedOn && html`<span class="note"><${Time} at=${job.finishedOn} /></span>`}
      ${counts.length > 0 && html`<span class="note">${counts.map(([word, n]) => `${n} ${word}`).join(', ')}</span>`}
      ${job?.failedReason && html`<span class="reason">${job.failedReason}</span>`}</div>
    ${has_children && is_open && html`<${Children} job=${job} depth=${depth} focus=${focus} />`}</li>`;
}

function Tree({ id }) {
  const found = useRoot(id);
  if (!found) return html`<${Loading} rows=${5} />`;
  if (!found.way.length) return found.problem?.status === 404
    ? html`<${Empty} title="There is no such job">It was removed, or its id is of another queue.</${Empty}>`
    : html`<${Problem} what="The flow could not be loaded" problem=${found.problem} />`;
  return html`<ul class="tree" role="tree" aria-label="Flow of job ${id}"><${Node} key=${found.way[0]} id=${found.way[0]} depth=${0} focus=${id} /></ul>`;
}

function Parents() {
  const { data, problem, reload } = useData('/api/jobs?state=waiting-children&limit=100', { live: true, every: 5000 });
  if (!data) return problem ? html`<${Problem} what="The flows could not be loaded" problem=${problem} retry=${reload} />` : html`<${Loading} />`;
  if (!data.jobs.length)
    return html`<${Empty} title="No flow is under way">A flow is a job that waits for its children: BullMQ's FlowProducer adds them. One that has ended is found by the id of any of its jobs.</${Empty}>`;
  return html`<ul class="lines panel">${data.jobs.map((job) => html`<li key=${job.id}><a data-step href=${hrefOf('flows', job.id)}><b>${job.name}</b> <span class="id">${job.id}</span></a>
    <${Badge} state="waiting-children" /><span class="note end">added <${Time} at=${job.timestamp} /></span></li>`)}</ul>
    ${data.total > data.jobs.length && html`<p class="note">and ${plural(data.total - data.jobs.length, 'more flow')}: <a href=${hrefOf('jobs', null, { state: 'waiting-children' })}>all</a></p>`}`;
}

export function FlowsView({ id }) {
  const tools = html`${id && html`<a href=${hrefOf('flows')}>All flows</a>`}<${Typed} is_main label="Id of any job of a flow" value=${id || ''} onValue=${(text) => text !== (id || '') && go(hrefOf('flows', text || null))} />`;
  return html`<${View} name="flows" title=${id ? html`Flow of <span class="id">${id}</span>` : 'Flows'} tools=${tools}>
    ${id ? html`<${Tree} key=${id} id=${id} />` : html`<${Parents} />`}</${View}>`;
}
