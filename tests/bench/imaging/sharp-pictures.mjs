// The six files of a picture, made with sharp.
import sharp from 'sharp';
import { widths } from './files.mjs';

const formats = {
  webp: from => from.webp({ quality: 80 }),
  avif: (from, effort) => from.avif({ quality: 50, effort }),
};

/** All six at once, from whatever `source(width)` makes. */
function encodeAll(source, effort, toFile) {
  return Promise.all(Object.entries(widths).flatMap(([type, width]) => {
    const sized = source(width);
    return Object.entries(formats).map(([format, encode]) => encode(sized.clone(), effort).toFile(toFile(type, format)));
  }));
}

/** Ways to make them: `way(bytes, effort, toFile)`, where toFile(type, format) names a file. */
export const ways = {
  /** As people write it: six clones of one pipeline, each of which decodes. */
  clones(bytes, effort, toFile) {
    const base = sharp(bytes).autoOrient();
    return encodeAll(width => base.clone().resize({ width, withoutEnlargement: true }), effort, toFile);
  },

  /** As people write it who have profiled: one decode to pixels for all six. */
  async once(bytes, effort, toFile) {
    const { data, info: { width, height, channels } } = await sharp(bytes).autoOrient()
      .resize({ width: widths.lg, withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
    const raw = { width, height, channels };
    return encodeAll(to => sharp(data, { raw }).resize({ width: to, withoutEnlargement: true }), effort, toFile);
  },
};
