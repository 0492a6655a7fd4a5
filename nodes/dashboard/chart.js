// Finished jobs over the last three minutes.
import { html, useEffect, useRef } from './preact-htm.module.js';
import { rate, roll } from './store.js';

const HEIGHT = 140;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const ink = { completed: '#7fb69a', failed: '#ff5a36', text: '#8d817a', line: '#2b2320' };

function optionsFor(width) {
  const axis = { stroke: ink.text, font: '11px system-ui', grid: { stroke: ink.line, width: 1 }, ticks: { show: false } };
  const bars = (color) => ({ stroke: color, fill: color, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.8, 12] }) });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, low, high) => [0, Math.max(4, Math.ceil(high * 1.15))] } },
    axes: [{ ...axis, space: 70, size: 28, values: (_, times) => times.map((t) => clock.format(t * 1000)) }, { ...axis, size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }],
    series: [{}, { label: 'completed', ...bars(ink.completed) }, { label: 'failed', ...bars(ink.failed) }],
  };
}

/** uPlot draws bars over each other: the failed ones stand on the ground, the
 * completed ones on top of them. */
function rows() {
  return [rate.times, rate.completed.map((n, i) => n + rate.failed[i]), rate.failed];
}

/** Jobs that finished in the last minute. */
function perMinute() {
  const last = [...rate.completed.slice(-30), ...rate.failed.slice(-30)];
  return last.reduce((a, b) => a + b, 0);
}

export function Chart() {
  const place = useRef(null);
  const plot = useRef(null);
  const figure = useRef(null);
  useEffect(() => {
    plot.current = new uPlot(optionsFor(place.current.clientWidth || 300), rows(), place.current);
    const fit = new ResizeObserver(() => plot.current.setSize({ width: place.current.clientWidth, height: HEIGHT }));
    fit.observe(place.current);
    const draw = () => {
      if (document.hidden) return;
      roll(Date.now());
      plot.current.setData(rows());
      figure.current.textContent = perMinute();
    };
    draw();
    const timer = setInterval(draw, 1000);
    return () => (clearInterval(timer), fit.disconnect(), plot.current.destroy());
  }, []);
  return html`<section class="panel chart" aria-labelledby="chart-title">
    <header><h2 id="chart-title">Throughput</h2>
      <p class="legend"><span class="key completed">completed</span><span class="key failed">failed</span>
      <span><b ref=${figure}></b> jobs in the last minute</span></p></header>
    <div class="plot" ref=${place} role="img" aria-label="Finished jobs in two-second bars over three minutes"></div>
  </section>`;
}
