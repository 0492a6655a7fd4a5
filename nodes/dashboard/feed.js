// Follows the server's event stream for good: in the worker that all tabs
// share, or in the page where browsers have no such workers.

const AGAIN_MS = 3000; // after a refusal; the browser itself tries again after a break
const RECENT = 500; // of a trace that has just been opened
const NAMES = ['worker-event', 'gap'];

/**
 * @param tell gets {link: 'live' | 'lost'} and {name, data, id}; data is the event's text
 * @param lastEventId where to go on, if known; else the newest events come first
 * @returns {stop() -> where it stopped, again(): looks at once whether the connection holds}
 */
export function follow(tell, lastEventId = '') {
  let source = null;
  let timer = 0;
  const open = () => {
    const from = lastEventId ? `lastEventId=${encodeURIComponent(lastEventId)}` : `recent=${RECENT}`;
    source = new EventSource(`/api/events?${from}`);
    for (const name of NAMES) {
      source.addEventListener(name, (message) => {
        lastEventId = message.lastEventId || lastEventId;
        tell({ name, data: message.data, id: message.lastEventId });
      });
    }
    source.addEventListener('hello', (message) => (lastEventId = message.lastEventId || lastEventId));
    source.onmessage = (message) => (lastEventId = message.lastEventId || lastEventId);
    source.onopen = () => tell({ link: 'live' });
    source.onerror = () => {
      tell({ link: 'lost' });
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(again, AGAIN_MS);
    };
  };
  const again = () => {
    clearTimeout(timer);
    source.close();
    open();
  };
  open();
  return { again, stop: () => (clearTimeout(timer), source.close(), lastEventId) };
}
