// The cluster: every node with its actors, live.
import { html, useEffect } from './preact-htm.module.js';
import { cordon, loadNodes } from './api.js';
import { Chaos, NodeHarm } from './chaos.js';
import { bytes, plural, span } from './format.js';
import { mayHarm, Writes } from './may.js';
import { hrefOf } from './router.js';
import { state } from './store.js';
import { ActorTree, isHealing } from './actors.js';
import { Empty, Loading, Problem, Time, View } from './ui.js';

const LOOK_MS = 1000;
const HEAL_MS = 250; // while an actor that was killed is away

/** What holds a node up or back, in a word, and a sentence for it. */
function conditionOf(node) {
  const left = node.running > 0 ? `${plural(node.running, 'job')} to end` : 'nothing runs';
  if (node.state === 'cordoned') return ['draining', `takes no more jobs, ${left}`];
  if (node.state === 'drained') return ['drained', 'takes no jobs, may be stopped'];
  if (node.state === 'joining') return ['joining', 'has not told of itself yet'];
  return [node.state || 'up', ''];
}

function Slots({ busy, all }) {
  return html`<span class="slots" role="img" aria-label="${busy} of ${all} slots busy">${Array.from({ length: Math.min(all, 32) }, (_, i) => html`<i key=${i} class=${i < busy ? 'busy' : ''}></i>`)}</span>
    <span class="note">${busy}/${all}</span>`;
}

function Facts({ node }) {
  const memory = typeof node.memory === 'number' ? node.memory : node.memory?.resident;
  const facts = [['version', node.version], ['protocol', node.protocol], ['done', node.done > 0 && plural(node.done, 'run')], ['runs', node.jobTypes?.join(', ')], ['labels', node.labels?.length > 0 && node.labels.join(', ')], ['load', node.load > 0 && Number(node.load).toFixed(2)],
    ['memory', memory > 0 && `${bytes(memory)}${node.machineMemory > 0 ? ` of ${bytes(node.machineMemory)}` : ''}`], ['clock', Math.abs(node.clockSkewMs || 0) > 50 && `${node.clockSkewMs} ms off`],
    ['joined', node.joined > 0 && html`<${Time} at=${node.joined} />`], ['seen', node.lastSeen > 0 && html`<${Time} at=${node.lastSeen} />`]].filter(([, value]) => value);
  return html`<dl class="facts-line small">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Jobs({ node }) {
  const running = (node.processors || []).filter((one) => one.jobId);
  return html`<ul class="running" aria-label="Jobs that ${node.name} runs">${running.map((one) => html`<li key=${one.jobId}><a class="id" href=${hrefOf('jobs', one.jobId)}>#${one.jobId}</a> <span class="note">${span(one.busyMs)}</span></li>`)}</ul>`;
}

function Node({ node, allowed }) {
  const is_away = node.alive === false || ['lost', 'gone', 'down'].includes(node.state);
  const [word, note] = is_away ? ['away', ''] : conditionOf(node);
  const is_cordoned = ['cordoned', 'drained'].includes(node.state);
  const slots = node.concurrency ?? 0;
  return html`<section class="panel node-card ${is_away ? 'away' : ''} ${node.state}" aria-label="Node ${node.name}" data-node=${node.name}>
    <header><h2>${node.name} <small>${node.role === 'work' ? 'worker' : node.role}</small></h2>
      <span class="badge ${word === 'up' ? 'good' : 'warn'}">${word}</span>
      <${Writes}><button aria-pressed=${is_cordoned} title=${is_cordoned ? 'Let it take jobs again' : 'It takes no more jobs and finishes those it runs'} onClick=${() => cordon(node.name, !is_cordoned)}>${is_cordoned ? 'Uncordon' : 'Drain'}</button></${Writes}></header>
    <p class="note slots-line"><${Slots} busy=${node.running ?? 0} all=${slots} /> ${note}</p>
    <${Facts} node=${node} />
    <${Jobs} node=${node} />
    ${node.actors && html`<${ActorTree} node=${node.name} strategy=${node.strategy} actors=${node.actors} processors=${node.processors} can_kill=${allowed && node.chaos} has_pool />`}
    ${allowed && node.role === 'work' && html`<${NodeHarm} node=${node} />`}
  </section>`;
}

function Main({ main, pool }) {
  return html`<section class="panel node-card main" aria-label="Main node ${main.name || ''}" data-node="main">
    <header><h2>${main.name || 'main'} <small>main node</small></h2>${main.fence > 0 && html`<span class="note">fence ${main.fence}</span>`}<span class="badge good">active</span></header>
    <dl class="facts-line small"><div><dt>version</dt><dd>${main.version || '–'}</dd></div>${main.bootId && html`<div><dt>boot</dt><dd class="mono cut">${main.bootId}</dd></div>`}</dl>
    <${ActorTree} node="" strategy=${main.strategy} actors=${main.actors || []} processors=${pool?.processors} can_kill=${main.chaos && mayHarm()} has_pool=${!!pool} />
  </section>`;
}

export function ClusterView() {
  useEffect(() => {
    loadNodes();
    let last = Date.now();
    const timer = setInterval(() => {
      if (document.hidden || Date.now() - last < (isHealing() ? HEAL_MS : LOOK_MS)) return;
      last = Date.now();
      loadNodes();
    }, HEAL_MS);
    return () => clearInterval(timer);
  }, []);
  const { nodes, main } = state;
  const slots = (nodes || []).reduce((sum, node) => sum + (node.concurrency || 0), 0);
  const busy = (nodes || []).reduce((sum, node) => sum + (node.running || 0), 0);
  return html`<${View} name="cluster" title="Cluster" total=${nodes ? nodes.length : null} tools=${nodes && html`<span class="note">${busy} of ${plural(slots, 'slot')} busy</span>`}>
    <${Problem} what="The nodes could not be loaded" problem=${state.problem.nodes} />
    ${!nodes && !state.problem.nodes && html`<${Loading} rows=${6} />`}
    <div class="node-grid">${main && html`<${Main} main=${main} pool=${(nodes || []).find((node) => node.role === 'main and work')} />`}
      ${(nodes || []).map((node) => html`<${Node} key=${node.name} node=${node} allowed=${main?.chaos && mayHarm()} />`)}</div>
    ${nodes && !nodes.length && html`<${Empty} title="No worker node is connected">Start one with <code>darkroom work</code>; it needs only this node's address and the folder with the pictures.</${Empty}>`}
    ${mayHarm() && html`<${Chaos} />`}
  </${View}>`;
}
