// What the tests of pictures share: a folder, and `darkroom variants` in it.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BINARY = process.env.DARKROOM || path.join(ROOT, 'build/release/darkroom');
export const PICTURES = path.join(ROOT, 'tests/pictures');

/** An environment in which nothing of this machine configures Darkroom. */
const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(REDIS_|DATABASE_URL$|DARKROOM|PORT$|QUEUE$|LOG_LEVEL$|NODE_)/.test(name)));

export class Folder {
  constructor() {
    this.path = fs.mkdtempSync(path.join(os.tmpdir(), 'imaging-test-'));
    fs.writeFileSync(this.of('darkroom.toml'), '');
  }
  of(...names) { return path.join(this.path, ...names); }
  env(more = {}) { return { ...own, DARKROOM_CONFIG: this.of('darkroom.toml'), ...more }; }
  list(name) { return fs.existsSync(this.of(name)) ? fs.readdirSync(this.of(name)).sort() : []; }

  /** `darkroom ARGS` until its end: {code, out, err}. */
  darkroom(args, more = {}) {
    return new Promise((resolve, reject) => {
      execFile(BINARY, args, { cwd: this.path, env: this.env(more), timeout: 300000, maxBuffer: 1 << 28 }, (problem, out, err) => {
        if (problem && typeof problem.code !== 'number') reject(problem);
        else resolve({ code: problem ? problem.code : 0, out, err });
      });
    });
  }

  /** `darkroom ARGS`, running. */
  start(args, more = {}) {
    return spawn(BINARY, args, { cwd: this.path, env: this.env(more), stdio: 'ignore' });
  }

  close() { fs.rmSync(this.path, { recursive: true, force: true }); }
}

/** Runs a test's body in a folder of its own. */
export function inFolder(body) {
  return async t => {
    const folder = new Folder();
    try {
      await body(folder, t);
    } finally {
      folder.close();
    }
  };
}
