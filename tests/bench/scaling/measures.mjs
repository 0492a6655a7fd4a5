// A backlog of one kind of job, for a cluster with a certain store.
import { backlog } from '../queue/measures.mjs';
import { picture } from './stores.mjs';

const look_every_ms = 1000; // as often as the main node looks itself
const text = 'a brown dog runs along a sandy beach below a cloudy sky, photographed in the evening from far away';

/** The most that metrics of the main node tell while jobs run. */
function watchSigns([main]) {
  if (!main.url) return undefined; // a node without HTTP
  const most = { unsettled: 0, catalog_lag_s: 0 };
  const signs = { unsettled: /^darkroom_jobs_unsettled (\S+)/m, catalog_lag_s: /^darkroom_actor_lag_seconds\{actor="catalog".*\} (\S+)/m };
  const look = async () => {
    const page = await (await fetch(`${main.url}/metrics`)).text();
    for (const [name, pattern] of Object.entries(signs)) most[name] = Math.max(most[name], Number(pattern.exec(page)?.[1] ?? 0));
  };
  const timer = setInterval(() => look().catch(() => {}), look_every_ms);
  timer.unref();
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Jobs that do nothing. */
export const echoes = ({ redis }, system, options) => backlog(redis, system, options);

/** Vectors of texts by the n-gram model, which costs next to nothing. */
export async function rows({ redis, stores }, system, { store, jobs, warmUp, ...options }) {
  const place = await stores[store](options);
  const make = i => ({ name: 'generate-embeddings', data: { imageId: `p${i}`, filePath: 'p.jpg', model: 'local-ngram-1', metadata: { searchableText: `${text} ${i}` } } });
  const figures = await backlog(redis, system, { jobs, warmUp, make, env: place.env, others: place.others, watch: watchSigns });
  const each = await place.rows() / (jobs + warmUp);
  place.close?.();
  return { ...figures, rows_per_s: each * figures.jobs_per_s, rows_per_job: each };
}

/** Variants of a tiny picture. */
export async function files({ redis, stores }, system, { store, jobs, warmUp, count, ...options }) {
  const place = await stores[store]({ count, ...options });
  const make = i => ({ name: 'generate-variants', data: { imageId: `p${i}`, filePath: picture } });
  const figures = await backlog(redis, system, { jobs, warmUp, concurrency: 16, make, env: place.env, others: place.others, watch: watchSigns });
  place.close?.();
  return { ...figures, files_per_s: count * figures.jobs_per_s };
}
