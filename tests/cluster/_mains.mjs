// Main nodes of one queue: one is active, the others stand by.
import { freePort, until } from './_lib.mjs';

/** Main nodes a and b of one queue. */
export const pair = (stage, more = {}) => mainsOf(stage, ['a', 'b'], more);

/** Main nodes of one queue, each with ports of its own for all its lives; the first is active. */
export async function mainsOf(stage, names, more = {}) {
  const mains = {};
  for (const name of names)
    mains[name] = { name, http: await freePort(), cluster: await freePort(), proc: null };
  mains.env = {
    DARKROOM_CLUSTER_MAIN: names.map(name => `127.0.0.1:${mains[name].cluster}`).join(),
    ...more,
  };
  mains.start = main => {
    main.proc = stage.darkroom(main.name, ['serve'], {
      REDIS_URL: stage.redisUrl,
      DARKROOM_CLUSTER_NODE_NAME: main.name,
      DARKROOM_CLUSTER_PORT: `${main.cluster}`,
      DARKROOM_HTTP_PORT: `${main.http}`,
      DARKROOM_CATALOG_DATABASE: stage.database,
      ...more,
    });
    return main;
  };
  mains.readiness = async main => {
    const answer = await fetch(`http://127.0.0.1:${main.http}/readyz`);
    return { ...await answer.json(), status: answer.status };
  };
  mains.becomes = (main, role, ms = 20000) => until(async () => (await mains.readiness(main)).role === role, `${main.name} is ${role}`, ms, 10);
  mains.use = main => { stage.url = `http://127.0.0.1:${main.http}`; };
  const [first, ...others] = names.map(name => mains[name]);
  await mains.becomes(mains.start(first), 'active');
  for (const other of others) await mains.becomes(mains.start(other), 'standby');
  mains.use(first);
  return mains;
}
