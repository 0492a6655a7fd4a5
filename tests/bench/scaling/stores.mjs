// Where rows and files go: each place says how a cluster is told of it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { Postgres } from '../../cluster/_postgres.mjs';
import { BUCKET, Bucket, PREFIX } from '../../cluster/_s3.mjs';
import { far } from './far.mjs';

// A picture of 32 pixels becomes so many files: as many sizes, each of which is
// encoded; or one size, encoded once, of which further files are made as links
// in a folder and as objects of their own in a bucket.
export const picture = 'tiny.png';
const sizes = i => 10 + i;
const one_size = () => 32;
const variants = (count, width) => Array.from({ length: count }, (_, i) => `[[variants]]\nname = "v${i}"\nwidth = ${width(i)}\nformat = "jpeg"\n`).join('\n');

const tables = ['images', 'image_parts', 'image_metadata', 'image_variants', 'image_marks', 'image_bytes', 'image_words', 'embeddings', 'vector_changes'];
const countRows = `select ${tables.map(x => `(select count(*) from ${x})`).join(' + ')} as n`;

/** A program as the bench measures it. */
const measured = (role, pid) => ({ role, child: { pid } });

export class Stores {
  constructor(stage) {
    this.stage = stage;
    this.made = 0;
  }

  /** What the disk does: ms until 4 KB are safe, the median of 200. */
  async facts() {
    const file = fs.openSync(path.join(os.tmpdir(), 'sync'), 'w');
    const times = Array.from({ length: 200 }, () => {
      fs.writeSync(file, Buffer.alloc(4096));
      const begin = performance.now();
      fs.fsyncSync(file);
      return performance.now() - begin;
    }).sort((a, b) => a - b);
    fs.closeSync(file);
    return { fsync_ms: times[100].toFixed(2), postgres: execFileSync('psql', ['--version']).toString().trim().split(' ')[2] };
  }

  folder(name) {
    const made = path.join(this.stage.folder, `${name}-${++this.made}`);
    fs.mkdirSync(made);
    return made;
  }

  /** A new SQLite file: {env, others, rows()}. */
  async sqlite() {
    const file = path.join(this.folder('sqlite'), 'darkroom.db');
    const rows = () => Number(execFileSync('sqlite3', ['-readonly', file, countRows]));
    return { env: { DARKROOM_CATALOG_DATABASE: file }, others: [], rows };
  }

  /** An empty schema of a PostgreSQL server that syncs, `trip` ms away. */
  async postgres({ trip = 0 } = {}) {
    this.server ??= await Postgres.start(this.stage, { fsync: 'on', shared_buffers: '128MB' });
    const { server } = this;
    const schema = `bench${++this.made}`;
    await server.sql('select 1 as one');
    const cable = trip && await far({ path: path.join(server.folder, '.s.PGSQL.5432') }, trip);
    const url = cable ? `postgres://darkroom@127.0.0.1:${cable.port}/darkroom` : server.url;
    return {
      env: { DARKROOM_CATALOG_DATABASE: url, DARKROOM_CATALOG_SCHEMA: schema },
      others: [measured('postgres', server.proc.pid)],
      rows: async () => (await server.sql(countRows.replaceAll('from ', `from ${schema}.`)))[0].n,
      close: () => cable && cable.close(),
    };
  }

  settings(count, width) {
    const config = path.join(this.folder('settings'), 'darkroom.toml');
    fs.writeFileSync(config, variants(count, width));
    return { DARKROOM_CONFIG: config, DARKROOM_IMAGING_REUSE_RESULTS: 'false', DARKROOM_IMAGING_SHARE_FILES: 'false' };
  }

  /** The picture: noise, so that its files are not trivial. */
  tiny() {
    return sharp({ create: { width: 32, height: 32, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).png().toBuffer();
  }

  /** A new folder of this machine with the picture. */
  async files({ count, links = false }) {
    const uploads = this.folder('uploads');
    fs.writeFileSync(path.join(uploads, picture), await this.tiny());
    return { env: { ...this.settings(count, links ? one_size : sizes), DARKROOM_STORAGE_UPLOADS: uploads }, others: [] };
  }

  /** A bucket of s3rver with the picture, `trip` ms away. */
  async bucket({ count, trip = 0 }) {
    if (!this.s3) {
      this.s3 = await new Bucket(this.stage).start();
      await this.s3.put(picture, await this.tiny());
    }
    const { s3 } = this;
    // s3rver walks through all objects for each list: begin with none.
    fs.rmSync(path.join(this.stage.folder, 'bucket', BUCKET, PREFIX, 'variants'), { recursive: true, force: true });
    const cable = trip && await far({ port: s3.port, host: '127.0.0.1' }, trip);
    const endpoint = `http://127.0.0.1:${cable ? cable.port : s3.port}`;
    return {
      env: s3.env({ ...this.settings(count, one_size), DARKROOM_STORAGE_S3_ENDPOINT: endpoint }),
      others: [measured('s3rver', s3.server.pid)],
      close: () => cable && cable.close(),
    };
  }
}

