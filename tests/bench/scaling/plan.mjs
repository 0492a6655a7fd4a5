// What is measured, on which stores.
import { measure } from '../lib/rounds.mjs';
import { echoes, files, rows } from './measures.mjs';

export const parts = {
  jobs: 'jobs that do nothing, through one main node to 1, 2 and 4 worker nodes',
  rows: 'vectors into the catalog: SQLite, PostgreSQL, PostgreSQL 2 ms away by one writer and by two',
  files: 'files of tiny pictures into a folder, into s3rver, into s3rver 100 ms away',
};

const costs = ['redis_us', 'main_us', 'worker_us'];
const signs = ['unsettled', 'catalog_lag_s'];

export function plan({ quick }) {
  const part = quick ? 0.25 : 1;
  const echo = { jobs: 40000 * part };
  const near = { system: 'cluster', jobs: 2000 * part, warmUp: 300 };
  const away = { system: 'cluster', jobs: 120 * part, warmUp: 30 };
  const tiny = { system: 'cluster', count: 20, jobs: 120 * part, warmUp: 30 };
  return [
    measure('jobs', `Process ${echo.jobs} echo jobs, concurrency 50 each`, echoes, ['jobs_per_s', ...costs],
      { '1 worker': { system: 'cluster', ...echo }, '2 workers': { system: 'cluster2', ...echo }, '4 workers': { system: 'cluster4', ...echo } }, []),
    measure('rows', 'Commit vectors of 512 numbers, concurrency 50', rows, ['jobs_per_s', 'rows_per_s', 'rows_per_job', ...costs, 'postgres_us', ...signs], {
      sqlite: { store: 'sqlite', ...near },
      postgres: { store: 'postgres', ...near },
      'postgres, 2 ms away': { store: 'postgres', trip: 2, ...away },
      'the same, two solo': { store: 'postgres', trip: 2, ...away, system: 'solo2' },
    }, [{ figure: 'jobs_per_s', cell: 'the same, two solo', base: 'postgres, 2 ms away' }]),
    measure('files', 'Store files of a tiny picture, concurrency 16', files, ['jobs_per_s', 'files_per_s', ...costs, 's3rver_us', ...signs], {
      'folder, 20 files': { store: 'files', ...tiny },
      'folder, 20 links': { store: 'files', links: true, ...tiny },
      's3rver, 6 files': { store: 'bucket', ...tiny, count: 6 },
      's3rver, 1 file, 100 ms away': { store: 'bucket', trip: 100, ...away, count: 1 },
    }, []),
  ];
}
