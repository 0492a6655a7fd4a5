// Forms that add a job, or change one that has not begun.
import { html, useEffect, useRef, useState } from './preact-htm.module.js';
import { act, jobUrl } from './api.js';
import { go, hrefOf } from './router.js';
import { state } from './store.js';
import { Problem } from './ui.js';

/** The types that nodes run, for suggestions. */
export const jobTypes = () => [...new Set((state.nodes || []).flatMap((node) => node.jobTypes || []))].sort();

/** {value} of a text of JSON, {problem} of any other; an empty text is `empty`. */
export function parsed(text, what, empty) {
  if (!text.trim()) return { value: empty };
  try {
    return { value: JSON.parse(text) };
  } catch (why) {
    return { problem: { message: `${what} is not JSON: ${why.message}`, hint: 'write names and texts in double quotes' } };
  }
}

/** A labelled box; `area` for several lines; `is_first` gets the focus. */
export function Field({ label, value, onValue, area, hint, is_first, ...rest }) {
  const put = (e) => onValue(e.target.value);
  const box = useRef(null);
  useEffect(() => is_first && box.current.focus(), []);
  return html`<label class=${area ? 'field wide' : 'field'}><span>${label}</span>
    ${area ? html`<textarea rows="3" spellcheck="false" value=${value} onInput=${put} placeholder=${hint}></textarea>`
      : html`<input ref=${box} value=${value} onInput=${put} placeholder=${hint} ...${rest} />`}</label>`;
}

export function JobForm({ close }) {
  const [asked, ask] = useState({ name: '', data: '', options: '' });
  const [problem, setProblem] = useState(null);
  const put = (name) => (value) => ask({ ...asked, [name]: value });
  const submit = async (e) => {
    e.preventDefault();
    const data = parsed(asked.data, 'the data', {});
    const options = parsed(asked.options, 'the options', {});
    setProblem(data.problem || options.problem || null);
    if (data.problem || options.problem) return;
    const answer = await act(({ id, existed }) => (existed ? `Job ${id} was there already` : `Job ${id} is added`), '/api/jobs', { body: { name: asked.name, data: data.value, options: options.value } });
    if (!answer) return;
    close();
    go(hrefOf('jobs', answer.id));
  };
  return html`<form class="panel form" aria-label="Add a job" onSubmit=${submit}>
    <${Field} label="Name" value=${asked.name} onValue=${put('name')} required list="job-types" is_first />
    <datalist id="job-types">${jobTypes().map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>
    <${Field} label="Data (JSON)" area value=${asked.data} onValue=${put('data')} hint='{"imageId": "cat-1", "filePath": "cat.jpg"}' />
    <${Field} label="Options (JSON)" area value=${asked.options} onValue=${put('options')} hint='{"priority": 1, "delay": 60000, "attempts": 3}' />
    <${Problem} problem=${problem} />
    <div class="tools"><button type="button" onClick=${close}>Leave it</button><button class="primary">Add</button></div>
  </form>`;
}

/** Changes priority, delay or data of a job that waits. */
export function ChangeForm({ job, close }) {
  const [asked, ask] = useState({ priority: String(job.priority ?? 0), delay: '', data: JSON.stringify(job.data, null, 2) });
  const [problem, setProblem] = useState(null);
  const put = (name) => (value) => ask({ ...asked, [name]: value });
  const submit = async (e) => {
    e.preventDefault();
    const data = parsed(asked.data, 'the data', {});
    setProblem(data.problem || null);
    if (data.problem) return;
    const body = {};
    if (JSON.stringify(data.value) !== JSON.stringify(job.data)) body.data = data.value;
    if (Number(asked.priority) !== (job.priority ?? 0)) body.priority = Number(asked.priority);
    if (asked.delay !== '') body.delay = Number(asked.delay);
    if (!Object.keys(body).length) return close();
    if (await act(`Job ${job.id} is changed`, jobUrl(job.id), { method: 'PATCH', body })) close();
  };
  return html`<form class="panel form" aria-label="Change the job" onSubmit=${submit}>
    <${Field} label="Priority (0: none, then 1 first)" type="number" min="0" value=${asked.priority} onValue=${put('priority')} />
    <${Field} label="Delay from now (ms)" type="number" min="0" value=${asked.delay} onValue=${put('delay')} hint="as it is" />
    <${Field} label="Data (JSON)" area value=${asked.data} onValue=${put('data')} />
    <${Problem} problem=${problem} />
    <div class="tools"><button type="button" onClick=${close}>Leave it</button><button class="primary">Change</button></div>
  </form>`;
}
