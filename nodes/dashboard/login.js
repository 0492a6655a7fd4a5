// Who looks at the page, where the server wants to know.
import { html, useState } from './preact-htm.module.js';
import { request, setCsrfToken } from './net.js';
import { changed, state } from './store.js';

/** Asks who we are. @returns whether the page may show anything */
export async function loadSession() {
  try {
    state.session = await request('/api/session');
    setCsrfToken(state.session.csrfToken);
  } catch (why) {
    if (why.status === 0) throw why;
    state.session = null; // a server that asks nobody
  }
  changed();
  return !mustLogIn();
}

export const mustLogIn = () => Boolean(state.session?.needsToken && state.session.role === 'none');

async function logOut() {
  await request('/api/logout', { method: 'POST' }).catch(() => {});
  location.reload();
}

/** Who is logged in, and the way out. */
export function Who() {
  if (!state.session?.csrfToken) return null;
  return html`<p class="who"><b>${state.session.who}</b> <span class="note">${state.session.role}</span>
    <button class="quiet" onClick=${logOut}>Log out</button></p>`;
}

export function Login() {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const send = async (e) => {
    e.preventDefault();
    setBusy(true);
    try {
      await request('/api/login', { method: 'POST', body: { token: e.target.elements.token.value.trim() } });
      location.reload();
    } catch (why) {
      setProblem(why);
      setBusy(false);
    }
  };
  return html`<main class="login" id="main"><form onSubmit=${send}>
    <h1>Darkroom</h1>
    <label>Token <input name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="login-hint" /></label>
    <p class="note" id="login-hint">An operator makes one: <code>darkroom token create NAME --role viewer</code></p>
    ${problem && html`<p class="problem" role="alert">${problem.message}. ${problem.hint}</p>`}
    <button class="primary" disabled=${busy}>Log in</button></form></main>`;
}
