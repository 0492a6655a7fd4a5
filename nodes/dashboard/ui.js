// Small parts that all views are built of.
import { html, useEffect, useRef, useState } from './preact-htm.module.js';
import { ago, count, dayTime, exactTime, isoTime } from './format.js';
import { changed, state } from './store.js';

/** A time: how long ago, or of the clock with `clock`; the exact one on hover. */
export function Time({ at, clock }) {
  if (at == null || at === '' || Number.isNaN(Number(at))) return '–';
  const ms = Number(at);
  return html`<time datetime=${isoTime(ms)} title=${exactTime(ms)}>${clock ? dayTime(ms) : ago(ms)}</time>`;
}

const noun = (word) => `${word[0].toUpperCase()}${word.slice(1)}`;

/** What went wrong: what, why, and what to do. A list that is not there is of another version. */
export function Problem({ what, problem, retry }) {
  if (!problem) return null;
  if (problem.status === 404 && retry) return html`<${Empty} title="Not available">This server does not have what this view shows: ${problem.message}.</${Empty}>`;
  return html`<p class="problem" role="alert">${what && `${what}: `}${problem.message}. ${problem.hint}
    ${retry && html` <button onClick=${retry}>Try again</button>`}</p>`;
}

/** What is shown where there is nothing: why, and what one can do. */
export function Empty({ title, children }) {
  return html`<div class="empty"><strong>${title}</strong>${children && html`<p>${children}</p>`}</div>`;
}

/** Grey lines in the place of what is loaded. */
export function Loading({ rows = 4 }) {
  return html`<div class="loading" role="status" aria-label="Loading">${Array.from({ length: rows }, (_, i) => html`<i key=${i}></i>`)}</div>`;
}

/** A view: its heading, its tools, its content. */
export function View({ name, title, total, tools, children }) {
  return html`<article class="view view-${name}" aria-labelledby="view-title">
    <header><h1 id="view-title" tabindex="-1">${title}${total != null && html` <small>${count(total)}</small>`}</h1>
      ${tools && html`<div class="tools">${tools}</div>`}</header>
    ${children}
  </article>`;
}

export function Panel({ id, title, note, tools, children, kind = '' }) {
  return html`<section class="panel ${kind}" aria-labelledby="${id}-title">
    <header><h2 id="${id}-title">${title}${note != null && note !== false && html` <small>${note}</small>`}</h2>
      ${tools && html`<div class="tools">${tools}</div>`}</header>
    ${children}
  </section>`;
}

const LEVELS = { completed: 'good', active: 'busy', processing: 'busy', failed: 'bad', working: 'good', trying: 'busy', delayed: 'warn', paused: 'warn', resting: 'warn', cordoned: 'warn' };
/** A state as a word with a mark, never by colour alone. */
export function Badge({ state: word }) {
  return html`<span class="badge ${LEVELS[word] || ''} ${word}">${word}</span>`;
}

/** 0 to 100 as a bar. */
export function Bar({ percent, label }) {
  const width = Math.max(0, Math.min(100, percent));
  return html`<span class="bar" role="img" aria-label=${label || `${Math.round(width)} percent`}><i style=${{ width: `${width}%` }}></i></span>`;
}

/** JSON or text in a box that can be copied. */
export function Code({ text, label }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<div class="code"><pre tabindex="0" aria-label=${label} role="region">${text}</pre>
    ${navigator.clipboard && html`<button onClick=${copy}>${done ? 'Copied' : 'Copy'}</button>`}</div>`;
}

let asked = null; // the question that is open: {title, text, verb, is_harm, answer}

/** Asks before something that cannot be undone. @returns a promise of yes or no */
export function sure(title, text, verb, { is_harm = true } = {}) {
  return new Promise((answer) => {
    asked = { title, text, verb, is_harm, answer };
    changed();
  });
}

export function Question() {
  const dialog = useRef(null);
  const now = asked;
  useEffect(() => {
    if (now && !dialog.current.open) dialog.current.showModal();
  }, [now]);
  const end = (answer) => {
    asked = null;
    dialog.current.close();
    now?.answer(answer);
    changed();
  };
  return html`<dialog ref=${dialog} class="question" aria-labelledby="question-title" onCancel=${(e) => (e.preventDefault(), end(false))}>
    ${now && html`<h2 id="question-title">${now.title}</h2><p>${now.text}</p>
      <div class="tools"><button autofocus=${now.is_harm} onClick=${() => end(false)}>Leave it</button>
      <button class=${now.is_harm ? 'harmful' : 'primary'} autofocus=${!now.is_harm} onClick=${() => end(true)}>${noun(now.verb)}</button></div>`}
  </dialog>`;
}

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">${state.toasts.map((one) =>
    html`<p key=${one.key} class=${one.level}>${one.text}</p>`)}</div>`;
}

/** Tabs that are addresses: `list` of {name, href, is_open, count}. */
export function Tabs({ label, list }) {
  const line = useRef(null);
  const open = list.find((one) => one.is_open)?.name;
  useEffect(() => {
    const tab = line.current.querySelector('[aria-current]');
    if (tab) line.current.scrollLeft = tab.offsetLeft - innerWidth / 2; // where they are wider than the window
  }, [open]);
  return html`<nav class="tabs" ref=${line} aria-label=${label}>${list.map((one) => html`
    <a key=${one.name} href=${one.href} aria-current=${one.is_open ? 'page' : undefined} data-count=${one.name}>${one.name}${one.count != null && html` <b>${count(one.count)}</b>`}</a>`)}</nav>`;
}

const TYPED_MS = 350;
/** An input whose value counts after a pause of typing, or at Enter. */
export function Typed({ value = '', onValue, label, placeholder, type = 'search', is_main }) {
  const box = useRef(null);
  const timer = useRef(0);
  const put = () => (clearTimeout(timer.current), onValue(box.current.value.trim()));
  const typed = () => (clearTimeout(timer.current), (timer.current = setTimeout(put, TYPED_MS)));
  useEffect(() => { // changed from outside: by Back, or a link
    if (document.activeElement !== box.current || !box.current.value.trim().startsWith(value)) box.current.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return html`<input ref=${box} type=${type} aria-label=${label} placeholder=${placeholder || label} maxlength="300" data-search=${is_main ? 'main' : undefined}
    onInput=${typed} onKeyDown=${(e) => e.key === 'Enter' && (e.preventDefault(), put())} onBlur=${() => box.current.value.trim() !== value && put()} />`;
}
