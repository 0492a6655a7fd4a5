// The queue's course over hours and days, as the server has noted it; until it
// has, since the page was opened.
import { html } from './preact-htm.module.js';
import { Lines } from './chart.js';
import { useData } from './net.js';
import { route, setParams } from './router.js';
import { samples } from './store.js';
import { Empty, Loading, Panel, Problem } from './ui.js';

const RANGES = { '1h': 1, '6h': 6, '24h': 24, '3d': 72, '7d': 168, '14d': 336 };
const ENDS = [{ name: 'completed', label: 'completed', ink: 'done' }, { name: 'failed', label: 'failed', ink: 'bad' }];
const LINE = [{ name: 'waiting', label: 'waiting', ink: 'paper' }, { name: 'active', label: 'active', ink: 'warn' }, { name: 'delayed', label: 'delayed', ink: 'quiet' }];

/** {step, from, series} -> columns of uPlot. */
function columnsOf({ step, from, series }) {
  const length = Math.max(0, ...Object.values(series).map((list) => list.length));
  return { ...series, times: Array.from({ length }, (_, i) => (from + i * step) / 1000) };
}

function Ranges({ now }) {
  return html`<div class="choices" role="group" aria-label="Time that the charts show">${Object.keys(RANGES).map((name) => html`
    <button key=${name} aria-pressed=${name === now} onClick=${() => setParams({ range: name === '1h' ? '' : name }, { replace: true })}>${name}</button>`)}</div>`;
}

function SinceOpened() {
  const n = samples.times.length;
  return html`<${Panel} id="history" title="Waiting and active" note="since this tab was opened">
    ${n < 2 ? html`<p class="note">The lines begin in a moment.</p>`
      : html`<${Lines} key="live" label="Waiting, active and delayed jobs since this tab was opened" series=${LINE} data=${samples} span_s=${3600} />`}
    <p class="note">The server has noted nothing yet.</p>
  </${Panel}>`;
}

export function History() {
  const range = route.params.range in RANGES ? route.params.range : '1h';
  const hours = RANGES[range];
  const { data, problem, reload } = useData(`/api/history?hours=${hours}`, { every: hours > 6 ? 60000 : 15000 });
  const columns = data && columnsOf(data);
  const has_any = data && Object.values(data.series).some((list) => list.filter((value) => value != null).length > 1);
  if (data && !has_any && hours === 1) return html`<${SinceOpened} />`;
  const say = (what) => `${what} over ${range}`;
  return html`<${Panel} id="history" title="History" tools=${html`<${Ranges} now=${range} />`}>
    <${Problem} what="The history could not be loaded" problem=${problem} retry=${reload} />
    ${!data && !problem && html`<${Loading} rows=${3} />`}
    ${data && !has_any && html`<${Empty} title="Nothing is noted yet">The first points appear within two minutes.</${Empty}>`}
    ${has_any && html`<${Lines} key=${`ends${range}`} label=${say('Completed and failed jobs')} series=${ENDS} data=${columns} span_s=${hours * 3600} />
      <${Lines} key=${`line${range}`} label=${say('Waiting, active and delayed jobs')} series=${LINE} data=${columns} span_s=${hours * 3600} />`}
  </${Panel}>`;
}
