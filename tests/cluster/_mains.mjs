// Two main nodes of one queue: one is active, the other stands by.
import { freePort, until } from './_lib.mjs';

/** Main nodes a and b of one queue, each with ports of its own for all its lives. */
export async function pair(stage, more = {}) {
  const mains = {};
  for (const name of ['a', 'b'])
    mains[name] = { name, http: await freePort(), cluster: await freePort(), proc: null };
  mains.env = {
    DARKROOM_CLUSTER_MAIN: `127.0.0.1:${mains.a.cluster},127.0.0.1:${mains.b.cluster}`,
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
  await mains.becomes(mains.start(mains.a), 'active');
  await mains.becomes(mains.start(mains.b), 'standby');
  mains.use(mains.a);
  return mains;
}
