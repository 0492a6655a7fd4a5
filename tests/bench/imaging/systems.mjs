// What is compared: each starts its processes and says when they take work.
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { binary, environment } from '../lib/darkroom.mjs';
import { Program } from '../lib/processes.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const queueName = 'pictures';

function node(script, args, options) {
  return new Program(process.execPath, [path.join(here, script), ...args.map(String)], options);
}

async function darkroom(redis, uploads, { concurrency, effort, tune, deepBacklog }) {
  const program = new Program(binary, ['solo', '--concurrency', `${concurrency}`], environment(redis, queueName, {
    DARKROOM_STORAGE_UPLOADS: uploads,
    DARKROOM_HTTP_ENABLED: 'false',
    DARKROOM_IMAGING_AVIF_EFFORT: `${effort}`,
    DARKROOM_IMAGING_REUSE_RESULTS: 'false', // rounds repeat the pictures
    ...(tune === undefined ? {} : { DARKROOM_IMAGING_AVIF_TUNE: tune, DARKROOM_IMAGING_AVIF_QUALITY: '47' }),
    ...(deepBacklog === undefined ? {} : { DARKROOM_IMAGING_DEEP_BACKLOG: `${deepBacklog}` }),
  }));
  await program.line('ready');
  return program;
}

/** Workers of the queue: start(redis, uploads, {concurrency, effort, way}). */
export const systems = {
  async sharp(redis, uploads, { concurrency, effort, way }) {
    const program = node('sharp-worker.mjs', [redis.port, queueName, concurrency, uploads, way, effort]);
    await program.line('ready');
    return program;
  },
  darkroom,
};

/** sharp without a queue. @returns a program that takes lines of pictures */
export async function sharpDirect(uploads, { concurrency, effort, way }) {
  const program = node('sharp-direct.mjs', [concurrency, uploads, way, effort], { stdio: ['pipe', 'pipe', 'pipe'] });
  await program.line('ready');
  return program;
}

/** Whether this binary makes variants without a queue. */
export const hasVariantsCommand = () => `${spawnSync(binary, ['variants', '--help']).stdout}`.includes('--out');

/** Makes the variants of files in a folder, and ends. */
export function darkroomVariants(redis, files, folder, { concurrency, effort }) {
  return new Program(binary, ['variants', ...files, '--out', folder, '--effort', `${effort}`, '--jobs', `${concurrency}`, '--json'],
    environment(redis, queueName));
}

/** Why Darkroom does not start with this effort, or undefined if it does. */
export async function refusal(redis, uploads, effort) {
  try {
    await (await darkroom(redis, uploads, { concurrency: 1, effort })).stop();
    return undefined;
  } catch (problem) {
    return problem.message;
  }
}
