// Darkroom's page: what the cluster does, live.
import { html, render, useEffect, useRef, useState } from './preact-htm.module.js';
import { dismissUpload, follow, poll, setQueuePaused, upload } from './api.js';
import { Chaos, NodeHarm } from './chaos.js';
import { Chart } from './chart.js';
import { Detail, Images } from './images.js';
import { Providers } from './providers.js';
import { changed, onChange, state } from './store.js';
import { Trace } from './trace.js';

const COUNTS = ['waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed'];

function open(imageId) {
  state.selected = imageId;
  delete state.problem.image;
  changed();
}

function Link() {
  const words = { connecting: 'connecting', live: 'live', lost: 'connection lost' };
  return html`<span class="link-state ${state.link}" role="status">${words[state.link]}</span>`;
}

function Queue() {
  const { queue } = state;
  const problem = state.problem.queue || state.problem.pause;
  const counts = queue?.counts || {};
  const names = [...COUNTS, ...Object.keys(counts).filter((name) => !COUNTS.includes(name) && counts[name] > 0)];
  return html`<section class="queue" aria-label="Queue">
    <dl>${names.map((name) => html`<div key=${name} class=${name} data-count=${name}>
      <dt>${name}</dt><dd>${counts[name] ?? '–'}</dd></div>`)}</dl>
    <div class="queue-name"><span>${queue?.name || 'queue'}${queue?.paused && html` <b>paused</b>`}</span>
      <button disabled=${!queue} onClick=${() => setQueuePaused(!queue.paused)}>${queue?.paused ? 'Resume queue' : 'Pause queue'}</button></div>
    ${problem && html`<p class="problem" role="alert">Queue: ${problem.message}. ${problem.hint}</p>`}
  </section>`;
}

function Nodes() {
  const { nodes } = state;
  const problem = state.problem.nodes;
  return html`<section class="panel nodes" aria-labelledby="nodes-title">
    <header><h2 id="nodes-title">Nodes ${nodes?.length > 0 && html`<small>${nodes.length}</small>`}</h2></header>
    ${problem && html`<p class="problem">The nodes could not be loaded: ${problem.message}. ${problem.hint}</p>`}
    ${nodes && !nodes.length && html`<p class="empty">No worker node is connected. Start one with <code>darkroom work</code>.</p>`}
    <ul>${(nodes || []).map((node) => {
      const slots = node.concurrency ?? node.slots;
      const busy = node.active ?? node.busy ?? node.running;
      const away = node.alive === false || ['lost', 'gone', 'down'].includes(node.state);
      return html`<li key=${node.name || node.id} class=${away ? 'away' : ''}>
        <span class="name">${node.name || node.id}</span>
        <span class="note">${away ? 'away' : node.state && node.state !== 'alive' ? node.state : ''}</span>
        ${slots != null && html`<span class="slots" role="img" aria-label="${busy ?? 0} of ${slots} slots busy">
          ${Array.from({ length: Math.min(slots, 32) }, (_, i) => html`<i class=${i < (busy ?? 0) ? 'busy' : ''}></i>`)}</span>
          <span class="note">${busy ?? 0}/${slots}</span>`}
        <${NodeHarm} node=${node} />
      </li>`;
    })}</ul>
  </section>`;
}

function Uploads() {
  if (!state.uploads.length) return null;
  return html`<ul class="uploads" aria-label="Uploads" aria-live="polite">${state.uploads.map((one) => html`
    <li key=${one.key} class=${one.error ? 'error' : ''}>
      <span class="name">${one.name}</span>
      ${one.error
        ? html`<span class="note" role="alert">${one.error.message}. ${one.error.hint}</span>
               <button aria-label="Dismiss ${one.name}" onClick=${() => dismissUpload(one)}>×</button>`
        : html`<span class="bar" role="progressbar" aria-label=${one.name} aria-valuenow=${one.percent}><i style=${{ width: `${one.percent}%` }}></i></span>`}
    </li>`)}</ul>`;
}

/** Lets pictures be dropped anywhere on the page. */
function useDrop(setOver) {
  useEffect(() => {
    let depth = 0;
    const has_files = (e) => e.dataTransfer?.types.includes('Files');
    const on = {
      dragenter: (e) => has_files(e) && (e.preventDefault(), ++depth, setOver(true)),
      dragover: (e) => has_files(e) && e.preventDefault(),
      dragleave: (e) => has_files(e) && --depth <= 0 && ((depth = 0), setOver(false)),
      drop: (e) => has_files(e) && (e.preventDefault(), (depth = 0), setOver(false), upload(e.dataTransfer.files)),
    };
    for (const [name, handle] of Object.entries(on)) addEventListener(name, handle);
    return () => Object.entries(on).forEach(([name, handle]) => removeEventListener(name, handle));
  }, []);
}

function App() {
  const picker = useRef(null);
  const [over, setOver] = useState(false);
  useDrop(setOver);
  const pick = () => picker.current.click();
  const picked = (e) => {
    upload(e.target.files);
    e.target.value = ''; // so that the same file can be chosen again
  };
  return html`
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top"><h1><span class="lamp ${state.link}" aria-hidden="true"></span>Darkroom</h1><${Link} /></header>
    ${state.link === 'lost' && html`<p class="banner" role="alert">The connection to the server is lost. What you see is the last that is known; the page goes on by itself as soon as the server answers.</p>`}
    <main id="main" tabindex="-1">
      <${Queue} />
      <${Images} open=${open} pick=${pick} />
      <div class="side"><${Chart} /><${Trace} open=${open} /><${Nodes} /><${Providers} /><${Chaos} /></div>
    </main>
    <input ref=${picker} class="sr" type="file" accept="image/*" multiple tabindex="-1" aria-label="Choose pictures" onChange=${picked} />
    <${Uploads} />
    <${Detail} open=${open} />
    ${over && html`<div class="veil" aria-hidden="true"><strong>Drop to develop</strong></div>`}`;
}

const root = document.getElementById('app');
const paint = () => render(html`<${App} />`, root);
onChange(paint);
paint();
poll();
follow();
