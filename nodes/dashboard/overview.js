// The overview: what needs somebody, the queue in figures, its course, and the
// trace of what happens.
import { html } from './preact-htm.module.js';
import { Alerts } from './alerts.js';
import { setQueuePaused } from './api.js';
import { Throughput } from './chart.js';
import { count, plural, span } from './format.js';
import { History } from './history.js';
import { Writes } from './may.js';
import { hrefOf } from './router.js';
import { rate, state } from './store.js';
import { Panel, Time, View } from './ui.js';
import { Trace } from './trace.js';

const COUNTS = ['waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed'];

function Counts() {
  const counts = state.queue?.counts || {};
  const names = [...COUNTS, ...Object.keys(counts).filter((name) => !COUNTS.includes(name) && counts[name] > 0)];
  return html`<dl class="figures" aria-label="Jobs by state">${names.map((name) => html`<div key=${name} class=${name} data-count=${name}>
    <dt><a href=${hrefOf('jobs', null, { state: name })}>${name}</a></dt><dd class=${counts[name] > 0 ? '' : 'none'}>${count(counts[name])}</dd></div>`)}</dl>`;
}

const lastMinute = (series) => series.slice(-30).reduce((a, b) => a + b, 0);

function slots() {
  const all = (state.nodes || []).reduce((sum, node) => sum + (node.concurrency || 0), 0);
  const busy = (state.nodes || []).reduce((sum, node) => sum + (node.running || 0), 0);
  return { all, busy };
}

/** How fast, how late, how full. */
function Rates() {
  const { all, busy } = slots();
  const { queue } = state;
  const failed = lastMinute(rate.failed);
  const done = lastMinute(rate.completed);
  const facts = [
    ['completed a minute', count(done)],
    ['failed a minute', failed ? `${count(failed)} (${Math.round((100 * failed) / (failed + done))} %)` : '0'],
    ['oldest waiting', queue?.oldestWaiting ? html`<${Time} at=${queue.oldestWaiting} />` : queue?.oldestWaiting === null ? 'none' : '–'],
    ['slots busy', state.nodes ? `${busy} of ${all}` : '–'],
    ['nodes', state.nodes ? count(state.nodes.length) : '–'],
  ];
  return html`<dl class="facts-line">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function QueueTools() {
  const { queue } = state;
  return html`<span class="note">${queue ? html`queue <b>${queue.name}</b>${queue.paused ? ', paused' : ''}` : ''}</span>
    <${Writes}><button disabled=${!queue} onClick=${() => setQueuePaused(!queue.paused)}>${queue?.paused ? 'Resume queue' : 'Pause queue'}</button></${Writes}>`;
}

function Running() {
  const running = (state.nodes || []).flatMap((node) => (node.processors || []).filter((one) => one.jobId).map((one) => ({ ...one, node: node.name })));
  const rows = running.sort((a, b) => b.busyMs - a.busyMs).slice(0, 12);
  return html`<${Panel} id="running" title="In flight" note=${running.length || null} tools=${html`<a href=${hrefOf('cluster')}>Cluster</a>`}>
    ${rows.length ? html`<ul class="lines">${rows.map((one) => html`<li key=${one.node + one.jobId}>
      <a class="id" href=${hrefOf('jobs', one.jobId)}>#${one.jobId}</a><span class="note">${one.node}</span><span class="note end">${span(one.busyMs)}</span></li>`)}</ul>`
      : html`<p class="note">${state.nodes ? 'No slot is busy at this moment.' : '…'}</p>`}
    ${running.length > rows.length && html`<p class="note">and ${plural(running.length - rows.length, 'more job')}</p>`}
  </${Panel}>`;
}

export function OverviewView() {
  return html`<${View} name="overview" title="Overview" tools=${html`<${QueueTools} />`}>
    <${Alerts} />
    <${Counts} />
    <${Rates} />
    <div class="columns">
      <div class="stack"><${Throughput} /><${History} /></div>
      <div class="stack"><${Trace} /><${Running} /></div>
    </div>
  </${View}>`;
}
