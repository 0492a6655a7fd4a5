// One picture: its files side by side, what is known about it, and what is like it.
import { html, useEffect, useLayoutEffect, useRef, useState } from './preact-htm.module.js';
import { act, fileUrl } from './api.js';
import { originalOf, Picture, titleOf, variantsOf } from './card.js';
import { bytes, saving } from './format.js';
import { useData } from './net.js';
import { Writes } from './may.js';
import { go, hrefOf, onArrive, route } from './router.js';
import { Badge, Loading, Problem, sure, Time } from './ui.js';

let was_in_gallery = false; // so that closing is going back
onArrive((left) => {
  if (route.view === 'images' && route.id && !left.id) was_in_gallery = left.view === 'images' && left.href !== '';
  if (route.view !== 'images') was_in_gallery = false;
});

const around = () => hrefOf('images', null, route.params);
const close = () => (was_in_gallery ? history.back() : go(around(), { replace: true }));

/** Bytes of a file of the uploads folder; null until they are known. */
function useSize(path) {
  const [size, setSize] = useState(null);
  useEffect(() => {
    let is_gone = false;
    setSize(null);
    if (path) fetch(fileUrl(path), { method: 'HEAD' }).then((answer) => !is_gone && answer.ok && setSize(Number(answer.headers.get('Content-Length')) || null)).catch(() => {});
    return () => (is_gone = true);
  }, [path]);
  return size;
}

/** The original under a variant; the slider moves the border between them. */
function Compare({ image, variant }) {
  const [at, setAt] = useState(50);
  const original = originalOf(image);
  return html`<div class="compare">
    ${original && html`<img src=${original} alt="${titleOf(image)}, as it was uploaded" />`}
    <img class="over" src=${fileUrl(variant.filePath)} alt="${titleOf(image)}, ${variant.variantType} ${variant.format}" style=${{ clipPath: original ? `inset(0 0 0 ${at}%)` : 'none' }} />
    ${original && html`<i class="border" style=${{ left: `${at}%` }} aria-hidden="true"></i>
      <label class="slider"><span>original</span><input type="range" min="0" max="100" value=${at} aria-label="Border between the original and the variant" onInput=${(e) => setAt(Number(e.target.value))} /><span>${variant.variantType} ${variant.format}</span></label>`}
  </div>`;
}

function Variants({ image, chosen, choose }) {
  const rows = variantsOf(image);
  const size = useSize(image.filePath);
  if (!rows.length) return null;
  return html`<h3>Variants <small>${size ? `the original has ${bytes(size)}` : ''}</small></h3>
    <ul class="variants">${rows.map((one) => html`<li key=${one.filePath}><button aria-pressed=${chosen === one.filePath} title="Compare with the original" onClick=${() => choose(chosen === one.filePath ? null : one.filePath)}>
        <img src=${fileUrl(one.filePath)} alt="" loading="lazy" decoding="async" />
        <b>${one.variantType} <span>${one.format}</span></b></button>
      <span class="note">${one.width} × ${one.height}</span><span class="note">${bytes(one.fileSize)} ${size > 0 && html`<em class=${one.fileSize > size ? 'more' : ''}>${saving(one.fileSize, size)}</em>`}</span>
      <a class="note" href=${fileUrl(one.filePath)} target="_blank" rel="noopener" aria-label="Open ${one.variantType} ${one.format}">open</a></li>`)}</ul>`;
}

function Similar({ image }) {
  const { data } = useData(image.embedding ? `/api/images/${encodeURIComponent(image.imageId)}/similar?limit=6` : null);
  if (!data?.hits?.length) return null;
  return html`<h3>Similar</h3><ul class="similar-strip">${data.hits.map(({ image: one, similarity }) => html`<li key=${one.imageId}>
    <a href=${hrefOf('images', one.imageId, route.params)} title=${titleOf(one)} aria-label="${titleOf(one)}, ${Math.round(similarity * 100)} percent alike"><${Picture} image=${one} size="small" alt="" /><span>${Math.round(similarity * 100)} %</span></a></li>`)}</ul>`;
}

const PARTS = { completed: 'completed', failed: 'failed', pending: 'pending' };

function Parts({ image }) {
  const parts = Object.entries(image.parts || {});
  return html`<h3>Parts</h3><ul class="lines">${parts.map(([name, part]) => html`<li key=${name}><span>${name}</span><${Badge} state=${PARTS[part.status] || part.status} />
      ${part.jobId && html`<a class="id" href=${hrefOf('jobs', part.jobId)} title="its job">${part.jobId}</a>`}
      <span class="note end">${part.updatedAt ? html`<${Time} at=${part.updatedAt} />` : ''}</span>${part.error && html`<span class="reason whole">${part.error}</span>`}</li>`)}</ul>`;
}

