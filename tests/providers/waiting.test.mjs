// How long a job waits that a provider asks to come back later. No attempt
// counts.
import { cases } from './_cases.mjs';
import { good, json, refuses } from './_provider.mjs';

const SLACK = 4000; // ms: a busy machine, and the jitter of a tenth
const later = (name, answer, ms) => ({ name, answers: [answer, good], calls: 2, waited: [ms, ms * 1.1 + SLACK] });
const inSeconds = seconds => new Date(Date.now() + seconds * 1000).toUTCString();
const slow = (headers, status = 429) => refuses(status, 'slow down', { type: 'rate_limit_error' }, headers);

cases('a job waits as long as the provider asks', 'vision', [
  later('Retry-After in seconds', slow({ 'Retry-After': '2' }), 2000),
  later('Retry-After with a fraction', slow({ 'Retry-After': '1.5' }), 1500),
  later('Retry-After as a date', (request, response) => response.writeHead(429, { 'Retry-After': inSeconds(4) }).end(), 2000),
  later('retry-after-ms', slow({ 'retry-after-ms': '1700', 'Retry-After': '60' }), 1700),
  later('x-ratelimit-reset-requests: 2s', slow({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2s', 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-tokens': '9' }), 2000),
  later('x-ratelimit-reset-tokens: 1500ms', slow({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1500ms' }), 1500),
  later('x-ratelimit-reset in ms since the epoch', (request, response) => response.writeHead(429, { 'x-ratelimit-reset': `${Date.now() + 2000}` }).end(), 1800),
  later('try again in 1.2s', refuses(429, 'Rate limit reached. Please try again in 1.2s. Visit the page.'), 1200),
  later('retryDelay of Gemini', json(429, [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'You exceeded your current quota', details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }] } }]), 2000),
  later('retry_after in the error', json(429, { error: { message: 'slow down', retry_after: 2 } }), 2000),
  later('503 with Retry-After', slow({ 'Retry-After': '2' }, 503), 2000),
  later('500 with a hint', slow({ 'Retry-After': '1' }, 500), 1000),
  later('529', slow({ 'Retry-After': '1' }, 529), 1000),
  later('429 inside 200', json(200, { error: { code: 429, message: 'Please retry after 1 seconds' } }), 1000),
  { name: 'a day', answers: [slow({ 'Retry-After': '86400' })], state: 'waits' },
  { name: '429 that does not say', answers: [slow({})], state: 'waits' },
]);
