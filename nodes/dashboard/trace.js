// The trace of worker events, newest first.
import { html, useState } from './preact-htm.module.js';
import { clearTrace, setPaused, state } from './store.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** What the filter looks through. */
function textOf(entry) {
  return `${entry.summary} ${entry.jobId ?? ''} ${entry.imageId ?? ''} ${entry.note}`.toLowerCase();
}

function Row({ entry, open }) {
  const { jobProgress: percent, imageId } = entry;
  return html`<li class="row ${entry.level}">
    <time datetime=${new Date(entry.time).toISOString()}>${clock.format(entry.time)}</time>
    <span class="level"><span class="sr">${entry.level}</span></span>
    <span class="what">
      <span class="summary">${entry.summary}</span>
      ${entry.note && html`<span class="note">${entry.note}</span>`}
    </span>
    <span class="where">
      ${percent != null && html`<span class="bar" role="img" aria-label="${percent} percent"><i style=${{ width: `${percent}%` }}></i></span>`}
      ${entry.jobId && html`<span class="id" title="job ${entry.jobId}">#${entry.jobId}</span>`}
      ${imageId && html`<button class="id link" title="show image ${imageId}" onClick=${() => open(imageId)}>${imageId}</button>`}
    </span>
  </li>`;
}

export function Trace({ open }) {
  const [level, setLevel] = useState('all');
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const rows = state.trace.filter((entry) =>
    (level === 'all' || entry.level === level || (level === 'error' && entry.level === 'warn'))
    && (!wanted || textOf(entry).includes(wanted)));
  return html`<section class="panel trace" aria-labelledby="trace-title">
    <header>
      <h2 id="trace-title">Live trace</h2>
      <div class="tools">
        <input type="search" placeholder="Filter" aria-label="Filter the trace by text" value=${text} onInput=${(e) => setText(e.target.value)} />
        <select aria-label="Filter the trace by level" value=${level} onChange=${(e) => setLevel(e.target.value)}>
          <option value="all">all</option><option value="info">info</option><option value="error">errors</option>
        </select>
        <button aria-pressed=${state.paused} onClick=${() => setPaused(!state.paused)}>
          ${state.paused ? `Resume (${state.held.length} new)` : 'Pause'}
        </button>
        <button onClick=${clearTrace} disabled=${!state.trace.length && !state.held.length}>Clear</button>
      </div>
    </header>
    <ol class="rows" role="log" aria-live="off" aria-label="Worker events, newest first" tabindex="0">
      ${rows.map((entry) => html`<${Row} key=${entry.key} entry=${entry} open=${open} />`)}
    </ol>
    ${!rows.length && html`<p class="empty">${state.trace.length ? 'No event passes the filter.' : 'Nothing has happened yet. Events appear here the moment they happen.'}</p>`}
  </section>`;
}
