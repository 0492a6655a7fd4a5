// The books of a run, kept outside of Darkroom: what was acknowledged when it
// was added, and every event of BullMQ's stream. What was lost or done twice
// comes from here, from the jobs' hashes, and from the catalog's rows.
import { QUEUE, sleep, until } from '../cluster/_lib.mjs';

const EVENTS = `bull:${QUEUE}:events`;
const KEEP_EVENTS = 1000000; // none may be trimmed before it was read
const BULK = 20;
const OURS = /^j\d+$/; // chained jobs have Redis' numbers
const AT_ONCE = { retryStrategy: () => 50 }; // ours are back before Darkroom: it is what is measured

const OPTS = { attempts: 3, backoff: { type: 'fixed', delay: 100 } };

/** Job number `i` of a mixed load: each tenth leaves another job behind, each tenth rows; the others sleep for `ms(i)`. */
export function mixedWith(i, ms) {
  switch (i % 10) {
    case 0: return { name: 'chain', data: { next: { name: 'echo', data: { of: `j${i}` } } }, opts: OPTS };
    case 5: return { name: 'generate-embeddings', opts: OPTS,
      data: { imageId: `img-${i}`, filePath: 'a.jpg', metadata: { searchableText: `a red bicycle number ${i}` } } };
    default: return { name: 'sleep', data: { ms: ms(i) }, opts: OPTS };
  }
}

/** The same; `ms` is how long they sleep about. */
export const mixed = (i, ms) => mixedWith(i, () => ms / 2 + i * 37 % ms);

export const sleeping = ms => () => ({ name: 'sleep', data: { ms }, opts: OPTS });

export class Ledger {
  constructor(stage) {
    this.stage = stage;
    this.next = 0;
    this.replicas = 0;      // so many must have a job before it counts as acknowledged
    this.acknowledged = []; // ids
    this.jobs = new Map();  // id -> {active: [ms], completed: [ms], stalled: n}
    this.finished = 0;      // of the acknowledged ones
    this.starts = [];       // ms, Redis' clock (this machine's)
    this.newest = '0-0';    // entry of the stream that was read last
    this.stopped = false;
  }

  static async open(stage) {
    const self = new Ledger(stage);
    self.client = stage.redis().duplicate(AT_ONCE);
    self.client.on('error', () => {});
    stage.closers.push(() => self.client.disconnect());
    self.queue = stage.queue({ connection: self.client, streams: { events: { maxLen: KEEP_EVENTS } } });
    await self.queue.waitUntilReady();
    self.reader = stage.redis().duplicate(AT_ONCE);
    self.reader.on('error', () => {});
    stage.closers.push(() => { self.stopped = true; self.reader.disconnect(); });
    self.follow();
    return self;
  }

  /** Reads the stream for as long as the test runs, over restarts of Redis. */
  async follow() {
    while (!this.stopped) {
      const answer = await this.reader.xread('COUNT', 5000, 'BLOCK', 200, 'STREAMS', EVENTS, this.newest).catch(() => null);
      if (!answer) { await sleep(5); continue; }
      for (const [id, fields] of answer[0][1]) {
        this.enter(Number(id.split('-')[0]), fields);
        this.newest = id;
      }
    }
  }

  enter(ms, fields) {
    const row = {};
    for (let i = 0; i < fields.length; i += 2) row[fields[i]] = fields[i + 1];
    if (!row.jobId) return;
    const job = this.of(row.jobId);
    if (row.event === 'added') job.name = row.name;
    if (row.event === 'active') {
      job.active.push(ms);
      this.starts.push(ms);
    }
    if (row.event === 'completed') {
      if (job.completed.length === 0 && OURS.test(row.jobId)) ++this.finished;
      job.completed.push(ms);
    }
    if (row.event === 'stalled') ++job.stalled;
  }

  of(id) {
    let job = this.jobs.get(id);
    if (!job) this.jobs.set(id, job = { active: [], completed: [], stalled: 0 });
    return job;
  }

  /** The time of the first job that is taken at or after `from`, ms. */
  taken(from, limit = 60000) {
    return until(() => this.starts.find(ms => ms >= from), 'a job is taken', limit, 5);
  }

  /** Adds jobs and returns their ids once Redis has acknowledged them. Safe to repeat: ids are ours. */
  async add(count, make) {
    const ids = [];
    for (let left = count; left > 0;) {
      const batch = Array.from({ length: Math.min(left, BULK) }, () => {
        const i = this.next++;
        const job = make(i);
        return { ...job, opts: { ...job.opts, jobId: `j${i}` } };
      });
      while (!await this.addReplicated(batch)) await sleep(100);
      ids.push(...batch.map(job => job.opts.jobId));
      this.acknowledged.push(...batch.map(job => job.opts.jobId));
      left -= batch.length;
    }
    return ids;
  }

