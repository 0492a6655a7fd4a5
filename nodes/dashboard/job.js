// One job: its course, what it was given, what became of it, and what one can do.
import { html, useState } from './preact-htm.module.js';
import { act, jobUrl } from './api.js';
import { duration, plural, pretty } from './format.js';
import { ChangeForm } from './job_form.js';
import { useData } from './net.js';
import { go, hrefOf } from './router.js';
import { childrenOf, jobOfKey } from './tree.js';
import { mayWrite } from './may.js';
import { Badge, Bar, Code, Empty, Loading, Panel, Problem, sure, Time, View } from './ui.js';
import { sentencesOf } from './why.js';

const ENDED = ['completed', 'failed'];
const QUIET = ['progress', 'drained']; // events of which there are many

/** What is known of the course of a job of a server that tells none. */
function courseOf(job) {
  const told = (job.timeline || []).filter((one) => !QUIET.includes(one.what));
  if (told.length) return told.sort((a, b) => a.at - b.at);
  return [[job.timestamp, 'added'], [job.processedOn, 'taken'], [job.finishedOn, job.failedReason ? 'failed' : 'completed']]
    .filter(([at]) => at).map(([at, what]) => ({ at, what }));
}

/** What an event tells besides its name: until when, or why. */
function noteOf({ what, note, by }) {
  if (by) return `by ${by}`;
  if (what === 'delayed' && Number(note) > 0) return html`until <${Time} at=${note} clock />`;
  return what === 'failed' || what === 'retries-exhausted' ? note : '';
}

const kindOf = (what) => (/fail|lost|stall|cancel/i.test(what) ? 'bad' : /complet|done/i.test(what) ? 'good' : /taken|start|active|retr/i.test(what) ? 'busy' : '');

function Course({ job }) {
  const steps = courseOf(job);
  const is_over = ENDED.includes(job.state);
  return html`<${Panel} id="course" title="Timeline" kind="course">
    <ol class="timeline">${steps.map((one, i) => html`<li key=${i} class=${kindOf(one.what)}>
      <span class="what">${one.what}</span><span class="note">${noteOf(one)}</span><span class="at"><${Time} at=${one.at} clock /></span>
      ${steps[i + 1] && html`<span class="gap">${duration(steps[i + 1].at - one.at)}</span>`}</li>`)}
      ${!is_over && html`<li class="now"><span class="what">${job.state === 'active' ? 'runs' : job.state || 'waits'}</span>
        ${job.state === 'active' && html`<${Bar} percent=${Number(job.progress) || 0} label="Progress" /><span class="note">${Number(job.progress) || 0} %</span>`}</li>`}
    </ol></${Panel}>`;
}

function Why({ id, state: now }) {
  const is_over = ENDED.includes(now);
  const { data, problem } = useData(is_over || !now ? null : jobUrl(id, 'why'), { every: 3000, live: true });
  if (is_over || (!data && !problem)) return null;
  return html`<${Panel} id="why" title="Why it is there" kind="why">
    <${Problem} problem=${problem} />
    ${data && html`<ul class="sentences">${sentencesOf(data).map((text, i) => html`<li key=${i}>${text}</li>`)}</ul>`}
  </${Panel}>`;
}

function Actions({ job, change, reload }) {
  if (!mayWrite()) return null;
  const { id, state: now } = job;
  const post = (what, done) => async () => (await act(done, jobUrl(id, what)), reload());
  const ask = async (title, text, verb, then) => (await sure(title, text, verb)) && then();
  const remove = () => ask(`Remove job ${id}?`, 'It is gone for good, with its children.', 'remove', async () =>
    (await act(`Job ${id} is removed`, jobUrl(id), { method: 'DELETE' })) && go(hrefOf('jobs', null, { state: now === 'waiting' ? '' : now }), { replace: true }));
  const cancel = () => ask(`Cancel job ${id}?`, 'It fails, and so does its part of the picture.', 'cancel the job', post('cancel', ({ done }) => (done === 'stopping' ? `Job ${id} is being stopped` : `Job ${id} is cancelled`)));
  const waits = ['waiting', 'prioritized', 'delayed'].includes(now);
  return html`${ENDED.includes(now) && html`<button class="primary" onClick=${post('retry', `Job ${id} is back in line`)}>Retry</button>
      <button title="With all its attempts" onClick=${post('retry?attempts=all', `Job ${id} is back in line with all its attempts`)}>Retry afresh</button>`}
    ${now === 'delayed' && html`<button class="primary" onClick=${post('promote', `Job ${id} goes in line`)}>Promote</button>`}
    ${waits && html`<button onClick=${change}>Change…</button>`}
    ${(waits || now === 'active') && html`<button onClick=${cancel}>Cancel</button>`}
    ${now !== 'active' && html`<button class="harmful" onClick=${remove}>Remove</button>`}`;
}

