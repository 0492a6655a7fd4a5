// The form of a scheduler.
import { html, useState } from './preact-htm.module.js';
import { act } from './api.js';
import { spanOf } from './format.js';
import { Field, jobTypes, parsed } from './job_form.js';
import { Problem } from './ui.js';

const zones = () => (Intl.supportedValuesOf ? Intl.supportedValuesOf('timeZone') : []);

function firstOf(one) {
  const local = (ms) => (ms ? new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16) : '');
  return {
    id: one.id || '', name: one.name || '', kind: one.pattern ? 'pattern' : 'every', every: one.every ? `${one.every}ms` : '10m', pattern: one.pattern || '0 3 * * *',
    tz: one.tz || Intl.DateTimeFormat().resolvedOptions().timeZone, limit: one.limit ? String(one.limit) : '', startDate: local(one.startDate), endDate: local(one.endDate),
    data: one.template?.data ? JSON.stringify(one.template.data, null, 2) : '', options: one.template?.opts && Object.keys(one.template.opts).length ? JSON.stringify(one.template.opts, null, 2) : '', immediately: false,
  };
}

/** {body} of what was typed, or {problem}. */
function bodyOf(asked) {
  const data = parsed(asked.data, 'the data', undefined);
  const options = parsed(asked.options, 'the options', undefined);
  if (data.problem || options.problem) return { problem: data.problem || options.problem };
  const body = { name: asked.name };
  if (asked.kind === 'every') {
    body.every = spanOf(asked.every);
    if (!(body.every > 0)) return { problem: { message: `‘${asked.every}’ is no time`, hint: 'write it like 30s, 10m, 2h or 1d' } };
  } else {
    body.pattern = asked.pattern;
    if (asked.tz) body.tz = asked.tz;
  }
  if (asked.limit) body.limit = Number(asked.limit);
  for (const name of ['startDate', 'endDate']) if (asked[name]) body[name] = new Date(asked[name]).getTime();
  if (asked.immediately) body.immediately = true;
  if (data.value !== undefined) body.data = data.value;
  if (options.value !== undefined) body.options = options.value;
  return { body };
}

export function SchedulerForm({ one, url, close }) {
  const [asked, ask] = useState(() => firstOf(one));
  const [problem, setProblem] = useState(null);
  const put = (name) => (value) => ask({ ...asked, [name]: value });
  const field = (name, label, more = {}) => html`<${Field} label=${label} value=${asked[name]} onValue=${put(name)} ...${more} />`;
  const submit = async (e) => {
    e.preventDefault();
    const { body, problem: wrong } = bodyOf(asked);
    setProblem(wrong || null);
    if (!wrong && (await act(`The scheduler ${asked.id} is stored`, url(asked.id), { method: 'PUT', body }))) close();
  };
  const is_cron = asked.kind === 'pattern';
  return html`<form class="panel form" aria-label=${one.id ? `Edit the scheduler ${one.id}` : 'Add a scheduler'} onSubmit=${submit}>
    ${field('id', 'Id', { required: true, readonly: !!one.id, is_first: true })}
    ${field('name', 'Name of its jobs', { required: true, list: 'scheduler-types' })}
    <datalist id="scheduler-types">${jobTypes().map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>
    <label class="field"><span>Rhythm</span><select value=${asked.kind} onChange=${(e) => put('kind')(e.target.value)}><option value="every">every so long</option><option value="pattern">cron pattern</option></select></label>
    ${is_cron ? html`${field('pattern', 'Cron pattern', { required: true, hint: '0 3 * * *' })}${field('tz', 'Time zone', { list: 'zones' })}
      <datalist id="zones">${zones().map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>` : field('every', 'Every', { required: true, hint: '30s, 10m, 2h' })}
    ${field('limit', 'Jobs at most', { type: 'number', min: '1', hint: 'no limit' })}
    ${field('startDate', 'Not before', { type: 'datetime-local' })}
    ${field('endDate', 'Not after', { type: 'datetime-local' })}
    ${field('data', 'Data (JSON)', { area: true, hint: '{}' })}
    ${field('options', 'Options (JSON)', { area: true, hint: '{"attempts": 3}' })}
    <label class="check"><input type="checkbox" checked=${asked.immediately} onChange=${(e) => put('immediately')(e.target.checked)} /> the first job at once</label>
    <${Problem} problem=${problem} />
    <div class="tools"><button type="button" onClick=${close}>Leave it</button><button class="primary">${one.id ? 'Store' : 'Add'}</button></div>
  </form>`;
}
