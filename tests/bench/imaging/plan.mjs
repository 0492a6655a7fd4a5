// Which systems make the pictures, and how much better Darkroom has to be.
import { measure } from '../lib/rounds.mjs';
import { backlog, direct, idle } from './measures.mjs';
import { outside } from './profile.mjs';
import { addQuality } from './quality.mjs';

const cost = ['pictures_per_s', 'wall_s', 'cpu_s', 'cores', 'rss_mb', 'pss_mb', 'kb'];
const quality = ['ssim_y', 'butteraugli', 'ssimulacra'];

export const parts = {
  a: 'without a queue, one and two pictures in flight',
  b: 'a backlog in the queue, concurrency 5',
  c: 'one picture at a time in the queue of an idle machine',
  d: 'share of CPU outside the encoders',
};

const clones = (effort, more) => ({ [`sharp ${effort}`]: { system: 'sharp', way: 'clones', effort, ...more } });
const once = (effort, more) => ({ [`sharp ${effort}, one decode`]: { system: 'sharp', way: 'once', effort, ...more } });
const darkroom = (effort, more) => ({ [`darkroom ${effort}`]: { system: 'darkroom', effort, ...more } });

/** With the other aim of the encoder, at the quality that makes as many bytes. */
const ssim = (effort, more) => ({ [`darkroom ${effort}, ssim`]: { system: 'darkroom', effort, tune: 'ssim', ...more } });

// A backlog of 20 is deep by default. This one needs fewer pictures, and few of
// them are the last one, behind which none waits.
const deep = { deepBacklog: 1, copies: 4 };

const merged = list => Object.assign({}, ...list);

/** All three at each effort. */
const all = (efforts, more) => merged(efforts.flatMap(x => [clones(x, more), once(x, more), darkroom(x, more)]));

/** At the same effort, against sharp as people write it and with one decode. */
const sameEffort = efforts => efforts.flatMap(x => [
  { figure: 'pictures_per_s', cell: `darkroom ${x}`, base: `sharp ${x}`, least: 1.15 },
  { figure: 'pictures_per_s', cell: `darkroom ${x}`, base: `sharp ${x}, one decode`, least: 1 },
]);

/** Darkroom's effort 3 and sharp's 4 are the defaults. */
const defaults = [
  { figure: 'pictures_per_s', cell: 'darkroom 3', base: 'sharp 4', least: 3.5 },
  { figure: 'kb', cell: 'darkroom 3', base: 'sharp 4', most: 1.03 },
  { figure: 'ssim_y', cell: 'darkroom 3', minus: 'sharp 4', least: -0.003 },
  { figure: 'rss_mb', cell: 'darkroom 3', base: 'sharp 4', most: 0.5 },
  { figure: 'rss_mb', cell: 'darkroom 3', base: 'sharp 3', most: 0.5 },
  { figure: 'pictures_per_s', cell: 'darkroom auto', base: 'sharp 4', least: 8 },
];

function inFlight(concurrency, efforts) {
  return measure('a', `Without a queue, ${concurrency} in flight`, direct, cost, all(efforts, { concurrency }),
    efforts.map(x => ({ figure: 'pictures_per_s', cell: `darkroom ${x}`, base: `sharp ${x}, one decode` })));
}

function waiting(efforts, hasAuto) {
  const more = { concurrency: 5 };
  const cells = merged([all(efforts, more), ssim(3, more), hasAuto ? darkroom('auto', { ...more, ...deep }) : {}]);
  return { ...measure('b', 'A backlog in the queue, concurrency 5', backlog, [...cost, ...quality], cells,
    [...defaults, ...sameEffort(efforts)]), after: addQuality };
}

function alone(efforts, hasAuto) {
  const more = { concurrency: 5 };
  const cells = merged([...efforts.flatMap(x => [clones(x, more), darkroom(x, more)]), hasAuto ? darkroom('auto', more) : {}]);
  return measure('c', 'One picture at a time in the queue of an idle machine', idle, ['picture_s', 'cpu_s', 'cores', 'rss_mb', 'pss_mb'], cells,
    efforts.map(x => ({ figure: 'picture_s', cell: `darkroom ${x}`, base: `sharp ${x}`, most: 0.75 })));
}

function profiled() {
  const more = { concurrency: 5 };
  return measure('d', 'Share of CPU outside the encoders, effort 3, concurrency 5', outside, ['outside_percent', 'avif_percent', 'webp_percent', 'kernel_percent', 'sampled_s', 'cpu_s'],
    merged([clones(3, more), once(3, more), darkroom(3, more)]),
    [{ figure: 'outside_percent', cell: 'darkroom 3', most: 10 }]);
}

export function plan({ efforts, hasAuto }) {
  const slow = efforts.filter(x => x >= 3);
  return [inFlight(1, efforts), inFlight(2, efforts), waiting(efforts, hasAuto), alone(slow, hasAuto), profiled()];
}
