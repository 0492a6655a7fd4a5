// One action for many jobs: those that are chosen, or all that pass the filters.
import { html, useState } from './preact-htm.module.js';
import { refreshAll } from './api.js';
import { count, plural } from './format.js';
import { request } from './net.js';
import { changed } from './store.js';
import { Problem, sure } from './ui.js';

const ACTIONS = {
  waiting: ['cancel', 'remove'], paused: ['cancel', 'remove'], prioritized: ['cancel', 'remove'], delayed: ['promote', 'cancel', 'remove'], active: ['cancel'],
  completed: ['retry', 'remove'], failed: ['retry', 'remove'], 'waiting-children': ['remove'],
};
const TELLS = {
  retry: 'They go back in line with all their attempts.',
  promote: 'They go in line now instead of when they are due.',
  cancel: 'They fail, and so does their part of the picture. Running ones are stopped.',
  remove: 'They are gone for good, with their children.',
};
const DID = { retry: 'retried', promote: 'promoted', cancel: 'cancelled', remove: 'removed' };
const AT_ONCE = 1000; // jobs per request: a list of millions moves in steps that can be stopped

/** Asks again until no further job matches, all that is left is refused, or it is stopped. */
async function runAll(asked, run) {
  for (;;) {
    const answer = await request('/api/jobs/bulk', { method: 'POST', body: asked });
    run.done += answer.done;
    run.refused = answer.refused || [];
    changed();
    if (!answer.more || !answer.done || run.is_stopped) return;
  }
}

function Outcome({ run, forget }) {
  if (!run) return null;
  if (run.is_running)
    return html`<p class="news" role="status">${count(run.done)} ${DID[run.action]} so far… <button onClick=${() => ((run.is_stopped = true), changed())}>Stop</button></p>`;
  return html`<div class="news" role="status">
    <${Problem} what="Not finished" problem=${run.problem} />
    ${plural(run.done, 'job')} ${DID[run.action]}${run.is_stopped ? ', then stopped' : ''}. <button onClick=${forget}>Fine</button>
    ${run.refused.length > 0 && html`<ul class="refused" aria-label="Refused">${run.refused.map((one) => html`<li key=${one.id}><span class="id">${one.id}</span> ${one.reason}</li>`)}</ul>`}
  </div>`;
}

const wordsOf = (filters) => Object.entries(filters).map(([name, value]) => `${name} ${value}`).join(', ');

export function BulkBar({ of, filters, chosen, list, done }) {
  const [run, setRun] = useState(null);
  const ids = [...chosen];
  const has_filters = Object.keys(filters).length > 0;
  const act = async (action) => {
    const what = ids.length ? plural(ids.length, 'job') : `all ${of} jobs${has_filters ? ` with ${wordsOf(filters)}` : ` (${count(list.total ?? list.jobs.length)})`}`;
    const is_harm = action === 'remove' || action === 'cancel';
    if (!(await sure(`${action[0].toUpperCase()}${action.slice(1)} ${what}?`, TELLS[action], action, { is_harm }))) return;
    const mine = { action, done: 0, refused: [], is_running: true, is_stopped: false, problem: null };
    setRun(mine);
    const asked = { action, ...(ids.length ? { ids, limit: Math.min(10000, ids.length) } : { state: of, ...filters, limit: AT_ONCE }), ...(action === 'retry' ? { attempts: 'all' } : {}) };
    try {
      await runAll(asked, mine);
    } catch (why) {
      mine.problem = why;
    }
    mine.is_running = false;
    refreshAll();
    done();
  };
  const can = list.jobs.length > 0 && !run?.is_running;
  return html`<div class="bulk" role="group" aria-label="Actions for many jobs">
    ${can && html`<span class="note">${ids.length ? `${plural(ids.length, 'job')} chosen:` : has_filters ? 'All that match:' : `All ${of}:`}</span>
      ${(ACTIONS[of] || []).map((action) => html`<button key=${action} class=${action === 'remove' ? 'harmful' : ''} onClick=${() => act(action)}>${action}</button>`)}`}
    <${Outcome} run=${run} forget=${() => setRun(null)} />
  </div>`;
}
