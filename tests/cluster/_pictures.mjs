// Pictures with subjects, drawn for the tests of search, and a provider that
// recognises and describes them.
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** What each picture shows: a sentence, its tags, and its mood. */
export const SUBJECTS = [
  ['A red bicycle leans against a brick wall', 'bicycle, wall', 'calm'],
  ['A brown dog runs along a sandy beach', 'dog, beach', 'happy'],
  ['A black cat sleeps on a green sofa', 'cat, sofa', 'calm'],
  ['Sunset over a mountain lake with pine trees', 'sunset, lake', 'calm'],
  ['A steam locomotive crosses an iron bridge', 'train, bridge', 'dramatic'],
  ['Children fly a yellow kite in a meadow', 'kite, children', 'happy'],
  ['A bowl of tomato soup with basil', 'soup, food', 'cozy'],
  ['An old lighthouse in a storm at night', 'lighthouse, storm', 'dramatic'],
  ['A violinist plays on a theatre stage', 'violin, music', 'solemn'],
  ['Snow covers the roofs of a village', 'snow, village', 'calm'],
  ['A chess board in the middle of a game', 'chess, game', 'calm'],
  ['Fishermen pull nets into a wooden boat', 'boat, fishing', 'busy'],
  ['A hot air balloon floats above vineyards', 'balloon, vineyard', 'calm'],
  ['A barista pours milk into espresso', 'coffee, barista', 'cozy'],
  ['Penguins stand on drifting ice', 'penguin, ice', 'cold'],
  ['A rusty tractor in a field of wheat', 'tractor, wheat', 'calm'],
  ['Fireworks above a city skyline', 'fireworks, city', 'happy'],
  ['An owl looks down from an oak branch', 'owl, tree', 'mysterious'],
  ['A surfer rides a huge turquoise wave', 'surfer, wave', 'energetic'],
  ['Tulips bloom beside a windmill', 'tulip, windmill', 'happy'],
  ['A goldsmith polishes a silver ring', 'ring, craft', 'calm'],
  ['Commuters wait on an underground platform', 'subway, people', 'busy'],
  ['A giraffe eats leaves from an acacia', 'giraffe, savanna', 'calm'],
  ['A stack of leather books beside a candle', 'books, candle', 'cozy'],
  ['A rocket lifts off in a cloud of smoke', 'rocket, launch', 'dramatic'],
  ['A grandmother knits a striped scarf', 'knitting, wool', 'cozy'],
  ['Desert dunes under a full moon', 'desert, moon', 'mysterious'],
  ['A mechanic repairs a motorcycle engine', 'motorcycle, repair', 'busy'],
  ['Elephants bathe in a muddy river', 'elephant, river', 'happy'],
  ['A spider web covered with morning dew', 'spider, dew', 'calm'],
  ['A medieval castle on a rocky hill', 'castle, hill', 'dramatic'],
  ['Pancakes with blueberries and syrup', 'pancakes, breakfast', 'cozy'],
  ['A ballet dancer leaps through the air', 'ballet, dancer', 'energetic'],
  ['A goat climbs a steep cliff', 'goat, cliff', 'energetic'],
  ['An astronaut floats outside a space station', 'astronaut, space', 'mysterious'],
  ['A jazz trumpeter in a smoky club', 'trumpet, jazz', 'moody'],
  ['Rice terraces reflect the morning sky', 'rice, terraces', 'calm'],
  ['A firefighter carries a hose', 'firefighter, hose', 'dramatic'],
  ['Butterflies gather on purple lavender', 'butterfly, lavender', 'happy'],
  ['A potter shapes clay on a wheel', 'pottery, clay', 'calm'],
  ['A waterfall in a tropical jungle', 'waterfall, jungle', 'calm'],
  ['An archer draws her bow', 'archer, bow', 'solemn'],
  ['A whale breaches in the arctic ocean', 'whale, ocean', 'dramatic'],
  ['A street market with spices and fruit', 'market, spices', 'busy'],
  ['A tightrope walker between two towers', 'tightrope, towers', 'dramatic'],
  ['Sheep graze below a rainbow', 'sheep, rainbow', 'happy'],
  ['A typewriter with a blank sheet of paper', 'typewriter, paper', 'calm'],
  ['A diver explores a coral reef', 'diver, coral', 'mysterious'],
  ['A baker takes bread out of the oven', 'bread, baker', 'cozy'],
  ['A foggy harbour with cranes and containers', 'harbour, fog', 'moody'],
  ['A hedgehog hides under autumn leaves', 'hedgehog, autumn', 'cozy'],
  ['A neon sign in a rainy alley', 'neon, rain', 'moody'],
  ['Monks walk through temple ruins', 'monk, temple', 'solemn'],
  ['A skateboarder jumps down stairs', 'skateboard, stairs', 'energetic'],
  ['A greenhouse full of orchids', 'greenhouse, orchid', 'calm'],
  ['A beekeeper holds a honeycomb', 'bees, honey', 'calm'],
  ['A submarine surfaces near icebergs', 'submarine, iceberg', 'dramatic'],
  ['A clockmaker opens a pocket watch', 'watch, clockmaker', 'calm'],
  ['Wolves cross a frozen valley', 'wolf, valley', 'cold'],
  ['A carousel with painted horses at dusk', 'carousel, horses', 'happy'],
  ['A dentist examines an x-ray', 'dentist, x-ray', 'busy'],
  ['A bamboo forest path in the mist', 'bamboo, path', 'mysterious'],
];

