// The grid of images, and the view of one.
import { html, useEffect, useRef, useState } from './preact-htm.module.js';
import { fileUrl, loadImage, loadImages } from './api.js';
import { Card, Picture, titleOf, variantsOf } from './card.js';
import { findLike, foundImages, Results, SearchBox } from './search.js';
import { changed, state } from './store.js';

export function Images({ open, pick }) {
  const { total } = state;
  return html`<section class="panel images" aria-labelledby="images-title">
    <header>
      <h2 id="images-title">Images ${total > 0 && html`<small>${total}</small>`}</h2>
      <${SearchBox} />
      <button class="primary" onClick=${pick}>Add pictures</button>
    </header>
    ${state.search ? html`<${Results} open=${open} />` : html`<${All} open=${open} pick=${pick} />`}
  </section>`;
}

/** The newest images. */
function All({ open, pick }) {
  const { images, total } = state;
  const problem = state.problem.images;
  const more = () => {
    state.shown += 60;
    changed();
    loadImages();
  };
  return html`
    ${problem && html`<p class="problem" role="alert">The images could not be loaded: ${problem.message}. ${problem.hint}</p>`}
    ${images && !images.length && html`<button class="drop" onClick=${pick}>
      <strong>Drop pictures here</strong><span>or press to choose some. They are described, resized and indexed while you watch.</span></button>`}
    ${!images && !problem && html`<p class="empty">Loading…</p>`}
    <ul class="grid">${(images || []).map((image) => html`<${Card} key=${image.imageId} image=${image} open=${open} />`)}</ul>
    ${images && images.length < total && html`<button class="more" onClick=${more}>Show more (${total - images.length})</button>`}`;
}

function kilobytes(bytes) {
  return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function Variants({ image }) {
  const rows = variantsOf(image);
  if (!rows.length) return null;
  return html`<h3>Variants</h3><table>
    <thead><tr><th>size</th><th>format</th><th>pixels</th><th>bytes</th></tr></thead>
    <tbody>${rows.map((one) => html`<tr key=${one.filePath}>
      <td>${one.variantType}</td><td><a href=${fileUrl(one.filePath)} target="_blank" rel="noopener">${one.format}</a></td>
      <td>${one.width} × ${one.height}</td><td>${kilobytes(one.fileSize)}</td></tr>`)}</tbody></table>`;
}

function Facts({ image }) {
  const meta = image.metadata || {};
  const colors = (meta.colors?.dominant || []).filter((one) => /^#[0-9a-f]{3,8}$/i.test(one));
  const facts = [['id', image.imageId], ['file', image.filePath], ['called', image.originalName], ['mood', meta.mood], ['style', meta.style],
    ['described by', meta.model], ['indexed by', image.embedding && `${image.embedding.model}${image.embedding.stale ? ', of an older description' : ''}${image.embedding.searched ? '' : ', not searched yet'}`],
    ['added', image.createdAt && new Date(image.createdAt).toLocaleString()],
    ['done', image.processedAt && new Date(image.processedAt).toLocaleString()]].filter(([, value]) => value);
  return html`
    ${image.error && html`<p class="problem">${image.error}</p>`}
    ${(meta.detailedDescription || meta.description) && html`<p class="described">${meta.detailedDescription || meta.description}</p>`}
    ${meta.tags?.length > 0 && html`<ul class="tags" aria-label="Tags">${meta.tags.map((tag) => html`<li key=${tag}>${tag}</li>`)}</ul>`}
    ${colors.length > 0 && html`<ul class="colors" aria-label="Dominant colours">${colors.map((one) => html`<li key=${one} title=${one}><i style=${{ background: one }}></i>${one}</li>`)}</ul>`}
    <dl>${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <${Variants} image=${image} />`;
}

/** The open image. Escape closes, the arrow keys go to its neighbours. */
export function Detail({ open }) {
  const dialog = useRef(null);
  const [fetched, setFetched] = useState(null);
  const id = state.selected;
  const listed = [...foundImages(), ...(state.images || [])].find((one) => one.imageId === id);
  const image = listed || (fetched?.imageId === id ? fetched : null);
  useEffect(() => {
    if (id && !dialog.current.open) dialog.current.showModal();
    if (!id && dialog.current.open) dialog.current.close();
    if (id && !listed) loadImage(id).then(setFetched);
  }, [id]);
  const move = (by) => {
    const all = state.search ? foundImages() : state.images || [];
    const at = all.findIndex((one) => one.imageId === id);
    if (at >= 0 && all[at + by]) open(all[at + by].imageId);
  };
  const keys = { ArrowLeft: -1, ArrowRight: 1 };
  const problem = state.problem.image;
  return html`<dialog ref=${dialog} class="detail" aria-label="Image" onClose=${() => open(null)}
    onClick=${(e) => e.target === dialog.current && open(null)}
    onKeyDown=${(e) => keys[e.key] && (e.preventDefault(), move(keys[e.key]))}>
    ${id && html`<div class="sheet">
      <div class="stage ${image?.status || ''}">${image && html`<${Picture} image=${image} size="large" alt=${titleOf(image)} />`}</div>
      <div class="facts">
        <header><h2>${image ? titleOf(image) : id}</h2>
          <span class="badge ${image?.status || ''}">${image?.status || 'unknown'}</span>
          <button class="similar" disabled=${!image?.embedding} onClick=${() => { findLike(image); open(null); }}>Similar</button>
          <button class="close" aria-label="Close" onClick=${() => open(null)}>×</button></header>
        ${image ? html`<${Facts} image=${image} />` : html`<p class="empty">${problem ? `${problem.message}. ${problem.hint || ''}` : 'Loading…'}</p>`}
      </div></div>`}
  </dialog>`;
}
