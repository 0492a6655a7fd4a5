// Charts: bars of the last minutes, and lines over longer times.
import { html, useEffect, useLayoutEffect, useRef } from './preact-htm.module.js';
import { rate, roll } from './store.js';
import { Panel } from './ui.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const short_clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

const LEAST_S = 60; // of time in a chart of lines

/** A colour of style.css as it is in the theme of now; uPlot paints on a canvas. */
function inkOf(name) {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

/** How much larger than usual letters are: on screens of 4k. */
const scale = () => (parseFloat(getComputedStyle(document.documentElement).fontSize) || 14) / 14;

function axes(times) {
  const by = scale();
  const axis = { stroke: inkOf('quiet'), font: `${Math.round(11 * by)}px system-ui`, grid: { stroke: inkOf('line'), width: 1 }, ticks: { show: false } };
  return [{ ...axis, space: 76 * by, size: 26 * by, values: times }, { ...axis, size: 42 * by, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] }];
}

/** Draws with uPlot into a box, anew when the theme changes or `key` does. */
export function Plot({ label, height: usual = 140, options, rows, draw_every = 0, drawn }) {
  const height = Math.round(usual * scale());
  const place = useRef(null);
  const plot = useRef(null);
  const now = useRef({});
  now.current = { rows, drawn };
  useEffect(() => {
    const make = () => {
      plot.current?.destroy();
      const base = { width: place.current.clientWidth || 300, height, legend: { show: false } };
      plot.current = new uPlot({ ...base, ...options() }, now.current.rows(), place.current);
    };
    make();
    const fit = new ResizeObserver(() => plot.current.setSize({ width: place.current.clientWidth, height }));
    fit.observe(place.current);
    const draw = () => document.hidden || (plot.current.setData(now.current.rows()), now.current.drawn?.());
    draw();
    const timer = draw_every ? setInterval(draw, draw_every) : 0;
    addEventListener('darkroom-theme', make);
    return () => (clearInterval(timer), removeEventListener('darkroom-theme', make), fit.disconnect(), plot.current.destroy(), (plot.current = null));
  }, []);
  const stamp = draw_every ? '' : `${rows()[0].length} ${rows().map((row) => row.at(-1))}`;
  useLayoutEffect(() => {
    if (!draw_every) plot.current?.setData(rows());
  }, [stamp]);
  return html`<div class="plot" style=${{ height: `${height}px` }} ref=${place} role="img" aria-label=${label}></div>`;
}

function liveOptions() {
  const bars = (name) => ({ stroke: inkOf(name), fill: inkOf(name), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.8, 12] }) });
  return {
    cursor: { show: false },
    scales: { y: { range: (_, low, high) => [0, Math.max(4, Math.ceil(high * 1.15))] } },
    axes: axes((_, times) => times.map((t) => clock.format(t * 1000))),
    series: [{}, { label: 'completed', ...bars('done') }, { label: 'failed', ...bars('bad') }],
  };
}

/** uPlot draws bars over each other: the failed ones stand on the ground, the
 * completed ones on top of them. */
function liveRows() {
  roll(Date.now());
  return [rate.times, rate.completed.map((n, i) => n + rate.failed[i]), rate.failed];
}

export function Throughput() {
  const figure = useRef(null);
  const last = () => [...rate.completed.slice(-30), ...rate.failed.slice(-30)].reduce((a, b) => a + b, 0);
  return html`<${Panel} id="chart" kind="chart" title="Throughput"
    tools=${html`<p class="legend"><span class="key done">completed</span><span class="key bad">failed</span><span><b ref=${figure}></b> in the last minute</span></p>`}>
    <${Plot} label="Finished jobs in two-second bars over three minutes" options=${liveOptions} rows=${liveRows} draw_every=${1000}
      drawn=${() => figure.current && (figure.current.textContent = last())} />
  </${Panel}>`;
}

/**
 * Lines over time. @param series [{name, label, ink}] @param data {times: s[], <name>: n[]}
 * @param span_s of the whole chart, which decides between clock and day
 */
export function Lines({ label, series, data, span_s }) {
  const times = (_, list) => {
    const is_short = list.length > 1 && list.at(-1) - list[0] < 600;
    return list.map((t) => (span_s > 2 * 86400 ? day : is_short ? clock : short_clock).format(t * 1000));
  };
  const options = () => ({
    cursor: { y: false, points: { size: 5 } },
    legend: { show: true, live: true },
    scales: {
      x: { range: (_, low, high) => [Math.min(low ?? 0, (high ?? 0) - LEAST_S), high ?? 0] },
      y: { range: (_, low, high) => [0, Math.max(4, Math.ceil((high || 0) * 1.1))] },
    },
    axes: axes(times),
    series: [{ label: 'time', value: (_, t) => (t == null ? '–' : `${day.format(t * 1000)} ${short_clock.format(t * 1000)}`) },
      ...series.map((one) => ({ label: one.label, stroke: inkOf(one.ink), width: 1.5, points: { show: false } }))],
  });
  return html`<${Plot} label=${label} height=${170} options=${options} rows=${() => [data.times, ...series.map((one) => data[one.name] || data.times.map(() => null))]} />`;
}
