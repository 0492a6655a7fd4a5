// A picture as the grid and the results of a search show it.
import { html, useState } from './preact-htm.module.js';
import { fileUrl } from './api.js';
import { state } from './store.js';

const shown_by_browsers = /\.(jpe?g|png|webp|gif|avif|svg|bmp)$/i;
const order = { sm: 0, md: 1, lg: 2 };

/** Variants from small to large, WebP before AVIF: every browser shows WebP. */
export function variantsOf(image) {
  return [...(image.variants || [])].sort((a, b) =>
    a.format === b.format ? (order[a.variantType] ?? 9) - (order[b.variantType] ?? 9) : a.format === 'webp' ? -1 : 1);
}

/** The best file to show at about this size; null if a browser shows none. */
function pictureOf(image, size) {
  const webp = variantsOf(image).filter((one) => one.format === 'webp');
  const best = size === 'small' ? webp[0] : webp[Math.min(1, webp.length - 1)];
  if (best) return fileUrl(best.filePath);
  return shown_by_browsers.test(image.filePath || '') ? fileUrl(image.filePath) : null;
}

export function titleOf(image) {
  return image.metadata?.description || image.originalName || (image.filePath || image.imageId).split('/').pop();
}

/** 0 to 100 over the image's running jobs; null if none runs. */
function percentOf(image) {
  if (image.status === 'completed' || image.status === 'failed') return null;
  const jobs = Object.values(state.progress.get(image.imageId) || {});
  return jobs.length ? Math.round(jobs.reduce((a, b) => a + b) / jobs.length) : null;
}

export function Picture({ image, size, alt }) {
  const [broken, setBroken] = useState(null);
  const source = pictureOf(image, size);
  if (!source || broken === source) return html`<span class="no-picture" aria-hidden="true"></span>`;
  return html`<img src=${source} alt=${alt} loading="lazy" decoding="async" onError=${() => setBroken(source)} />`;
}

export function Card({ image, open, label }) {
  const percent = percentOf(image);
  return html`<li>
    <button class="card ${image.status}" data-image=${image.imageId} onClick=${() => open(image.imageId)}
      aria-label="${titleOf(image)}, ${image.status}">
      <${Picture} image=${image} size="small" alt="" />
      <span class="caption">${label && html`<span class="badge near">${label}</span>`}<span class="badge">${image.status}</span><span class="title">${titleOf(image)}</span></span>
      ${percent != null && html`<span class="bar"><i style=${{ width: `${percent}%` }}></i></span>`}
    </button>
  </li>`;
}
