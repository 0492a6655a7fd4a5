// The keyboard: views by `g` and a letter, lists by j and k, help by `?`.
import { html, useEffect, useRef } from './preact-htm.module.js';
import { go, hrefOf, route } from './router.js';
import { changed, state } from './store.js';
import { VIEWS } from './views.js';

const AFTER_G_MS = 1500;
let is_open = false;
let g_at = 0;

const is_typing = (e) => e.target.closest?.('input:not([type=checkbox], [type=range]), textarea, select');
const is_modal = () => document.querySelector('dialog[open]:not(.help)');

export function showHelp(open) {
  is_open = open;
  changed();
}

/** Moves the focus to the next or the previous thing of the list that is open. */
function step(by) {
  const all = [...document.querySelectorAll('main [data-step]')];
  if (!all.length) return;
  const at = all.indexOf(document.activeElement?.closest('[data-step]'));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function search() {
  const box = document.querySelector('main [data-search=main]') || document.querySelector('main input[type=search]');
  if (box) box.focus(), box.select();
  else go(hrefOf('jobs', null, { state: 'failed' }));
}

function up() {
  if (route.id) go(hrefOf(route.view));
}

const KEYS = {
  '?': () => showHelp(!is_open),
  '/': search,
  j: () => step(1),
  k: () => step(-1),
  u: up,
  t: () => (window.darkroomTheme.next(), changed()),
  x: () => document.activeElement?.closest('[role=row]')?.querySelector('input[type=checkbox]')?.click(),
};

function onKey(e) {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === 'Escape' && is_typing(e) && !is_modal()) return document.activeElement.blur();
  if (is_typing(e) || is_modal()) return undefined;
  const was_g = Date.now() - g_at < AFTER_G_MS;
  g_at = e.key === 'g' ? Date.now() : 0;
  const view = was_g && VIEWS.find((one) => one.key === e.key && (one.name !== 'audit' || state.hasAudit));
  const act = view ? () => go(hrefOf(view.name)) : KEYS[e.key];
  if (!act) return undefined;
  e.preventDefault();
  return act();
}

export function startKeys() {
  addEventListener('keydown', onKey);
}

export function Help() {
  const dialog = useRef(null);
  useEffect(() => {
    if (is_open && !dialog.current.open) dialog.current.showModal();
    if (!is_open && dialog.current.open) dialog.current.close();
  }, [is_open]);
  const rows = [
    ['?', 'this list'], ['/', 'search in this view'], ['j  k', 'next and previous of a list'], ['Enter', 'open it'], ['x', 'choose the job that has the focus'],
    ['u', 'from one job or picture up to all'], ['← →', 'previous and next picture'], ['Esc', 'close, or leave the search'], ['t', 'dark, light, or as the system has it'],
    ...VIEWS.filter((one) => one.name !== 'audit' || state.hasAudit).map((one) => [`g ${one.key}`, one.title]),
  ];
  return html`<dialog ref=${dialog} class="help" aria-labelledby="help-title" onClose=${() => showHelp(false)} onClick=${(e) => e.target === dialog.current && showHelp(false)}>
    <header><h2 id="help-title">Keys</h2><button aria-label="Close" onClick=${() => showHelp(false)}>×</button></header>
    <dl>${rows.map(([keys, what]) => html`<div key=${keys}><dt>${keys.split('  ').map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl>
  </dialog>`;
}
