// Darkroom as the benches start it.
import fs from 'node:fs';
import path from 'node:path';

export const binary = process.env.DARKROOM;

/** The environment of a process of Darkroom's, with nothing of this machine. */
export function environment(redis, queueName, more = {}) {
  const folder = fs.mkdtempSync(path.join(process.env.BENCH_FOLDER, 'node-'));
  fs.writeFileSync(path.join(folder, 'darkroom.toml'), '');
  const own = Object.fromEntries(Object.entries(process.env)
    .filter(([name]) => !/^(REDIS_|DARKROOM|DATABASE_URL$|PG|AWS_|OPENAI_|OPENROUTER_|PORT$|QUEUE$|LOG_LEVEL$)/.test(name)));
  return {
    cwd: folder,
    env: {
      ...own,
      REDIS_URL: redis.url,
      DARKROOM_CONFIG: path.join(folder, 'darkroom.toml'),
      DARKROOM_STORAGE_UPLOADS: path.join(folder, 'uploads'),
      DARKROOM_CATALOG_DATABASE: path.join(folder, 'darkroom.db'),
      DARKROOM_QUEUE_NAME: queueName,
      DARKROOM_QUEUE_LIMIT: 'off',
      ...more,
    },
  };
}
