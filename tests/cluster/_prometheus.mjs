// A Prometheus that scrapes a stage's main node, and what queries name.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, ROOT, until } from './_lib.mjs';

export const RULES = path.join(ROOT, 'deploy/prometheus/alerts.yml');
export const DASHBOARD = path.join(ROOT, 'deploy/grafana/darkroom.json');

/** Prometheus with the rules, scraping the stage's main node twice per second: {get, query}. */
export async function prometheus(stage) {
  const folder = path.join(stage.folder, 'prometheus');
  fs.mkdirSync(folder);
  const file = path.join(folder, 'prometheus.yml');
  const target = new URL(stage.url).host;
  fs.writeFileSync(file, `
global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
rule_files: [${RULES}]
scrape_configs:
  - job_name: darkroom
    static_configs: [{targets: ['${target}']}]
`);
  const port = await freePort();
  stage.start('prometheus', 'prometheus', [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`, '--log.level=error']);
  const get = async where => {
    const answer = await (await fetch(`http://127.0.0.1:${port}${where}`)).json();
    if (answer.status !== 'success') throw new Error(`${where}: ${answer.error}`);
    return answer.data;
  };
  await until(() => get('/api/v1/targets').then(x => x.activeTargets.length > 0, () => false), 'Prometheus answers');
  return { get, query: async expr => (await get(`/api/v1/query?query=${encodeURIComponent(expr)}`)).result };
}

/** Everything in /metrics: name -> names of its labels. */
export function seriesOf(text) {
  const out = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_]\w*)(?:\{(.*)\})? \S+$/.exec(line);
    if (!match) continue;
    const labels = [...(match[2] || '').matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(x => x[1]);
    const known = out.get(match[1]) || new Set();
    for (const label of labels) known.add(label);
    out.set(match[1], known);
  }
  return out;
}

/** What a query names: [{metric, labels}]. */
export function selectorsOf(expr) {
  return [...expr.matchAll(/\b((?:darkroom|bullmq|process)_\w+)(?:\{([^}]*)\})?/g)]
    .map(match => ({ metric: match[1], labels: [...(match[2] || '').matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(x => x[1]) }));
}

/** The queries of the dashboard, with its variables filled in: [{panel, expr, legend}]. */
export function dashboardQueries(queue) {
  const board = JSON.parse(fs.readFileSync(DASHBOARD, 'utf8'));
  const fill = text => text.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'darkroom').replaceAll('$queue', queue);
  return board.panels.flatMap(panel => (panel.targets || []).map(target => ({ panel: panel.title, expr: fill(target.expr), legend: target.legendFormat })));
}
