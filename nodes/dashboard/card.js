// A picture as the gallery and the results of a search show it.
import { html, useState } from './preact-htm.module.js';
import { fileUrl } from './api.js';
import { hrefOf, route } from './router.js';
import { state } from './store.js';

const shown_by_browsers = /\.(jpe?g|png|webp|gif|avif|svg|bmp)$/i;
const is_color = /^#[0-9a-f]{6}$/i;
const SIZES = ['sm', 'md', 'lg'];

/** Variants from small to large, WebP before AVIF: every browser shows WebP. */
export function variantsOf(image) {
  return [...(image.variants || [])].sort((a, b) => (a.format === b.format ? a.width - b.width || SIZES.indexOf(a.variantType) - SIZES.indexOf(b.variantType) : a.format === 'webp' ? -1 : b.format === 'webp' ? 1 : a.format < b.format ? -1 : 1));
}

/** The URL of the file as it was uploaded; null if no browser shows such files. */
export function originalOf(image) {
  return shown_by_browsers.test(image.filePath || '') ? fileUrl(image.filePath) : null;
}

/** The best file to show at about this size; null if a browser shows none. */
function pictureOf(image, size) {
  const webp = variantsOf(image).filter((one) => one.format === 'webp');
  const best = size === 'small' ? webp[0] : webp[Math.min(1, webp.length - 1)];
  return best ? fileUrl(best.filePath) : originalOf(image);
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

/** @param place where it is in a long list; not given in a short one */
export function Card({ image, label, place }) {
  const percent = percentOf(image);
  const ground = pictureOf(image, 'small') && is_color.test(image.dominantColor || '') ? { background: image.dominantColor } : {};
  return html`<li style=${place}>
    <a class="card ${image.status}" data-step data-image=${image.imageId} href=${hrefOf('images', image.imageId, route.params)} style=${ground}
      aria-label="${titleOf(image)}, ${image.status}">
      <${Picture} image=${image} size="small" alt="" />
      <span class="caption">${label && html`<span class="badge near">${label}</span>`}<span class="badge ${image.status}">${image.status}</span><span class="title">${titleOf(image)}</span></span>
      ${percent != null && html`<span class="bar"><i style=${{ width: `${percent}%` }}></i></span>`}
    </a>
  </li>`;
}

/** A card whose picture is not loaded yet. */
export const Blank = ({ place }) => html`<li style=${place}><span class="card blank"></span></li>`;
