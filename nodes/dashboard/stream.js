// The event stream as a tab has it: by the worker that all tabs share, or, in
// browsers without such workers, by itself while it is visible.
import { follow } from './feed.js';

const WORKER = '/assets/feed_worker.js';
const NAME = 'darkroom-feed-1'; // another number where the messages change: old tabs may have the old one
const PATIENCE_MS = 4000; // for the worker's first word
const HIDDEN_MS = 20000; // a hidden tab gives its connection back after that

/** @param take gets what `follow` tells, and {hello} of the worker */
export function connect(take) {
  let feed = null;
  const alone = () => {
    feed ||= followWhileVisible(take);
    return feed;
  };
  if (typeof SharedWorker === 'undefined') return alone();
  return share(take, alone);
}

function share(take, alone) {
  let port = null;
  let fallen = null; // the own stream, once the worker has failed
  const open = () => {
    let worker;
    const fall = () => {
      if (fallen) return;
      port?.close();
      port = null;
      fallen = alone();
    };
    try {
      worker = new SharedWorker(WORKER, { type: 'module', name: NAME });
    } catch {
      return fall(); // forbidden here
    }
    const timer = setTimeout(fall, PATIENCE_MS);
    worker.onerror = fall;
    port = worker.port;
    port.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data.hello) take({ link: data.hello.link }), data.hello.recent.forEach(take);
      for (const told of data.batch || []) take(told);
    };
    return undefined;
  };
  addEventListener('pagehide', () => port && (port.postMessage('bye'), (port = null)));
  addEventListener('pageshow', (e) => e.persisted && !fallen && open());
  open();
  return { again: () => (fallen ? fallen.again() : port?.postMessage('again')) };
}

/** Without a shared worker, only tabs that somebody sees hold a connection. */
function followWhileVisible(take) {
  let feed = null;
  let last = '';
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (!document.hidden) feed ||= follow(take, last);
    else timer = setTimeout(() => feed && ((last = feed.stop()), (feed = null)), HIDDEN_MS);
  };
  document.addEventListener('visibilitychange', look);
  if (document.hidden) feed = follow(take);
  look();
  return { again: () => feed?.again() };
}
