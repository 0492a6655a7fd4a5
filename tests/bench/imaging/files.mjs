// Where the variants of a picture are: variants/PICTURE/TYPE.FORMAT.
import fs from 'node:fs';
import path from 'node:path';

export const widths = { sm: 640, md: 1024, lg: 1920 };

export const variantFolder = (uploads, imageId) => path.join(uploads, 'variants', imageId);

/** A variant's file. A small picture may have one file for several widths. */
export function variantFile(uploads, imageId, type, format) {
  const files = [type, 'lg', 'md', 'sm'].map(x => path.join(variantFolder(uploads, imageId), `${x}.${format}`));
  const found = files.find(x => fs.existsSync(x));
  if (!found) throw new Error(`${imageId} has no ${format} of ${widths[type]} pixels`);
  return found;
}

/** Size of a picture's variants on disk; throws if one is missing. */
export function bytesOf(uploads, imageId) {
  const files = Object.keys(widths).flatMap(type => ['webp', 'avif'].map(format => variantFile(uploads, imageId, type, format)));
  return [...new Set(files)].reduce((bytes, file) => bytes + fs.statSync(file).size, 0);
}