  /** Whether as many replicas have the jobs as were wanted before they were added: a master that died meanwhile may have acknowledged what no other server got. */
  async addReplicated(batch) {
    const wanted = this.replicas;
    return this.queue.addBulk(batch).then(async () => wanted === 0 || await this.client.wait(wanted, 1000) >= wanted, () => false);
  }

  /** Keeps `ahead` jobs waiting or running until stop() of what it returns. */
  feed(ahead, make) {
    let on = true;
    const loop = (async () => {
      while (on && !this.stopped) {
        const room = ahead - (this.acknowledged.length - this.finished);
        if (room > 0) await this.add(Math.min(room, BULK), make);
        else await sleep(20);
      }
    })();
    return { stop: async () => { on = false; await loop; } };
  }

  /** Waits until nothing waits or runs, and the stream has been read to its end. */
  async end(ms = 60000) {
    await until(async () => (await this.queue.getJobCountByTypes('wait', 'active', 'delayed', 'prioritized')) === 0, 'the queue is empty', ms, 50);
    const [[last]] = await this.stage.redis().xrevrange(EVENTS, '+', '-', 'COUNT', 1);
    await until(() => this.newest === last, 'the stream is read', 5000);
  }

  /** What the books say: each a list of texts, empty if all is well. */
  async verdict() {
    const redis = this.stage.redis();
    const hashes = new Map();
    const all = [...new Set([...this.acknowledged, ...this.jobs.keys()])];
    for (let i = 0; i < all.length; i += 1000) {
      const part = all.slice(i, i + 1000);
      const pipe = redis.pipeline();
      for (const id of part) pipe.hmget(`bull:${QUEUE}:${id}`, 'atm', 'ats', 'stc', 'data', 'failedReason', 'name');
      for (const [k, [, [atm, ats, stc, data, failedReason, name]]] of (await pipe.exec()).entries())
        hashes.set(part[k], { atm: Number(atm || 0), ats: Number(ats || 0), stc: Number(stc || 0), data, failedReason, name });
    }
    const completed = new Set(await redis.zrange(`bull:${QUEUE}:completed`, 0, -1));
    const lost = this.acknowledged.filter(id => !completed.has(id)).map(id => `${id} ${JSON.stringify(hashes.get(id))}`);
    const doubled = [...this.jobs].filter(([, job]) => job.completed.length > 1).map(([id, job]) => `${id} completed ${job.completed.length} times`);
    const burned = this.acknowledged.filter(id => hashes.get(id).atm !== 1 || hashes.get(id).stc > 0).map(id => `${id} ${JSON.stringify({ ...hashes.get(id), data: undefined })}`);
    this.checkChained(hashes, { lost, doubled });
    await this.checkRows(hashes, { lost, doubled });
    return { added: this.acknowledged.length, lost, doubled, burned, hashes };
  }

  /** Each `chain` job has left one `echo` job. */
  checkChained(hashes, { lost, doubled }) {
    const left = new Map();
    for (const { name, data } of hashes.values())
      if (name === 'echo' && data) { const { of } = JSON.parse(data); left.set(of, (left.get(of) || 0) + 1); }
    for (const id of this.acknowledged) {
      if (hashes.get(id).name !== 'chain') continue;
      const n = left.get(id) || 0;
      if (n === 0) lost.push(`${id}: no chained job`);
      if (n > 1) doubled.push(`${id}: ${n} chained jobs`);
    }
  }

  /** Each picture has one row of what its jobs leave behind. */
  async checkRows(hashes, { lost, doubled }) {
    const images = kind => new Set(this.acknowledged.map(id => hashes.get(id)).filter(x => x.name === kind).map(x => JSON.parse(x.data).imageId));
    const counts = async text => new Map((await this.stage.sql(text)).map(row => [row.id, row.n]));
    const compare = (wanted, rows, each, what) => {
      for (const image of wanted) {
        const n = rows.get(image) || 0;
        if (n < each) lost.push(`${image}: ${n} ${what}`);
        if (n > each) doubled.push(`${image}: ${n} ${what}`);
      }
    };
    const embedded = images('generate-embeddings');
    const varied = images('generate-variants');
    if (embedded.size) compare(embedded, await counts('select id, count(*) n from embeddings group by id'), 1, 'embeddings');
    if (varied.size) compare(varied, await counts('select image_id id, count(*) n from image_variants group by image_id'), 6, 'rows of variants');
    if (varied.size) {
      const files = this.stage.files('variants');
      const named = (await this.stage.sql('select distinct file_path from image_variants')).map(row => row.file_path);
      lost.push(...named.filter(name => !files.includes(name)));
      doubled.push(...files.filter(name => name.endsWith('.part')));
    }
  }
}