/** Queries as people type them, and the picture that they mean. */
export const QUERIES = [
  ['bike against bricks, red bicycle', 0], ['dogs running on the beach', 1], ['sleeping cat', 2], ['sunset lake', 3],
  ['steam train on a bridge', 4], ['kids with a kite', 5], ['tomato soup', 6], ['lighthouse at night in a storm', 7],
  ['someone playing the violin', 8], ['snowy village roofs', 9], ['hot-air balloon', 12], ['espresso with milk', 13],
  ['penguin on ice', 14], ['owls in oak trees', 17], ['surfing a wave', 18], ['giraffe eating leaves', 22],
  ['rocket launch smoke', 24], ['repairing motorcycles', 27], ['whales in the ocean', 42], ['path through bamboo', 61],
];

/** Numbers from 0 to 1 that are the same each time. */
function dice(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return (state ^ (state >>> 13)) >>> 0 & 0xffff ? ((state ^ (state >>> 13)) >>> 0) / 4294967296 : 0.5;
  };
}

const SIZE = [480, 360];

/** A picture of large shapes, as PNG: different for each number. */
export function draw(number) {
  const roll = dice(number + 1);
  const color = () => `hsl(${Math.floor(roll() * 360)} ${30 + Math.floor(roll() * 60)}% ${15 + Math.floor(roll() * 70)}%)`;
  const [width, height] = SIZE;
  const shapes = Array.from({ length: 9 }, () => {
    const at = `cx="${roll() * width}" cy="${roll() * height}" rx="${40 + roll() * 110}" ry="${30 + roll() * 90}"`;
    return `<ellipse ${at} fill="${color()}" transform="rotate(${roll() * 180} ${width / 2} ${height / 2})"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>
    <linearGradient id="g" x2="${roll()}" y2="${roll()}"><stop stop-color="${color()}"/><stop offset="1" stop-color="${color()}"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** What people make of one picture: encoded again, smaller, cropped, brighter. */
export const DERIVED = {
  'again.jpg': picture => picture.jpeg({ quality: 40 }),
  'small.webp': picture => picture.resize(240).webp({ quality: 60 }),
  'crop.png': picture => picture.extract({ left: 14, top: 10, width: SIZE[0] - 28, height: SIZE[1] - 20 }).png(),
  'bright.jpg': picture => picture.modulate({ brightness: 1.15 }).jpeg({ quality: 85 }),
};

/** Draws the pictures into a folder: [{name, subject}], and `copies` of the first ones in each form. */
export async function drawAll(folder, copies) {
  const out = [];
  for (let subject = 0; subject < SUBJECTS.length; ++subject) {
    const png = await draw(subject);
    const files = { 'first.png': picture => picture, ...(subject < copies ? DERIVED : {}) };
    for (const [ending, make] of Object.entries(files)) {
      const name = `${String(subject).padStart(2, '0')}-${ending}`;
      await make(sharp(png)).toFile(path.join(folder, name));
      out.push({ name, subject });
    }
  }
  return out;
}

const fingerprint = bytes => sharp(bytes).removeAlpha().resize(12, 9, { fit: 'fill' }).raw().toBuffer();

/** A provider that describes the pictures of `drawAll`, for Stage.listen. */
export async function describer(calls = { vision: 0 }) {
  const known = [];
  for (let subject = 0; subject < SUBJECTS.length; ++subject) known.push(await fingerprint(await draw(subject)));
  return async (request, body, response) => {
    ++calls.vision;
    const url = JSON.parse(body).messages.flatMap(x => x.content).find(x => x.type === 'image_url').image_url.url;
    const seen = await fingerprint(Buffer.from(url.split(',')[1], 'base64'));
    const far = print => print.reduce((sum, x, i) => sum + (x - seen[i]) ** 2, 0);
    const best = known.map(far).reduce((at, x, i, all) => (x < all[at] ? i : at), 0);
    const [sentence, tags, mood] = SUBJECTS[best];
    const content = JSON.stringify({
      description: `${sentence}.`, detailedDescription: `${sentence}.`, tags: tags.split(', '), categories: ['drawing'],
      objects: tags.split(', '), colors: { dominant: ['#808080'], names: ['grey'], temperature: 'warm' }, mood, style: 'drawing',
      composition: { orientation: 'landscape', framing: 'medium shot', focalPoint: 'center', perspective: 'eye level' },
      searchableText: `${sentence}. ${tags}. ${mood}`,
    });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }] }));
  };
}

/** Settings for small and quick jobs. */
export const QUICK = '[[variants]]\nname = "sm"\nwidth = 320\nformat = ["webp"]\n';

export function writeQuick(stage) {
  fs.writeFileSync(stage.config, QUICK);
}
