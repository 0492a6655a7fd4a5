// On what machine, and with which versions, a bench was run.
import fs from 'node:fs';
import os from 'node:os';
import { execFileSync } from 'node:child_process';

const packages = new URL('../../node_modules/', import.meta.url);

/** @param names npm packages whose versions are told */
export async function facts(redis, names) {
  const version = name => JSON.parse(fs.readFileSync(new URL(`${name}/package.json`, packages))).version;
  return {
    date: new Date().toISOString(),
    cpu: os.cpus()[0].model,
    cores: os.cpus().length,
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    load: os.loadavg().map(x => x.toFixed(2)).join(' '),
    redis: await redis.version(),
    node: process.version,
    ...Object.fromEntries(names.map(name => [name, version(name)])),
    darkroom: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: new URL('.', import.meta.url) }).toString().trim(),
  };
}
