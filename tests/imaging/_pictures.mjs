// The pictures that sharp and Darkroom are compared on: all that a format can
// hold which may go wrong. Each has a name of its own, without folders.
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { PICTURES } from './_lib.mjs';
import { greyProfile, movingPng, tiff } from './_profiles.mjs';

// Wider than two of the sizes, so that two variants are shrunk.
const WIDTH = 1300;
const HEIGHT = 72;

/**
 * Pixels that look different when they are turned or mirrored: slopes, and a
 * square in a corner.
 */
function pixels(width, height, channels, alpha = () => 255) {
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      const inSquare = x < width / 4 && y < height / 4;
      const colour = inSquare ? [220, 40, 30] : [30 + (200 * x) / width, 30 + (200 * y) / height, 120 + 60 * Math.sin(x / 9)];
      for (let k = 0; k < channels; ++k) {
        const value = k === channels - 1 && channels % 2 === 0 ? alpha(x, y) : channels < 3 ? colour[1] : colour[k];
        data[(y * width + x) * channels + k] = value;
      }
    }
  return data;
}

const raw = (channels = 3, alpha = undefined, width = WIDTH, height = HEIGHT) =>
  sharp(pixels(width, height, channels, alpha), { raw: { width, height, channels } });

const FORMATS = {
  jpg: { quality: 95 },
  png: {},
  webp: { quality: 95 },
  avif: { quality: 90, effort: 0 },
  tif: { compression: 'lzw' },
};
const encode = (picture, extension) =>
  picture.toFormat({ jpg: 'jpeg', tif: 'tiff' }[extension] || extension, FORMATS[extension]).toBuffer();

async function turned(add) {
  for (let orientation = 1; orientation <= 8; ++orientation)
    for (const extension of Object.keys(FORMATS))
      await add(`turned-${orientation}.${extension}`, encode(raw(3, undefined, 120, 72).withMetadata({ orientation }), extension));
}

async function coloured(add, folder) {
  const profile = path.join(folder, 'profile.icc');
  const adobe = (await sharp(path.join(PICTURES, 'adobergb.jpg')).metadata()).icc;
  for (const extension of Object.keys(FORMATS)) {
    fs.writeFileSync(profile, adobe);
    await add(`adobe-rgb.${extension}`, encode(raw().withIccProfile(profile, { attach: true }), extension));
    await add(`p3.${extension}`, encode(raw().withIccProfile('p3'), extension));
  }
  for (const extension of ['jpg', 'png', 'tif']) {
    fs.writeFileSync(profile, greyProfile(1.6));
    await add(`grey-profile.${extension}`, encode(raw(1).toColourspace('b-w').withIccProfile(profile), extension));
    await add(`grey.${extension}`, encode(raw(1).toColourspace('b-w'), extension));
  }
  for (const extension of ['jpg', 'tif']) {
    await add(`cmyk-profile.${extension}`, encode(raw().toColourspace('cmyk').withIccProfile('cmyk'), extension));
    await add(`cmyk.${extension}`, encode(raw().toColourspace('cmyk'), extension));
  }
  fs.rmSync(profile);
}

async function transparent(add) {
  const kinds = {
    slope: (x, y) => (255 * (x + y)) / (WIDTH + HEIGHT),
    opaque: () => 255,
    none: () => 0,
    hole: (x, y) => ((x - 60) ** 2 + (y - 36) ** 2 < 400 ? 0 : 255),
  };
  for (const [kind, alpha] of Object.entries(kinds)) {
    for (const extension of ['png', 'webp', 'avif', 'tif']) await add(`alpha-${kind}.${extension}`, encode(raw(4, alpha), extension));
    await add(`alpha-${kind}.gif`, raw(4, alpha).gif().toBuffer());
    await add(`alpha-grey-${kind}.png`, encode(raw(2, alpha).toColourspace('b-w'), 'png'));
  }
  await add('alpha-lossless.webp', raw(4, kinds.slope).webp({ lossless: true }).toBuffer());
  await add('alpha-palette.png', raw(4, kinds.slope).png({ palette: true }).toBuffer());
}

