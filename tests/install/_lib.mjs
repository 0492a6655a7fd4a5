// What the tests of installations share.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BINARY = process.env.DARKROOM;
export const BUILD = path.dirname(BINARY);
const execute = promisify(execFile);

/** Runs a program: what it prints. A failure tells all that it said. */
export async function run(program, args, options = {}) {
  try {
    return (await execute(program, args, { encoding: 'utf8', maxBuffer: 1 << 27, ...options })).stdout;
  } catch (problem) {
    throw new Error(`${program} ${args.join(' ')}: ended with ${problem.code ?? problem.signal}\n${problem.stdout}${problem.stderr}`);
  }
}

/** A new folder; it goes with the run. */
export const folder = name => fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));

/** Pictures are encoded in haste, as it is not the encoder that is tested. */
export const haste = { DARKROOM_IMAGING_AVIF_EFFORT: '0' };

/** The environment of somebody who has nothing set. */
export const plainEnv = home => ({ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, LC_ALL: 'C.UTF-8' });

/** The arguments with which setpriv runs something without any right. */
export const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];

/** A folder that nobody (65534) owns. */
export function nobodysFolder(at) {
  fs.mkdirSync(at, { recursive: true, mode: 0o700 });
  fs.chownSync(at, 65534, 65534);
  return at;
}

/** What `darkroom dev --samples` said of five pictures, and its catalog. */
export async function samplesOf(database) {
  const rows = await run('sqlite3', ['-json', database, 'SELECT i.status, m.model AS described, e.model AS embedded FROM images i JOIN image_metadata m ON m.image_id = i.id JOIN embeddings e ON e.id = i.id']);
  return JSON.parse(rows || '[]');
}
