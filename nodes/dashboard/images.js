// The gallery, the search box, and what a search found.
import { html } from './preact-htm.module.js';
import { Blank, Card, titleOf } from './card.js';
import { count } from './format.js';
import { Detail } from './image.js';
import { useImages } from './image_list.js';
import { useData } from './net.js';
import { mayWrite, Writes } from './may.js';
import { hrefOf, route, setParams } from './router.js';
import { Empty, Loading, Problem, Tabs, Typed, View } from './ui.js';
import { choosePictures } from './uploads.js';
import { Cards } from './virtual.js';

const STATUSES = ['all', 'pending', 'processing', 'completed', 'failed'];

function All({ status, show }) {
  const { list, need, reload } = useImages(status);
  show.images = list.images;
  const { images, total, problem } = list;
  if (!total && total !== 0) return problem ? html`<${Problem} what="The images could not be loaded" problem=${problem} retry=${reload} />` : html`<${Loading} />`;
  if (!total && status) return html`<${Empty} title="No picture is ${status}"></${Empty}>`;
  if (!total && !mayWrite()) return html`<${Empty} title="No picture yet"></${Empty}>`;
  if (!total) return html`<button class="drop" onClick=${choosePictures}>
      <strong>Drop pictures here</strong><span>or press to choose some. They are described, resized and indexed while you watch.</span></button>`;
  const card = (i, place) => (images[i] ? html`<${Card} key=${images[i].imageId} image=${images[i]} place=${place} />` : html`<${Blank} key=${`blank${i}`} place=${place} />`);
  return html`<${Problem} what="The images could not be loaded" problem=${problem} retry=${reload} />
    <${Cards} label="Pictures, newest first" count=${total} card=${card} need=${need} />`;
}

/** The open search: {kind, url, title}; null for the whole gallery. */
function searchOf({ q, like, duplicates }) {
  if (q) return { kind: 'text', url: `/api/search?limit=100&q=${encodeURIComponent(q)}`, title: `for “${q}”` };
  if (like) return { kind: 'like', url: `/api/images/${encodeURIComponent(like)}/similar?limit=60`, title: 'like' };
  if (duplicates) return { kind: 'duplicates', url: '/api/duplicates?limit=50', title: '' };
  return null;
}

/** What was searched, for a result that is empty. */
function scopeOf({ searched }) {
  const vectors = searched.space ? `${count(searched.vectors)} vectors of space ${searched.space}` : 'no vectors';
  return `${vectors} and ${count(searched.texts)} descriptions were searched`;
}

/** The similarity, or that words were found. */
function labelOf(hit) {
  if (hit.similarity != null) return `${Math.round(hit.similarity * 100)} %`;
  return hit.wordRank != null ? 'words' : '';
}

function Groups({ answer }) {
  return answer.groups.map((group) => html`<section class="group" key=${group.images[0]?.image.imageId}>
    <h3>${count(group.count)} pictures, up to ${Math.max(...group.images.map((one) => one.distance))} of 64 bits apart</h3>
    <ul class="grid">${group.images.map((one) => html`<${Card} key=${one.image.imageId} image=${one.image} label=${one.distance ? `${one.distance} bits` : 'first'} />`)}</ul>
  </section>`);
}

function headingOf({ kind, title }, answer, likeness) {
  const of = kind === 'like' ? html`like <a href=${hrefOf('images', route.params.like, route.params)}>${likeness}</a>` : title;
  if (kind === 'duplicates') return answer ? `${count(answer.total)} ${answer.total === 1 ? 'group' : 'groups'} of duplicates` : 'Duplicates';
  return html`${answer ? `${count(answer.total)} ${answer.total === 1 ? 'hit' : 'hits'}` : 'Pictures'} ${of}`;
}

function Results({ search, show }) {
  const { data: answer, problem, reload } = useData(search.url);
  const { data: model } = useData(route.params.like ? `/api/images/${encodeURIComponent(route.params.like)}` : null);
  show.images = (answer?.hits || answer?.groups?.flatMap((one) => one.images) || []).map((one) => one.image);
  const empty = answer && !answer.total && (search.kind === 'duplicates' ? `No two of ${count(answer.pictures)} pictures look the same.` : `Nothing was found: ${scopeOf(answer)}.`);
  return html`<div class="results">
    <div class="found"><h2 aria-live="polite">${headingOf(search, answer, model ? `“${titleOf(model)}”` : 'one picture')}</h2><a class="button" href=${hrefOf('images')}>Show all</a>
      ${answer?.searched?.note && html`<p class="note">${answer.searched.note}</p>`}</div>
    <${Problem} what="The search failed" problem=${problem} retry=${reload} />
    ${!answer && !problem && html`<${Loading} />`}
    ${empty && html`<${Empty} title=${empty}></${Empty}>`}
    ${answer?.hits?.length > 0 && html`<ul class="grid">${answer.hits.map((hit) => html`<${Card} key=${hit.image.imageId} image=${hit.image} label=${labelOf(hit)} />`)}</ul>`}
    ${answer?.groups?.length > 0 && html`<${Groups} answer=${answer} />`}
  </div>`;
}

const show = { images: [] }; // what the arrow keys of the open picture go through

export function ImagesView({ id }) {
  const { params } = route;
  const search = searchOf(params);
  const status = STATUSES.includes(params.status) && params.status !== 'all' ? params.status : '';
  const find = (q) => setParams({ q, like: '', duplicates: '' }, { replace: !!params.q });
  const tools = html`<form class="search" role="search" onSubmit=${(e) => e.preventDefault()}>
      <${Typed} is_main label="Search pictures" value=${params.q} onValue=${find} /></form>
    <a class="button" href=${hrefOf('images', null, { duplicates: 1 })}>Duplicates</a>
    <${Writes}><button class="primary" onClick=${choosePictures}>Add pictures</button></${Writes}>`;
  const tabs = STATUSES.map((name) => ({ name, is_open: name === (status || 'all'), href: hrefOf('images', null, { status: name === 'all' ? '' : name }) }));
  return html`<${View} name="images" title="Images" tools=${tools}>
    ${search ? html`<${Results} key=${search.url} search=${search} show=${show} />` : html`<${Tabs} label="States of pictures" list=${tabs} /><${All} key=${status} status=${status} show=${show} />`}
    <${Detail} id=${id} show=${show} />
  </${View}>`;
}
