// usage: node sharp-worker.mjs PORT QUEUE CONCURRENCY UPLOADS WAY EFFORT
// BullMQ's Worker with sharp on `generate-variants` jobs. Its files have the
// names that Darkroom gives to its own.
import fs from 'node:fs';
import path from 'node:path';
import { runWorker } from '../lib/bullmq_worker.mjs';
import { variantFolder } from './files.mjs';
import { ways } from './sharp-pictures.mjs';

const [port, queue, concurrency, uploads, way, effort] = process.argv.slice(2);

async function variants(job) {
  const { imageId, filePath } = job.data;
  await job.updateProgress(10);
  const folder = variantFolder(uploads, imageId);
  await fs.promises.mkdir(folder, { recursive: true });
  const bytes = await fs.promises.readFile(path.join(uploads, filePath));
  await ways[way](bytes, Number(effort), (type, format) => path.join(folder, `${type}.${format}`));
  await job.updateProgress(100);
  return { success: true, imageId };
}

await runWorker({ port, queue, concurrency }, variants);