async function deep(add) {
  for (const [name, picture] of Object.entries({ rgb: raw(3), rgba: raw(4, (x, y) => Math.min(255, x / 6 + y / 2)) }))
    for (const extension of ['png', 'tif']) await add(`deep-${name}.${extension}`, encode(picture.toColourspace('rgb16'), extension));
  for (const extension of ['png', 'tif']) await add(`deep-grey.${extension}`, encode(raw(1).toColourspace('grey16'), extension));
  await add(
    'deep-10.avif',
    raw()
      .avif({ bitdepth: 10, effort: 0 })
      .toBuffer()
      .catch(() => null),
  );
  const page = { width: WIDTH, height: HEIGHT };
  const rgb = pixels(WIDTH, HEIGHT, 3);
  const grey = pixels(WIDTH, HEIGHT, 1);
  const floats = from => Buffer.from(Float32Array.from(from, x => x / 255).buffer);
  await add(
    'deep-float.tif',
    tiff([
      {
        ...page,
        bits: 32,
        samples: 3,
        photometric: 2,
        format: 3,
        data: floats(rgb),
      },
    ]),
  );
  await add(
    'deep-float-grey.tif',
    tiff([
      {
        ...page,
        bits: 32,
        samples: 1,
        photometric: 1,
        format: 3,
        data: floats(grey),
      },
    ]),
  );
  await add('white-is-zero.tif', tiff([{ ...page, bits: 8, samples: 1, photometric: 0, data: grey }]));
  await add(
    'many-pages.tif',
    tiff([
      { ...page, bits: 8, samples: 3, photometric: 2, data: rgb },
      {
        width: 9,
        height: 9,
        bits: 8,
        samples: 1,
        photometric: 1,
        data: Buffer.alloc(81),
      },
    ]),
  );
}

async function kinds(add) {
  for (const colours of [2, 4, 16, 256]) await add(`palette-${colours}.png`, raw().png({ palette: true, colours }).toBuffer());
  await add('interlaced.png', raw().png({ progressive: true }).toBuffer());
  await add('progressive.jpg', raw().jpeg({ progressive: true, quality: 95 }).toBuffer());
  await add('subsampled.jpg', raw().jpeg({ chromaSubsampling: '4:2:0', quality: 95 }).toBuffer());
  await add('arithmetic-free.jpg', raw().jpeg({ optimiseCoding: false, quality: 95 }).toBuffer());
  await add('plain.gif', raw().gif().toBuffer());
  await add('interlaced.gif', raw().gif({ progressive: true }).toBuffer());
  await add('lossless.webp', raw().webp({ lossless: true }).toBuffer());
  await add('lossless.avif', raw().avif({ lossless: true, effort: 0 }).toBuffer());
  await add('subsampled.avif', raw().avif({ chromaSubsampling: '4:2:0', effort: 0 }).toBuffer());
  for (const compression of ['none', 'deflate', 'packbits', 'jpeg', 'zstd'])
    await add(
      `${compression}.tif`,
      raw()
        .tiff({ compression })
        .toBuffer()
        .catch(() => null),
    );
  await add('tiles.tif', raw().tiff({ compression: 'lzw', tile: true, tileWidth: 32, tileHeight: 32 }).toBuffer());
  await add('bilevel.tif', raw(1).toColourspace('b-w').tiff({ bitdepth: 1, compression: 'ccittfax4' }).toBuffer());
  const frames = [pixels(WIDTH, HEIGHT, 3), Buffer.alloc(WIDTH * HEIGHT * 3, 80)];
  const film = await Promise.all(
    frames.map(x =>
      sharp(x, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
        .png({ palette: false })
        .toBuffer(),
    ),
  );
  await add('moving.png', movingPng(film));
  await add(
    'moving.webp',
    sharp(film, { join: { animated: true } })
      .webp({ quality: 95 })
      .toBuffer(),
  );
  await add(
    'moving.gif',
    sharp(film, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
}

async function odd(add) {
  const sizes = [
    [1, 1],
    [1, 90],
    [90, 1],
    [3, 5],
    [640, 7],
    [641, 7],
    [1024, 6],
    [1025, 6],
    [1920, 5],
    [1921, 5],
    [1921, 1300],
    [7, 2000],
  ];
  for (const [width, height] of sizes)
    for (const extension of Object.keys(FORMATS))
      if (width * height < 1e6 || extension === 'jpg' || extension === 'png')
        await add(`odd-${width}x${height}.${extension}`, encode(raw(3, undefined, width, height), extension));
}

const GROUPS = {
  turned,
  coloured,
  transparent,
  deep,
  kinds,
  odd,
};

/** Writes a group's pictures into a folder. @returns their names */
export async function makePictures(group, folder) {
  const names = [];
  await GROUPS[group](async (name, making) => {
    const bytes = await making;
    if (!bytes) return; // this sharp cannot write it
    fs.writeFileSync(path.join(folder, name), bytes);
    names.push(name);
  }, folder);
  return names;
}

export const groups = Object.keys(GROUPS);
