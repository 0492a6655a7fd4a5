// An S3 server that checks signatures (s3rver), a proxy before it that does
// what networks and servers do, and a look into the bucket.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep } from '../support/processes.mjs';

export const BUCKET = 'pictures';
export const PREFIX = 'dark room/'; // a space, to see that paths are encoded
const KEY = 'S3RVER'; // the only key that s3rver knows; also its secret

const sha256 = bytes => crypto.createHash('sha256').update(bytes).digest('hex');

/** What the proxy does in place of a request, or to its answer. */
const FAULTS = {
  500: (_request, _body, response) => {
    response.writeHead(500, { 'content-type': 'application/xml' });
    response.end('<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>');
  },
  late404: (_request, _body, response) => {
    response.writeHead(404, { 'content-type': 'application/xml' });
    response.end('<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>');
  },
  slow: () => {}, // never answers
};

export class Bucket {
  /** @param stage whose folder has the objects, and which closes all */
  constructor(stage) {
    this.stage = stage;
    this.plan = []; // [{on: request => boolean, fault}], each for one request
    this.seen = []; // "PUT key"
    this.pages = 0; // further pages of lists that were given
    this.delay = () => 0; // ms, by request, before it is passed on
  }

  async start() {
    const directory = path.join(this.stage.folder, 'bucket');
    fs.mkdirSync(directory, { recursive: true });
    const program = fileURLToPath(new URL('_s3_server.mjs', import.meta.url));
    this.server = this.stage.start('s3', process.execPath, ['--openssl-legacy-provider', program, directory, BUCKET]);
    const port = Number((await this.server.line('ready at ')).slice('ready at '.length));
    this.port = port; // of the server itself
    this.proxy = http.createServer((request, response) => this.pass(request, response, port));
    await new Promise(resolve => this.proxy.listen(0, '127.0.0.1', resolve));
    this.stage.closers.push(() => { this.proxy.closeAllConnections(); this.proxy.close(); });
    this.endpoint = `http://127.0.0.1:${this.proxy.address().port}`;
    return this;
  }

  /** The environment of a node that keeps its pictures here. */
  env(more = {}) {
    return {
      DARKROOM_STORAGE_KIND: 's3', DARKROOM_STORAGE_S3_ENDPOINT: this.endpoint, DARKROOM_STORAGE_S3_BUCKET: BUCKET,
      DARKROOM_STORAGE_S3_PREFIX: PREFIX, AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: KEY, AWS_REGION: 'us-east-1', ...more,
    };
  }

  /** The next request that `on` takes meets a fault; as often as `times` says. */
  fault(fault, on, times = 1) {
    for (let i = 0; i < times; ++i) this.plan.push({ fault, on });
  }

  async pass(request, response, port) {
    const parts = [];
    for await (const part of request) parts.push(part);
    let body = Buffer.concat(parts);
    const key = decodeURIComponent(request.url.split('?')[0]).slice(BUCKET.length + 2 + PREFIX.length);
    const what = `${request.method} ${key}`;
    this.seen.push(what);
    await sleep(this.delay(what));
    const at = this.plan.findIndex(x => x.on(what));
    const fault = at < 0 ? undefined : this.plan.splice(at, 1)[0].fault;
    if (fault in FAULTS) return FAULTS[fault](request, body, response);
    if (fault === 'corrupt' && body.length) body = flipped(body);
    const forward = http.request({ port, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers }, answer => {
      this.answer(answer, response, fault).catch(() => response.destroy());
    });
    forward.on('error', () => response.destroy());
    forward.end(body);
  }

  async answer(from, to, fault) {
    const parts = [];
    for await (const part of from) parts.push(part);
    const body = Buffer.concat(parts);
    if (from.statusCode === 200 && from.req.path.includes('continuation-token=')) ++this.pages;
    const headers = { ...from.headers };
    delete headers.connection; // the proxy keeps its own open
    to.writeHead(from.statusCode, headers);
    if (fault === 'reset') {
      to.write(body.subarray(0, body.length / 2));
      return setTimeout(() => to.destroy(), 20);
    }
    return to.end(fault === 'corrupt' && from.req.method === 'GET' ? flipped(body) : body);
  }

  /** Any request, signed here: {status, body, headers}. */
  async send(method, key, { query = '', body = Buffer.alloc(0), headers = {} } = {}) {
    const encode = text => encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const target = key === undefined ? `/${BUCKET}` : `/${BUCKET}/${(PREFIX + key).split('/').map(encode).join('/')}`;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const all = { ...headers, host: new URL(this.endpoint).host, 'x-amz-content-sha256': sha256(body), 'x-amz-date': time };
    const names = Object.keys(all).sort();
    const canonical = [method, target, query, ...names.map(x => `${x}:${all[x]}`), '', names.join(';'), sha256(body)].join('\n');
    const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
    const hmac = (secret, text) => crypto.createHmac('sha256', secret).update(text).digest();
    const secret = [time.slice(0, 8), 'us-east-1', 's3', 'aws4_request'].reduce(hmac, `AWS4${KEY}`);
    const signature = hmac(secret, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
    all.authorization = `AWS4-HMAC-SHA256 Credential=${KEY}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    const sent = { ...all };
    delete sent.host; // fetch sets it
    const answer = await fetch(`${this.endpoint}${target}${query && `?${query}`}`, { method, headers: sent, body: body.length ? body : undefined });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
  }

  async put(key, body, headers = {}) {
    const { status } = await this.send('PUT', key, { body, headers });
    if (status !== 200) throw new Error(`PUT ${key}: ${status}`);
  }

  async get(key) {
    const { status, body } = await this.send('GET', key);
    if (status !== 200) throw new Error(`GET ${key}: ${status}`);
    return body;
  }

  /** The keys that begin with `below`, but for the mark of the main node. */
  async keys(below = '') {
    const query = `list-type=2&prefix=${encodeURIComponent(PREFIX + below)}`;
    const { body } = await this.send('GET', undefined, { query });
    return [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(x => x[1].slice(PREFIX.length)).filter(key => !key.startsWith('darkroom.main.')).sort();
  }
}

function flipped(body) {
  const copy = Buffer.from(body);
  copy[copy.length >> 1] ^= 1;
  return copy;
}
