// usage: node sharp-direct.mjs IN_FLIGHT UPLOADS WAY EFFORT
// sharp without a queue. Reads a line of JSON from standard input, a list of
// {imageId, filePath}, makes their variants, and says `done LINE SECONDS`; then
// it reads the next.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { variantFolder } from './files.mjs';
import { ways } from './sharp-pictures.mjs';

const [inFlight, uploads, way, effort] = process.argv.slice(2);

async function make({ imageId, filePath }) {
  const folder = variantFolder(uploads, imageId);
  await fs.promises.mkdir(folder, { recursive: true });
  const bytes = await fs.promises.readFile(path.join(uploads, filePath));
  await ways[way](bytes, Number(effort), (type, format) => path.join(folder, `${type}.${format}`));
}

let lines = 0;
console.log('ready');
for await (const line of readline.createInterface({ input: process.stdin })) {
  const left = JSON.parse(line);
  const start = performance.now();
  await Promise.all(Array.from({ length: Number(inFlight) }, async () => {
    for (let next = left.shift(); next; next = left.shift()) await make(next);
  }));
  console.log(`done ${++lines} ${(performance.now() - start) / 1000}`);
}
