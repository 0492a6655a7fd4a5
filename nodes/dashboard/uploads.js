// Pictures that are dropped or chosen: sent two at a time, each with its progress.
import { writeHeaders } from './net.js';
import { html, useEffect, useRef, useState } from './preact-htm.module.js';
import { refreshAll } from './api.js';
import { changed, state, toast } from './store.js';
import { bytes, plural } from './format.js';

const AT_ONCE = 2;
let uploading = 0;
let waiting = [];
let sent = 0; // since the list was empty
let known = 0; // of those, how many were there already

export function upload(files) {
  for (const file of files) {
    const entry = { key: `${Date.now()}-${Math.random()}`, name: file.name, size: file.size, percent: 0, error: null };
    state.uploads = [...state.uploads, entry];
    waiting.push([file, entry]);
  }
  changed();
  sendNext();
}

function dismiss(entry) {
  state.uploads = state.uploads.filter((one) => one !== entry);
  if (!state.uploads.length && sent) {
    toast(`${plural(sent, 'picture')} stored${known ? `, ${known} of them known already` : ''}`);
    sent = known = 0;
  }
  changed();
}

function cancelWaiting() {
  const left = new Set(waiting.map(([, entry]) => entry));
  waiting = [];
  state.uploads = state.uploads.filter((one) => !left.has(one));
  changed();
}

function sendNext() {
  while (uploading < AT_ONCE && waiting.length) {
    uploading++;
    send(...waiting.shift());
  }
}

function send(file, entry) {
  const request = new XMLHttpRequest(); // fetch() tells no progress
  request.open('POST', `/api/images?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
  for (const [name, value] of Object.entries(writeHeaders())) request.setRequestHeader(name, value);
  request.upload.onprogress = (event) => {
    entry.percent = event.total ? Math.round((100 * event.loaded) / event.total) : 0;
    changed();
  };
  request.onloadend = () => {
    uploading--;
    if ([200, 201, 202].includes(request.status)) { // 200: known, 202: its jobs follow
      sent++;
      known += request.status === 200;
      dismiss(entry);
    } else entry.error = refusalOf(request);
    changed();
    refreshAll();
    for (const tell of listeners) tell();
    sendNext();
  };
  request.send(file);
}

const listeners = new Set();
/** Calls after each upload. @returns what ends that */
export function onUploaded(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

function refusalOf(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return { message: request.status ? `the server answered ${request.status}` : 'the connection broke', hint: 'try again' };
  }
}

const SHOWN = 8; // rows; the rest is a number

export function Uploads() {
  const all = state.uploads;
  if (!all.length) return null;
  const shown = [...all.filter((one) => one.error), ...all.filter((one) => !one.error)].slice(0, SHOWN);
  const more = all.length - shown.length;
  return html`<section class="uploads" aria-label="Uploads">
    <ul>${shown.map((one) => html`<li key=${one.key} class=${one.error ? 'error' : ''}>
      <span class="name" title=${one.name}>${one.name}</span>
      ${one.error
        ? html`<span class="note" role="alert">${one.error.message}. ${one.error.hint}</span>
               <button aria-label="Dismiss ${one.name}" onClick=${() => dismiss(one)}>×</button>`
        : html`<span class="note">${bytes(one.size)}</span><span class="bar" role="progressbar" aria-label=${one.name} aria-valuenow=${one.percent} aria-valuemin="0" aria-valuemax="100"><i style=${{ width: `${one.percent}%` }}></i></span>`}
    </li>`)}</ul>
    ${more > 0 && html`<p class="note">and ${plural(more, 'more file')} <button onClick=${cancelWaiting}>Do not send those that wait</button></p>`}
  </section>`;
}

let pick = () => {};
/** Opens the browser's chooser of files. */
export const choosePictures = () => pick();

/** Takes pictures that are dropped anywhere on the page, or chosen. */
export function DropZone() {
  const picker = useRef(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    pick = () => picker.current.click();
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
  const picked = (e) => {
    upload(e.target.files);
    e.target.value = ''; // so that the same file can be chosen again
  };
  return html`<input ref=${picker} class="sr" type="file" accept="image/*" multiple tabindex="-1" aria-label="Choose pictures" onChange=${picked} />
    ${over && html`<div class="veil" aria-hidden="true"><strong>Drop to develop</strong></div>`}`;
}
