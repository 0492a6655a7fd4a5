// One event stream for all tabs: a browser opens at most six connections to a
// server, and with a stream each, the seventh tab would wait forever.
import { follow } from './feed.js';

const RECENT = 500; // events that a new tab gets, so that its trace is not empty
const BATCH_MS = 30; // of events are sent to the tabs at once

const ports = new Set();
let recent = [];
let link = 'connecting';
let batch = [];
let timer = 0;

function send() {
  timer = 0;
  for (const port of ports) port.postMessage({ batch });
  batch = [];
}

const feed = follow((told) => {
  if (told.link) link = told.link;
  else recent.push(told);
  if (recent.length > 2 * RECENT) recent = recent.slice(-RECENT);
  batch.push(told);
  timer ||= setTimeout(send, BATCH_MS);
});

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data === 'again' && link === 'live') feed.again();
    if (data !== 'bye') return;
    ports.delete(port);
    port.close();
  };
  if (timer) clearTimeout(timer), send(); // what the others have before, it has in `recent`
  ports.add(port);
  port.postMessage({ hello: { link, recent: recent.slice(-RECENT) } });
};
addEventListener('online', () => feed.again());
