// The journal: who changed what.
import { html, useEffect, useState } from './preact-htm.module.js';
import { request } from './net.js';
import { route, setParams } from './router.js';
import { Empty, Loading, Problem, Time, Typed, View } from './ui.js';

const PAGE = 100;

/** All entries so far of a query; `more` loads the next page. */
function useEntries(query) {
  const [list, setList] = useState({ query: null, entries: null, next: null, problem: null });
  const load = async (cursor) => {
    try {
      const asked = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query)), limit: PAGE, ...(cursor ? { cursor } : {}) });
      const { entries, next } = await request(`/api/audit?${asked}`);
      setList((old) => ({ query, entries: cursor && old.query === query ? [...old.entries, ...entries] : entries, next: next ?? null, problem: null }));
    } catch (problem) {
      setList((old) => ({ ...old, query, problem }));
    }
  };
  useEffect(() => {
    load(null);
    const timer = setInterval(() => document.hidden || scrollY > 200 || load(null), 5000);
    return () => clearInterval(timer);
  }, [query]);
  return { ...(list.query === query ? list : { entries: null, next: null, problem: null }), more: () => load(list.next), reload: () => load(null) };
}

function Entry({ one }) {
  return html`<tr><td><${Time} at=${Number(one.at)} /></td><td><b>${one.who || 'nobody known'}</b>${one.role && html` <span class="note">${one.role}</span>`}</td>
    <td>${one.what}</td><td class="mono cut" title=${one.target || ''}>${one.target || ''}</td>
    <td class=${one.status < 400 ? '' : 'reason'}>${one.status}</td><td class="note">${one.from || ''}</td><td class="note mono cut" title=${one.details}>${one.details}</td></tr>`;
}

export function AuditView() {
  const { who, what } = route.params;
  const query = new URLSearchParams(Object.entries({ who, what }).filter(([, value]) => value)).toString();
  const { entries, next, problem, more, reload } = useEntries(query);
  const put = (name) => (value) => setParams({ [name]: value }, { replace: true });
  if (problem?.status === 404)
    return html`<${View} name="audit" title="Audit"><${Empty} title="Not available">This server keeps no journal of who changed what.</${Empty}></${View}>`;
  return html`<${View} name="audit" title="Audit">
    <form class="filters" role="search" aria-label="Filter the journal" onSubmit=${(e) => e.preventDefault()}>
      <${Typed} is_main label="Who" value=${who} onValue=${put('who')} /><${Typed} label="What" value=${what} onValue=${put('what')} /></form>
    <${Problem} what="The journal could not be loaded" problem=${problem} retry=${reload} />
    ${!entries && !problem && html`<${Loading} />`}
    ${entries && !entries.length && html`<${Empty} title="No entry">${query ? 'None passes these filters.' : 'Whatever is changed over the API or by this page is written here.'}</${Empty}>`}
    ${entries?.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label="Entries, newest first"><table class="journal"><thead><tr><th>when</th><th>who</th><th>what</th><th>target</th><th>status</th><th>from</th><th>details</th></tr></thead>
      <tbody>${entries.map((one) => html`<${Entry} key=${one.id} one=${one} />`)}</tbody></table></div>`}
    ${next && html`<p class="tools"><button onClick=${more}>Older entries</button></p>`}
  </${View}>`;
}