function Facts({ image }) {
  const meta = image.metadata || {};
  const dominant = [image.dominantColor, ...(meta.colors?.dominant || [])];
  const colors = [...new Set(dominant)].filter((one) => /^#[0-9a-f]{3,8}$/i.test(one || ''));
  const index = image.embedding && `${image.embedding.model}${image.embedding.stale ? ', of an older description' : ''}${image.embedding.searched ? '' : ', not searched yet'}`;
  const facts = [['id', html`<span class="mono">${image.imageId}</span>`], ['file', html`<a href=${fileUrl(image.filePath)} target="_blank" rel="noopener">${image.filePath}</a>`], ['called', image.originalName], ['mood', meta.mood], ['style', meta.style],
    ['described by', meta.model], ['cost', meta.call?.cost > 0 && meta.call.cost], ['indexed by', index], ['added', image.createdAt && html`<${Time} at=${image.createdAt} />`],
    ['done', image.processedAt && html`<${Time} at=${image.processedAt} />`]].filter(([, value]) => value);
  return html`
    ${image.error && html`<p class="problem">${image.error}</p>`}
    ${(meta.detailedDescription || meta.description) && html`<p class="described">${meta.detailedDescription || meta.description}</p>`}
    ${meta.tags?.length > 0 && html`<ul class="tags" aria-label="Tags">${meta.tags.map((tag) => html`<li key=${tag}>${tag}</li>`)}</ul>`}
    ${colors.length > 0 && html`<ul class="colors" aria-label="Dominant colours">${colors.map((one) => html`<li key=${one}><i style=${{ background: one }}></i>${one}</li>`)}</ul>`}
    <dl class="facts-list">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Tools({ image }) {
  const remove = async () => {
    if (!(await sure('Remove this picture?', 'Its files, its description and its jobs are gone for good.', 'remove'))) return;
    if (await act('The picture is removed', `/api/images/${encodeURIComponent(image.imageId)}`, { method: 'DELETE' })) close();
  };
  return html`<div class="tools">${image.embedding ? html`<a class="button" href=${hrefOf('images', null, { like: image.imageId })}>Similar</a>` : ''}
    <a class="button" href=${hrefOf('jobs', null, { state: 'completed', imageId: image.imageId })}>Its jobs</a><${Writes}><button class="harmful" onClick=${remove}>Remove</button></${Writes}></div>`;
}

function Sheet({ id, image, problem, reload }) {
  const [chosen, choose] = useState(null);
  useEffect(() => choose(null), [id]);
  const variant = image?.variants?.find((one) => one.filePath === chosen);
  return html`<div class="sheet">
    <div class="stage ${image?.status || ''}">${variant ? html`<${Compare} image=${image} variant=${variant} />` : image && html`<${Picture} image=${image} size="large" alt=${titleOf(image)} />`}</div>
    <div class="facts" tabindex="0" role="region" aria-label="About the picture">
      <header><h2>${image ? titleOf(image) : id}</h2><${Badge} state=${image?.status || 'unknown'} /><button class="close" autofocus aria-label="Close" onClick=${close}>×</button></header>
      ${image ? html`<${Tools} image=${image} /><${Facts} image=${image} /><${Variants} image=${image} chosen=${chosen} choose=${choose} /><${Parts} image=${image} /><${Similar} image=${image} />`
        : problem ? html`<${Problem} what=${problem.status === 404 ? 'There is no such picture' : 'The picture could not be loaded'} problem=${problem} retry=${reload} />` : html`<${Loading} />`}
    </div></div>`;
}

/** The open picture. Escape closes, the arrow keys go to its neighbours. */
export function Detail({ id, show }) {
  const dialog = useRef(null);
  const { data, problem, reload } = useData(id ? `/api/images/${encodeURIComponent(id)}` : null, { live: true });
  const image = data || show.images.find((one) => one?.imageId === id);
  const opener = useRef(null);
  useLayoutEffect(() => {
    if (id && !dialog.current.open) {
      opener.current = id;
      dialog.current.showModal();
    }
    if (!id && dialog.current.open) {
      dialog.current.close();
      document.querySelector(`[data-image="${CSS.escape(opener.current)}"]`)?.focus();
    }
  }, [id]);
  const move = (by) => { // from where the last key went, which may not be painted yet
    const at = show.images.findIndex((one) => one?.imageId === route.id);
    const next = at >= 0 && show.images[at + by];
    if (next) (opener.current = next.imageId), go(hrefOf('images', next.imageId, route.params), { replace: true });
  };
  const keys = { ArrowLeft: -1, ArrowRight: 1 };
  return html`<dialog ref=${dialog} class="detail" aria-label="Image" onCancel=${(e) => (e.preventDefault(), close())}
    onClick=${(e) => e.target === dialog.current && close()}
    onKeyDown=${(e) => keys[e.key] && e.target.type !== 'range' && (e.preventDefault(), move(keys[e.key]))}>
    ${id && html`<${Sheet} id=${id} image=${image} problem=${problem} reload=${reload} />`}
  </dialog>`;
}
