// Long lists: only the rows that can be seen are in the document.
import { html, useEffect, useLayoutEffect, useRef, useState } from './preact-htm.module.js';

const SPARE_PX = 600; // above and below what is seen

/** Pixels of a CSS rem: screens of 4k have larger ones. */
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 14;

/** Which rows are near the window; `place` is the list's element. */
function useWindow(place, rows, height) {
  const [range, setRange] = useState([0, 0]);
  useLayoutEffect(() => {
    const look = () => {
      if (!place.current) return;
      const top = place.current.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor((-top - SPARE_PX) / height));
      const last = Math.min(rows, Math.ceil((innerHeight - top + SPARE_PX) / height));
      setRange((old) => (old[0] === first && old[1] === last ? old : [first, Math.max(first, last)]));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    const size = new ResizeObserver(look); // what is above it may grow
    size.observe(document.body);
    return () => (removeEventListener('scroll', look), removeEventListener('resize', look), size.disconnect());
  }, [rows, height]);
  return range;
}

/**
 * A table of rows of one height, in rem.
 * @param row draws row i inside its cell group; `need(from, to)` hears which rows are seen
 */
export function Rows({ count, height: height_rem, row, need, label, head, kind = '' }) {
  const place = useRef(null);
  const height = Math.round(height_rem * rem());
  const [first, last] = useWindow(place, count, height);
  useEffect(() => need?.(first, last), [first, last, count]);
  const shown = [];
  for (let i = first; i < Math.min(last, count); i++) shown.push(row(i, { top: `${i * height}px`, height: `${height}px` }));
  return html`<div class="table ${kind}" role="table" aria-label=${label} aria-rowcount=${count + 1}>
    <div class="head" role="rowgroup"><div class="cells" role="row" aria-rowindex="1">${head}</div></div>
    <div class="body" role="rowgroup" ref=${place} style=${{ height: `${count * height}px` }}>${shown}</div>
  </div>`;
}

/** Columns of cards of one size, as many as fit. */
export function Cards({ count, card, need, label, least_rem = 12, ratio = 0.75, gap = 10 }) {
  const place = useRef(null);
  const least = Math.min(least_rem * rem(), innerWidth * 0.42);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWidth(place.current?.clientWidth || 0);
    measure();
    const size = new ResizeObserver(measure);
    size.observe(place.current);
    return () => size.disconnect();
  }, []);
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const card_width = (width - gap * (columns - 1)) / columns;
  const height = Math.round(card_width * ratio) + gap;
  const rows = width ? Math.ceil(count / columns) : 0;
  const [first, last] = useWindow(place, rows, height);
  useEffect(() => need?.(first * columns, last * columns), [first, last, columns, count]);
  const shown = [];
  for (let i = first * columns; i < Math.min(last * columns, count); i++) {
    const at = { transform: `translate(${(i % columns) * (card_width + gap)}px, ${Math.floor(i / columns) * height}px)`, width: `${card_width}px`, height: `${height - gap}px` };
    shown.push(card(i, at));
  }
  return html`<ul class="cards" ref=${place} aria-label=${label} style=${{ height: `${rows * height}px` }}>${shown}</ul>`;
}
