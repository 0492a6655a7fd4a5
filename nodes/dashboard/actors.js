// The supervision tree of one node: its actors, how they are, and, where chaos
// is allowed, a way to kill them and to watch them come back.
import { html, useState } from './preact-htm.module.js';
import { killActor } from './api.js';
import { count, duration, plural, span } from './format.js';
import { hrefOf } from './router.js';

const HEALED_MS = 6000; // how long it is shown that an actor came back
const GIVEN_UP_MS = 15000;
const STRATEGIES = { one_for_one: 'each restarts alone', one_for_all: 'all restart together', rest_for_one: 'later ones restart with it' };

const kills = new Map(); // "node/actor" -> {at, restarts, healed: ms it took, or null}

/** Whether an actor that was killed here has not been seen alive again. */
export const isHealing = () => [...kills.values()].some((one) => one.healed == null && Date.now() - one.at < GIVEN_UP_MS);

async function kill(key, node, actor) {
  kills.set(key, { at: Date.now(), restarts: actor.restarts ?? 0, healed: null });
  if (!(await killActor(node, actor.name))) kills.delete(key);
}

/** What became of a kill by what the server tells now; null if there was none. */
function fateOf(key, actor) {
  const fate = kills.get(key);
  if (!fate) return null;
  const since = Date.now() - fate.at;
  if (fate.healed == null && actor.running && (actor.restarts ?? 0) > fate.restarts) {
    fate.healed = Math.max(0, Math.min(since, since - (actor.ageMs ?? 0)));
    fate.at = Date.now();
  }
  if (since > (fate.healed == null ? GIVEN_UP_MS : HEALED_MS)) kills.delete(key);
  return fate;
}

function Facts({ actor }) {
  const facts = [['up since', actor.running ? span(actor.ageMs ?? 0) : 'does not run'], ['restarts', count(actor.restarts ?? 0)], ['mailbox', plural(actor.mailbox ?? 0, 'message')], ['answers after', duration(actor.lagMs ?? 0)]];
  return html`<dl class="facts-line small">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A worker of the pool, with its job. */
function Processor({ one, i }) {
  return html`<li class="leaf"><span class="dot ${one.jobId ? 'busy' : ''}" aria-hidden="true"></span><span class="name">processor ${i + 1}</span>
    ${one.jobId ? html`<a class="id" href=${hrefOf('jobs', one.jobId)}>#${one.jobId}</a><span class="note">${span(one.busyMs)}</span>` : html`<span class="note">idle</span>`}</li>`;
}

function Actor({ node, actor, processors, can_kill }) {
  const [is_open, setOpen] = useState(false);
  const key = `${node}/${actor.name}`;
  const fate = fateOf(key, actor);
  const mark = !actor.running || (fate && fate.healed == null) ? 'down' : fate ? 'healed' : actor.mailbox > 100 ? 'late' : '';
  const is_pool = actor.name === 'processor_pool';
  const one = { name: 'processor', restarts: actor.restarts };
  return html`<li class="actor ${mark}" data-actor=${actor.name}>
    <div class="line"><button class="name" aria-expanded=${is_open} onClick=${() => setOpen(!is_open)}><span class="dot ${mark}" aria-hidden="true"></span>${actor.name}</button>
      <span class="fate" role="status">${!fate ? '' : fate.healed == null ? 'killed, restarting…' : `healed in ${duration(fate.healed)}`}</span>
      ${actor.restarts > 0 && html`<span class="note restarts">${plural(actor.restarts, 'restart')}</span>`}
      <span class="note mailbox" title="messages that wait for it">✉ ${count(actor.mailbox ?? 0)}</span></div>
    ${is_open && html`<div class="more"><${Facts} actor=${actor} />
      ${can_kill && html`<p class="tools"><button class="kill" onClick=${() => kill(key, node, actor)}>Kill ${actor.name}</button>
        ${is_pool && html`<button class="kill" onClick=${() => killActor(node, one.name)}>Kill a processor</button>`}</p>`}</div>`}
    ${is_pool && processors?.length > 0 && html`<ul>${processors.map((each, i) => html`<${Processor} key=${i} one=${each} i=${i} />`)}</ul>`}
  </li>`;
}

export function ActorTree({ node, strategy, actors, processors, can_kill, has_pool }) {
  return html`<div class="actors"><p class="root"><span class="dot" aria-hidden="true"></span>supervisor <span class="note">${strategy ? `${strategy.replaceAll('_', ' ')}: ${STRATEGIES[strategy] || ''}` : ''}</span></p>
    <ul aria-label="Actors of ${node || 'the main node'}">${actors.map((actor) => html`<${Actor} key=${actor.name} node=${node} actor=${actor} processors=${has_pool ? processors : null} can_kill=${can_kill} />`)}</ul></div>`;
}
