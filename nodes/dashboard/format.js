// Numbers, sizes and times in the words of the browser's language and zone.

const two = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
const clock = new Intl.DateTimeFormat(undefined, two);
const day_clock = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', ...two });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const whole = new Intl.NumberFormat();
const some = new Intl.NumberFormat(undefined, { maximumFractionDigits: 4 });
const HOUR = 3600000;
const DAY = 24 * HOUR;

export const count = (n) => (n == null ? '–' : whole.format(n));
export const amount = (n) => (n == null ? '–' : some.format(n));
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
export const clockOf = (ms) => clock.format(ms);

const is_time = (ms) => Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;

/** Day, time to the millisecond and zone, for whoever compares logs. */
export function exactTime(ms) {
  return is_time(ms) ? `${exact.format(ms)} (${new Date(ms).toISOString()})` : String(ms);
}

export function dayTime(ms) {
  if (!is_time(ms)) return String(ms);
  return Math.abs(Date.now() - ms) < 12 * HOUR ? clock.format(ms) : day_clock.format(ms);
}

export const isoTime = (ms) => (is_time(ms) ? new Date(ms).toISOString() : undefined);

/** "850 ms", "2.4 s", "3 min 10 s", "2 h 5 min", "3 d 4 h". */
export function duration(ms) {
  if (ms == null || !Number.isFinite(ms)) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  return span(ms);
}

/** As `duration`, in whole seconds. */
export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pair = (n, unit, rest, smaller) => (rest ? `${n} ${unit} ${rest} ${smaller}` : `${n} ${unit}`);
  if (s < 60) return `${s} s`;
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return pair(Math.floor(s / 86400), 'd', Math.floor((s % 86400) / 3600), 'h');
}

/** "12 s ago", "in 3 min"; of the clock for what is more than a day away. */
export function ago(ms, now = Date.now()) {
  if (!is_time(ms)) return String(ms);
  const past = now - ms;
  if (Math.abs(past) >= DAY) return day_clock.format(ms);
  if (Math.abs(past) < 1000) return 'now';
  const coarse = (t) => (t < 60000 ? span(t) : t < HOUR ? `${Math.floor(t / 60000)} min` : `${Math.floor(t / HOUR)} h`);
  return past > 0 ? `${coarse(past)} ago` : `in ${coarse(-past)}`;
}

export function bytes(n) {
  if (n == null) return '–';
  if (n >= 1073741824) return `${(n / 1073741824).toFixed(1)} GB`;
  if (n >= 1048576) return `${(n / 1048576).toFixed(1)} MB`;
  return n >= 1024 ? `${Math.round(n / 1024)} KB` : `${n} B`;
}

/** How much smaller `part` is than `all`: "−64 %". */
export function saving(part, all) {
  if (!(all > 0) || part == null) return '';
  const less = Math.round((1 - part / all) * 100);
  return less >= 0 ? `−${less} %` : `+${-less} %`;
}

/** JSON for people; texts as they are. */
export function pretty(value) {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** "30s", "5m", "2h", "7d" or ms -> ms; null if it is none of that. */
export function spanOf(text) {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?\s*$/.exec(text);
  if (!found) return null;
  return Math.round(Number(found[1]) * { ms: 1, s: 1000, m: 60000, min: 60000, h: HOUR, d: DAY }[found[2] || 'ms']);
}