function Kin({ job }) {
  const children = childrenOf(job);
  if (!job.parent && !job.parentKey && !children.length) return null;
  const parent = job.parent?.id || (job.parentKey && jobOfKey(job.parentKey).id);
  return html`<${Panel} id="kin" title="Flow" tools=${html`<a href=${hrefOf('flows', job.id)}>Show the tree</a>`}>
    ${parent && html`<p>Child of <a class="id" href=${hrefOf('jobs', parent)}>${parent}</a></p>`}
    ${children.length > 0 && html`<ul class="lines">${children.slice(0, 20).map((one) => html`<li key=${one.key}>
      <a class="id" href=${hrefOf('jobs', one.id)}>${one.id}</a><span class="note">${one.queue || ''}</span><${Badge} state=${one.group} /></li>`)}</ul>`}
  </${Panel}>`;
}

function Errors({ job }) {
  const errors = job.errors?.length ? job.errors : Array.isArray(job.stacktrace) ? job.stacktrace : [];
  if (!errors.length && !job.failedReason) return null;
  return html`<${Panel} id="errors" title="Failures" tools=${job.failedReason && html`<a href=${hrefOf('jobs', null, { state: 'failed', error: job.failedReason.slice(0, 120) })}>Jobs with the same text</a>`}>
    ${job.failedReason && html`<p class="reason whole">${job.failedReason}</p>`}
    ${errors.length > 0 && html`<ol class="attempts">${errors.map((text, i) => html`<li key=${i}><span class="note">attempt ${i + 1}</span><span>${pretty(text)}</span></li>`)}</ol>`}
  </${Panel}>`;
}

function Facts({ job }) {
  const image = job.data?.imageId;
  const facts = [['id', html`<span class="mono">${job.id}</span>`], ['picture', typeof image === 'string' && html`<a href=${hrefOf('images', image)}>${image}</a>`], ['attempts', `${job.attemptsMade ?? 0} of ${job.opts?.attempts ?? 1}`],
    ['taken', job.attemptsStarted > 0 && plural(job.attemptsStarted, 'time')], ['by', job.processedBy], ['priority', job.priority > 0 && job.priority], ['added', html`<${Time} at=${job.timestamp} />`],
    ['ran', job.finishedOn && job.processedOn && duration(job.finishedOn - job.processedOn)], ['scheduler', job.rjk || job.repeatJobKey]];
  return html`<${Panel} id="facts" title="Facts"><dl class="facts-list">${facts.filter(([, value]) => value).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></${Panel}>`;
}

function Texts({ job }) {
  const parts = [['Data', job.data], ['Result', ENDED.includes(job.state) ? job.returnvalue : undefined], ['Options', job.opts]];
  return html`${parts.filter(([, value]) => value !== undefined && value !== null && value !== '').map(([title, value]) => html`
    <${Panel} key=${title} id=${title.toLowerCase()} title=${title}><${Code} label=${title} text=${pretty(value)} /></${Panel}>`)}
    ${job.logs?.length > 0 && html`<${Panel} id="logs" title="Logs" note=${job.logs.length}><${Code} label="Logs" text=${job.logs.join('\n')} /></${Panel}>`}`;
}

export function JobView({ id }) {
  const { data: job, problem, reload } = useData(jobUrl(id), { every: 3000, live: true });
  const [is_changing, setChanging] = useState(false);
  const back = html`<a href=${hrefOf('jobs', null, { state: job?.state === 'waiting' ? '' : job?.state })}>All ${job?.state || ''} jobs</a>`;
  if (problem?.status === 404)
    return html`<${View} name="job" title="Job ${id}" tools=${back}><${Empty} title="There is no such job">It was removed, or kept only for a while after its end. ${problem.hint}</${Empty}></${View}>`;
  const title = html`${job ? job.name : 'Job'} <span class="id">${id}</span> ${job?.state && html`<${Badge} state=${job.state} />`}`;
  return html`<${View} name="job" title=${title} tools=${html`${back}${job && html`<${Actions} job=${job} reload=${reload} change=${() => setChanging(!is_changing)} />`}`}>
    <${Problem} what="The job could not be loaded" problem=${problem} retry=${reload} />
    ${is_changing && html`<${ChangeForm} job=${job} close=${() => (setChanging(false), reload())} />`}
    ${job ? html`<div class="columns"><div class="stack"><${Course} job=${job} /><${Why} id=${id} state=${job.state} /><${Errors} job=${job} /><${Kin} job=${job} /></div>
      <div class="stack"><${Facts} job=${job} /><${Texts} job=${job} /></div></div>` : !problem && html`<${Loading} rows=${8} />`}
  </${View}>`;
}
