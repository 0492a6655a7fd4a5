// The search box, and what a search found.
import { html, useLayoutEffect, useRef } from './preact-htm.module.js';
import { search } from './api.js';
import { Card, titleOf } from './card.js';
import { changed, state } from './store.js';

const PAUSE_MS = 300; // of typing, before a search begins

/** Starts a search. A result that comes after a later search began is dropped. */
async function begin(kind, title, what) {
  const mine = { kind, title, answer: null };
  state.search = mine;
  delete state.problem.search;
  changed();
  const answer = await search(kind, what);
  if (state.search !== mine) return;
  mine.answer = answer;
  changed();
}

function end() {
  state.search = null;
  delete state.problem.search;
  changed();
}

export function findLike(image) {
  begin('like', `like “${titleOf(image)}”`, image.imageId);
}

/** All images that the open search shows. */
export function foundImages() {
  const answer = state.search?.answer;
  if (!answer) return [];
  return (answer.hits || answer.groups.flatMap((one) => one.images)).map((one) => one.image);
}

export function SearchBox() {
  const box = useRef(null);
  const timer = useRef(0);
  const ask = () => {
    clearTimeout(timer.current);
    const text = box.current.value.trim();
    if (text) begin('text', `for “${text}”`, text);
    else end();
  };
  const typed = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(ask, PAUSE_MS);
  };
  useLayoutEffect(() => { // together with the results, not a moment later
    if (state.search?.kind === 'text') return;
    clearTimeout(timer.current); // what was typed last is not searched any more
    box.current.value = '';
  }, [state.search]);
  return html`<form class="search" role="search" onSubmit=${(e) => (e.preventDefault(), ask())}>
    <input ref=${box} type="search" maxlength="300" placeholder="Search pictures" aria-label="Search pictures" onInput=${typed} />
    <button type="button" onClick=${() => begin('duplicates', '')}>Duplicates</button>
  </form>`;
}

/** What was searched, for a result that is empty. */
function scopeOf({ searched }) {
  const vectors = searched.space ? `${searched.vectors} vectors of space ${searched.space}` : 'no vectors';
  return `${vectors} and ${searched.texts} descriptions were searched`;
}

/** The similarity, or that words were found. */
function labelOf(hit) {
  if (hit.similarity != null) return `${Math.round(hit.similarity * 100)} %`;
  return hit.wordRank != null ? 'words' : '';
}

function Hits({ answer, open }) {
  return html`<ul class="grid">${answer.hits.map((hit) => html`
    <${Card} key=${hit.image.imageId} image=${hit.image} open=${open} label=${labelOf(hit)} />`)}</ul>`;
}

function Groups({ answer, open }) {
  return answer.groups.map((group) => html`<section class="group" key=${group.images[0]?.image.imageId}>
    <h4>${group.count} pictures, up to ${Math.max(...group.images.map((one) => one.distance))} of 64 bits apart</h4>
    <ul class="grid">${group.images.map((one) => html`
      <${Card} key=${one.image.imageId} image=${one.image} open=${open} label=${one.distance ? `${one.distance} bits` : 'first'} />`)}</ul>
  </section>`);
}

function headingOf({ kind, title, answer }) {
  const noun = kind === 'duplicates' ? 'group of duplicates' : 'hit';
  if (!answer) return kind === 'duplicates' ? 'Duplicates' : `Pictures ${title}`;
  const plural = kind === 'duplicates' ? 'groups of duplicates' : 'hits';
  return `${answer.total} ${answer.total === 1 ? noun : plural} ${title}`;
}

function emptyOf({ kind, answer }) {
  if (kind === 'duplicates') return `No two of ${answer.pictures} pictures look the same.`;
  return `Nothing was found: ${scopeOf(answer)}.`;
}

export function Results({ open }) {
  const { search: now } = state;
  const problem = state.problem.search;
  const { kind, answer } = now;
  return html`<div class="results" aria-live="polite">
    <div class="found"><h3>${headingOf(now)}</h3><button onClick=${end}>Show all</button>
      ${answer?.searched?.note && html`<p>${answer.searched.note}</p>`}</div>
    ${problem && html`<p class="problem" role="alert">The search failed: ${problem.message}. ${problem.hint}</p>`}
    ${!answer && !problem && html`<p class="empty">Searching…</p>`}
    ${answer && !answer.total && html`<p class="empty">${emptyOf(now)}</p>`}
    ${answer?.hits?.length > 0 && html`<${Hits} answer=${answer} open=${open} />`}
    ${answer?.groups?.length > 0 && html`<${Groups} answer=${answer} open=${open} />`}
  </div>`;
}
