// Brings catalog, queue and files out of step, as crashes, restored backups and
// other programs do.
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { draw } from './_pictures.mjs';

const run = promisify(execFile);
export const AGE = 600000; // ms; how old everything looks

/** Numbers from 0 to 1, the same for each seed. */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

export async function small(number) {
  return sharp(await draw(number)).resize(120).png().toBuffer();
}

export class Drift {
  /** @param ids of completed images; each is harmed once */
  constructor(stage, ids, seed) {
    this.stage = stage;
    this.roll = dice(seed);
    this.ids = [...ids].sort().map(id => [this.roll(), id]).sort((a, b) => a[0] - b[0]).map(x => x[1]);
    this.ghosts = 0;
  }

  next() { return this.ids.pop(); }
  pick(list) { return list[Math.floor(this.roll() * list.length)]; }
  ghost() { return `ghost-${++this.ghosts}`; }

  /** Writes to the catalog without foreign keys. */
  async write(sql) {
    await run('sqlite3', ['-cmd', '.timeout 5000', this.stage.database, sql]);
  }

  put(name) {
    const file = path.join(this.stage.uploads, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, 'x');
    fs.utimesSync(file, new Date(Date.now() - AGE), new Date(Date.now() - AGE));
  }

  /** One harm of each class, by its name. */
  harms() {
    return {
      'stuck-processing': async () => {
        const part = this.pick(['metadata', 'variants', 'embedding']);
        const id = this.next();
        await this.write(`UPDATE image_parts SET status = 'processing' WHERE image_id = '${id}' AND part = '${part}'`);
        if (part === 'embedding') await this.write(`UPDATE images SET status = 'processing' WHERE id = '${id}'`);
      },
      'image-without-jobs': async () => {
        const id = this.next();
        if (this.roll() < 0.5) {
          await this.write(`DELETE FROM image_parts WHERE image_id = '${id}' AND part = 'variants'`);
          return;
        }
        await this.write(`DELETE FROM image_parts WHERE image_id = '${id}' AND part = 'embedding'; DELETE FROM embeddings WHERE id = '${id}';
          UPDATE images SET status = 'processing' WHERE id = '${id}'`);
      },
      'job-without-image': async () => {
        const imageId = this.ghost();
        const deleted = this.roll() < 0.5;
        if (deleted) {
          await this.write(`INSERT INTO deleted_images (id, file_path, deleted_at)
            VALUES ('${imageId}', 'originals/${imageId}.png', ${Date.now() - AGE / 2})`);
        }
        const data = { imageId, filePath: `originals/${imageId}.png`, metadata: { searchableText: 'x' } };
        await this.stage.queue().add(this.pick(['generate-metadata', 'generate-variants', 'generate-embeddings']), data,
          { timestamp: Date.now() - AGE, ...this.pick([{}, { priority: 3 }, { delay: 1000 }]) });
      },
      'row-without-file': async () => {
        const id = this.next();
        const folder = path.join(this.stage.uploads, 'variants', id);
        fs.rmSync(path.join(folder, this.pick(fs.readdirSync(folder))));
      },
      'file-without-row': async () => {
        this.put(this.pick([`variants/${crypto.randomUUID()}/sm.webp`, `variants/${this.ids[0]}/old-${++this.ghosts}.webp`,
          `originals/${crypto.randomUUID()}.jpg`, `variants/${this.ids[0]}/.sm.webp.1700000000000-1-${++this.ghosts}.part`]));
      },
      'vector-without-row': async () => {
        const columns = 'type, name, slug, searchable_text, metadata, host, model, dimensions, vector, text_hash, created_at';
        await this.write(`INSERT INTO embeddings (id, ${columns}) SELECT '${this.ghost()}', ${columns} FROM embeddings LIMIT 1`);
      },
      'row-without-image': async () => {
        const id = this.ghost();
        await this.write(this.pick([
          `INSERT INTO image_parts (image_id, part, status, job_id, job_timestamp, attempt, updated_at) VALUES ('${id}', 'metadata', 'completed', '7', 1, 1, 1)`,
          `INSERT INTO image_words (image_id, kind, word) VALUES ('${id}', 'tag', 'cat')`,
          `INSERT INTO image_variants (image_id, variant_type, format, width, height, file_size, file_path, created_at) VALUES ('${id}', 'sm', 'webp', 1, 1, 1, 'x', 1)`,
          `INSERT INTO image_bytes (sha256, image_id) VALUES ('${id}', '${id}')`,
        ]));
      },
      'part-without-rows': async () => {
        const id = this.next();
        await this.write(this.roll() < 0.5 ? `DELETE FROM image_metadata WHERE image_id = '${id}'` : `DELETE FROM embeddings WHERE id = '${id}'`);
      },
      'wrong-status': async () => {
        await this.write(`UPDATE images SET status = '${this.pick(['pending', 'processing', 'failed'])}' WHERE id = '${this.next()}'`);
      },
      'stuck-outbox': async () => {
        const id = this.next();
        const [{ file_path: filePath }] = await this.stage.sql(`SELECT file_path FROM images WHERE id = '${id}'`);
        await this.write(`INSERT INTO job_outbox (job_id, image_id, name, data, created_at, queue) VALUES ('outbox-${id}', '${id}',
          'generate-variants', '${JSON.stringify({ imageId: id, filePath })}', ${Date.now() - AGE}, 'bull:image-processing:')`);
      },
    };
  }
}
