// Events of the stream as the trace shows them.
import { clockOf, duration } from './format.js';

let nextKey = 1;

export function entryOf(event) {
  const gap = event.type === 'gap';
  if (event.type === 'provider-state') return providerEntry(event);
  return {
    key: nextKey++,
    type: event.type,
    level: gap ? 'warn' : event.type === 'job-failed' ? 'error' : 'info',
    summary: gap ? gapText(event) : `${event.jobName}: ${event.type}`,
    jobId: event.jobId,
    imageId: event.imageId,
    jobProgress: event.progress,
    time: event.timestamp || Date.now(),
    note: noteOf(event),
  };
}

function providerEntry({ resource, provider, state: now, until, message, timestamp }) {
  const rest = until ? ` until ${clockOf(until)}` : '';
  return {
    key: nextKey++, type: 'provider-state', level: now === 'working' ? 'info' : 'warn',
    summary: `${provider ? provider.split('#')[0] : `budget ${resource}`}: ${now}${rest}`, time: timestamp || Date.now(), note: message || '',
  };
}

function gapText({ missed, reason }) {
  const why = {
    slow: 'this page was too slow', expired: 'it was away for too long', restarted: 'Redis lost events',
    overrun: 'the server was too slow', lost: 'Redis did not keep them',
  };
  const many = missed == null ? 'some events' : `${missed} event${missed === 1 ? '' : 's'}`;
  return `gap: ${many} missed, ${why[reason] || reason || 'unknown reason'}`;
}

function noteOf(event) {
  switch (event.type) {
    case 'job-queued':
      return event.queueSize == null ? '' : `${event.queueSize} in the queue`;
    case 'job-active':
      return event.attempt > 1 ? `attempt ${event.attempt} of ${event.maxAttempts}` : '';
    case 'job-completed':
      return event.duration == null ? '' : duration(event.duration);
    case 'job-failed': {
      const again = event.final === false && event.retryInMs != null ? `, again in ${duration(event.retryInMs)}` : '';
      return `${event.error || 'no reason given'} (attempt ${event.attempt} of ${event.maxAttempts}${again})`;
    }
    default:
      return '';
  }
}
