// Which systems do what, and how much faster Darkroom has to be.
import { measure } from '../lib/rounds.mjs';
import { backlog, bulkAdd, hugeBacklog, latency } from './measures.mjs';

const rates = ['jobs_per_s', 'redis_us', 'script_us', 'worker_cpu_us', 'rss_mb'];

export const parts = {
  a: 'process a backlog: AOF off and everysec, keep and remove completed jobs',
  b: 'add in bulk',
  c: 'latency of one job on an idle system',
  e: 'process a backlog with the processors in another process, over CAF',
  f: 'a huge backlog against a small one',
};

function process(title, options, least) {
  const cells = Object.fromEntries(['bullmq', 'solo', 'silent'].map(system => [system, { system, ...options }]));
  return measure('a', `Process a backlog, ${title}`, backlog, rates, cells, [
    { figure: 'jobs_per_s', cell: 'solo', base: 'bullmq', least },
    { figure: 'jobs_per_s', cell: 'silent', base: 'bullmq', least },
  ]);
}

function idle(jobs, concurrency) {
  const cells = Object.fromEntries(['bullmq', 'solo', 'cluster'].map(system => [system, { system, jobs, concurrency }]));
  return measure('c', `One job for an idle worker of concurrency ${concurrency}`, latency, ['p50_ms', 'p95_ms', 'p99_ms'], cells, [
    { figure: 'p50_ms', cell: 'solo', base: 'bullmq', most: 1 },
    { figure: 'p99_ms', cell: 'solo', base: 'bullmq', most: 1 },
  ]);
}

export function plan({ quick, jobs }) {
  const added = quick ? 50000 : 200000;
  const samples = quick ? 300 : 1000;
  const huge = quick ? 200000 : 1000000;
  return [
    process('no AOF, completed jobs kept', { jobs }, 2),
    process('no AOF, removeOnComplete', { jobs, remove: true }, 2),
    process('AOF everysec, completed jobs kept', { jobs, aof: true }, 1.7),
    process('AOF everysec, removeOnComplete', { jobs, aof: true, remove: true }, 1.7),
    measure('b', `Add ${added} jobs: Queue.addBulk and darkroom add --bulk`, bulkAdd, ['jobs_per_s', 'redis_us', 'script_us'],
      { bullmq: { system: 'bullmq', jobs: added }, darkroom: { system: 'solo', jobs: added } },
      [{ figure: 'jobs_per_s', cell: 'darkroom', base: 'bullmq', least: 3 }]),
    idle(samples, 1),
    idle(samples, 50),
    measure('e', 'Process a backlog with the processors in another process', backlog, rates,
      { bullmq: { system: 'bullmq', jobs }, cluster: { system: 'cluster', jobs } },
      [{ figure: 'jobs_per_s', cell: 'cluster', base: 'bullmq', least: 1.5 }]),
    measure('f', `The first ${jobs} of ${jobs} and of ${huge} waiting jobs`, hugeBacklog, [...rates, 'rss_growth_mb'], {
      'bullmq, small': { system: 'bullmq', jobs, backlog: jobs },
      'bullmq, huge': { system: 'bullmq', jobs, backlog: huge },
      'solo, small': { system: 'solo', jobs, backlog: jobs },
      'solo, huge': { system: 'solo', jobs, backlog: huge },
    }, [
      { figure: 'jobs_per_s', cell: 'solo, huge', base: 'solo, small', least: 0.9 },
      { figure: 'jobs_per_s', cell: 'bullmq, huge', base: 'bullmq, small' },
      { figure: 'rss_growth_mb', cell: 'solo, huge', most: 20 },
    ]),
  ];
}
