// The trace of worker events, newest first.
import { html, useState } from './preact-htm.module.js';
import { clockOf, exactTime, isoTime } from './format.js';
import { hrefOf } from './router.js';
import { clearTrace, setPaused, state } from './store.js';
import { Panel } from './ui.js';

/** What the filter looks through. */
function textOf(entry) {
  return `${entry.summary} ${entry.jobId ?? ''} ${entry.imageId ?? ''} ${entry.note}`.toLowerCase();
}

function Row({ entry }) {
  const { jobProgress: percent, imageId } = entry;
  return html`<li class="row ${entry.level}">
    <time datetime=${isoTime(entry.time)} title=${exactTime(entry.time)}>${clockOf(entry.time)}</time>
    <span class="level"><span class="sr">${entry.level}</span></span>
    <span class="what">
      <span class="summary">${entry.summary}</span>
      ${entry.note && html`<span class="note">${entry.note}</span>`}
    </span>
    <span class="where">
      ${percent != null && html`<span class="bar" role="img" aria-label="${percent} percent"><i style=${{ width: `${percent}%` }}></i></span>`}
      ${entry.jobId && html`<a class="id" href=${hrefOf('jobs', entry.jobId)} title="job ${entry.jobId}">#${entry.jobId}</a>`}
      ${imageId && html`<a class="id" href=${hrefOf('images', imageId)} title="image ${imageId}">${imageId}</a>`}
    </span>
  </li>`;
}

function Tools({ level, setLevel, text, setText }) {
  return html`<input type="search" placeholder="Filter" aria-label="Filter the trace by text" data-search="main" value=${text} onInput=${(e) => setText(e.target.value)} />
    <select aria-label="Filter the trace by level" value=${level} onChange=${(e) => setLevel(e.target.value)}>
      <option value="all">all</option><option value="info">info</option><option value="error">errors</option>
    </select>
    <button aria-pressed=${state.paused} onClick=${() => setPaused(!state.paused)}>
      ${state.paused ? `Resume (${state.held.length} new)` : 'Pause'}
    </button>
    <button onClick=${clearTrace} disabled=${!state.trace.length && !state.held.length}>Clear</button>`;
}

export function Trace() {
  const [level, setLevel] = useState('all');
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const rows = state.trace.filter((entry) =>
    (level === 'all' || entry.level === level || (level === 'error' && entry.level === 'warn'))
    && (!wanted || textOf(entry).includes(wanted)));
  return html`<${Panel} id="trace" kind="trace" title="Live trace" tools=${html`<${Tools} level=${level} setLevel=${setLevel} text=${text} setText=${setText} />`}>
    <div class="rows" role="log" aria-live="off" aria-label="Worker events, newest first" tabindex="0"><ol>
      ${rows.map((entry) => html`<${Row} key=${entry.key} entry=${entry} />`)}
    </ol></div>
    ${!rows.length && html`<p class="note">${state.trace.length ? 'No event passes the filter.' : 'Nothing has happened yet. Events appear here the moment they happen.'}</p>`}
  </${Panel}>`;
}
