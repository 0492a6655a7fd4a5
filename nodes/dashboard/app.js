// Darkroom's page: which view is open, and what is around it.
import { html, render } from './preact-htm.module.js';
import { alertsNow } from './alerts.js';
import { start } from './api.js';
import { AuditView } from './audit.js';
import { ClusterView } from './cluster.js';
import { DeadView } from './dead.js';
import { FlowsView } from './flows.js';
import { ago, clockOf } from './format.js';
import { ImagesView } from './images.js';
import { JobView } from './job.js';
import { JobsView } from './jobs.js';
import { Help, showHelp, startKeys } from './keys.js';
import { LimitsView } from './limits.js';
import { Login, loadSession, mustLogIn, Who } from './login.js';
import { OverviewView } from './overview.js';
import { hrefOf, onArrive, route, startRouter } from './router.js';
import { SchedulersView } from './schedulers.js';
import { changed, onChange, state } from './store.js';
import { Empty, Question, Toasts, View } from './ui.js';
import { DropZone, Uploads } from './uploads.js';
import { VIEWS } from './views.js';

const SHOWS = {
  overview: OverviewView, flows: FlowsView, schedulers: SchedulersView, dead: DeadView, images: ImagesView,
  cluster: ClusterView, limits: LimitsView, audit: AuditView,
};

function Unknown() {
  return html`<${View} name="unknown" title="No such view"><${Empty} title="Nothing is at this address">
    It may be of another version of Darkroom. <a href="#/">Go to the overview</a></${Empty}></${View}>`;
}

function Now() {
  if (route.view === 'jobs') return route.id ? html`<${JobView} key=${route.id} id=${route.id} />` : html`<${JobsView} />`;
  const Show = SHOWS[route.view] || Unknown;
  return html`<${Show} key=${route.view} id=${route.id} />`;
}

const NUMBERS = {
  jobs: () => state.queue?.counts && (state.queue.counts.waiting ?? 0) + (state.queue.counts.prioritized ?? 0) + (state.queue.counts.active ?? 0),
  dead: () => state.queue?.counts?.failed,
};

function Nav() {
  const alerts = alertsNow().filter((one) => one.level !== 'info').length;
  const all = VIEWS.filter((one) => one.name !== 'audit' || state.hasAudit);
  return html`<nav class="views" aria-label="Views"><ul>${all.map(({ name, title }) => {
    const number = NUMBERS[name]?.();
    return html`<li key=${name}><a href=${hrefOf(name)} aria-current=${route.view === name ? 'page' : undefined}>${title}
      ${name === 'overview' && alerts > 0 && html`<b class="alarm" title="things that need you"><span class="sr">alerts: </span>${alerts}</b>`}
      ${number > 0 && html`<b>${number > 99999 ? `${Math.floor(number / 1000)}k` : number}</b>`}</a></li>`;
  })}</ul></nav>`;
}

function Link() {
  const words = { connecting: 'connecting', live: 'live', lost: 'connection lost' };
  return html`<span class="link-state ${state.link}" role="status">${words[state.link]}</span>`;
}

function Foot() {
  const words = { auto: 'as the system', dark: 'dark', light: 'light' };
  const theme = window.darkroomTheme.now();
  return html`<div class="foot"><${Who} /><${Link} />
    <button class="quiet" title="Dark, light, or as the system has it (t)" onClick=${() => (window.darkroomTheme.next(), changed())}>Theme: ${words[theme]}</button>
    <button class="quiet" onClick=${() => showHelp(true)}>Keys <kbd>?</kbd></button></div>`;
}

function Banner() {
  if (state.problem.queue?.code === 'standby')
    return html`<p class="banner" role="alert">${state.problem.queue.message}: ${state.problem.queue.hint}.</p>`;
  if (state.link !== 'lost') return null;
  return html`<p class="banner" role="alert">The connection to the server is lost since ${clockOf(state.lostAt)} (<span aria-hidden="true">${ago(state.lostAt)}</span>).
    You see what was known then. The page goes on by itself as soon as the server answers; events of the meantime follow.</p>`;
}

function App() {
  if (mustLogIn()) return html`<${Login} />`;
  return html`
    <a class="skip" href="#main" onClick=${(e) => (e.preventDefault(), document.getElementById('main').focus())}>Skip to the content</a>
    <div class="shell">
      <header class="side"><a class="brand" href="#/"><span class="lamp ${state.link}" aria-hidden="true"></span>Darkroom</a><${Nav} /><${Foot} /></header>
      <main id="main" tabindex="-1"><${Banner} /><${Now} /></main>
    </div>
    <${DropZone} /><${Uploads} /><${Toasts} /><${Question} /><${Help} />`;
}

function titleOf({ view, id }) {
  const title = VIEWS.find((one) => one.name === view)?.title || 'No such view';
  const one = { jobs: 'Job', images: 'Image', flows: 'Flow of' }[view];
  return `${id && one ? `${one} ${id}` : title} · Darkroom`;
}

/** The title, and the focus for those who do not see that the view changed. */
function arrived(left) {
  document.title = titleOf(route);
  if (left.view === route.view && (left.id === route.id || route.view === 'images')) return;
  requestAnimationFrame(() => setTimeout(() => { // once it is painted
    const link = document.querySelector('.views [aria-current]');
    if (link) link.closest('nav').scrollLeft = link.offsetLeft - innerWidth / 3; // where the list of views is one line
    if (left.href !== '' && !document.querySelector('dialog[open]')) document.getElementById('view-title')?.focus({ preventScroll: true });
  }));
}

const root = document.getElementById('app');
const paint = () => render(html`<${App} />`, root);
route.href = ''; // nothing was shown before
onChange(paint);
onArrive(arrived);
startRouter();
startKeys();
paint();
/** Begins once the server says who we are; asks again while it is away. */
async function begin() {
  try {
    if (await loadSession()) start();
  } catch {
    setTimeout(begin, 1000);
  }
}
begin();
