// Hostile clients in a process of their own: attack.mjs KIND URL COUNT
//
// Each connection that the server ends is opened again at once. They come from
// 50 addresses, so that the limit per address does not stop them. At SIGTERM it
// prints what it did as JSON.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

const [kind, url, count] = [process.argv[2], new URL(process.argv[3]), Number(process.argv[4])];
const where = { host: url.hostname, port: Number(url.port) };
const is_tls = url.protocol === 'https:';
const tally = { opened: 0, ended: 0, answers: {} };
const address = i => `127.0.1.${1 + i % 50}`;
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** A socket until it ends; over TLS if the server has that and `secure` is wanted. */
function open(i, onOpen, secure = is_tls) {
  return new Promise(resolve => {
    const options = { ...where, localAddress: address(i), rejectUnauthorized: false };
    const socket = secure ? tls.connect(options, () => onOpen(socket)) : net.connect(options, () => onOpen(socket));
    ++tally.opened;
    socket.on('data', () => {}).on('error', () => {}).on('close', () => { ++tally.ended; resolve(); });
  });
}

const deeds = {
  /** Says nothing, not even the first byte of a handshake. */
  idle: i => open(i, () => {}, false),
  /** Sends a header byte by byte. */
  trickle: i => open(i, socket => {
    const text = `GET /api/queue HTTP/1.1\r\nHost: localhost\r\nX-Padding: ${'x'.repeat(100000)}`;
    let at = 0;
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(text[at++])), 1000 + i % 500);
  }),
  /** Tries tokens as fast as it can. */
  guess: i => new Promise(resolve => {
    const random = Array.from({ length: 80 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
    const headers = { authorization: `Bearer drk_${random.slice(0, 16)}_${random.slice(16)}` };
    agents[i] ||= new (is_tls ? https : http).Agent({ keepAlive: true, maxSockets: 1, localAddress: address(i) });
    const request = (is_tls ? https : http).get(`${url.origin}/api/queue`, { headers, agent: agents[i], rejectUnauthorized: false }, answer => {
      tally.answers[answer.statusCode] = (tally.answers[answer.statusCode] || 0) + 1;
      answer.resume().on('close', resolve);
    });
    request.on('error', resolve);
  }),
  /** Handshakes, and nothing more. */
  shake: i => open(i, socket => socket.destroy(), true),
};
const agents = [];

async function attack(i) {
  await pause(i * 2000 / count);
  for (;;) {
    await deeds[kind](i);
    if (kind === 'idle' || kind === 'trickle') await pause(100); // two cores are shared
  }
}

process.on('SIGTERM', () => { console.log(JSON.stringify(tally)); process.exit(0); });
for (let i = 0; i < count; ++i) attack(i);
