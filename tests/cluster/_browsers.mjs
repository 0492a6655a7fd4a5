// Browsers at GET /api/events that note what they get, leave, stall and return.
import http from 'node:http';
import { sleep } from './_lib.mjs';

/** One browser; it comes back by itself, with its Last-Event-ID, until it leaves, at the latest with the stage. */
export class Browser {
  constructor(stage, url, { filter = '', id = '' } = {}) {
    stage.closers.push(() => this.leave());
    Object.assign(this, { url, filter, id, hellos: [], gaps: [], events: [], doubles: 0, holes: 0, last: null, returns: 0 });
    this.connect();
  }

  connect() {
    this.stays = true;
    const headers = this.id && this.returns % 2 ? { 'Last-Event-ID': this.id } : {}; // by header and by query in turn
    const query = this.id && !headers['Last-Event-ID'] ? `lastEventId=${encodeURIComponent(this.id)}` : '';
    const target = `${this.url}/api/events?${[this.filter, query].filter(Boolean).join('&')}`;
    let text = '';
    this.request = http.get(target, { agent: false, headers }, response => {
      this.response = response;
      response.setEncoding('utf8');
      response.on('data', part => {
        const frames = (text + part).split('\n\n');
        text = frames.pop();
        if (response.statusCode === 200) for (const frame of frames) this.take(frame);
      });
      response.on('close', () => this.again());
      response.on('error', () => {});
    });
    this.request.on('error', () => this.response || this.again());
  }

  async again() {
    this.response = null;
    if (!this.stays) return;
    ++this.returns;
    await sleep(50 + 200 * Math.random());
    if (this.stays) this.connect();
  }

  take(frame) {
    const field = name => frame.split('\n').find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const event = field('event');
    const id = field('id');
    if (id) this.id = id;
    const number = Number(id?.split(/[-~]/)[1]);
    if (event === 'hello') {
      this.hellos.push(JSON.parse(field('data')));
      if (id) this.last ??= number;
    } else if (event === 'gap') {
      this.gaps.push(JSON.parse(field('data')));
      this.last = null;
    } else if (event === 'worker-event') {
      if (this.last !== null && number <= this.last) ++this.doubles;
      if (this.last !== null && number > this.last + 1) ++this.holes;
      this.last = Math.max(number, this.last ?? 0);
      this.events.push({ ...JSON.parse(field('data')), id });
    }
  }

  leave() {
    this.stays = false;
    this.request.destroy();
  }
}
