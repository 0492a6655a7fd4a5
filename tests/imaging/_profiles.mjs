// Files that sharp cannot write: an ICC profile of grey, a TIFF of any kind of
// number, a moving PNG.
const text = string => Buffer.from(string, 'latin1');
const u32 = number => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(number);
  return out;
};
const u16 = number => {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(number);
  return out;
};
const padded = bytes => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

/** A version 2 profile of a grey device whose curve is a gamma. */
export function greyProfile(gamma) {
  const fixed = x => u32(Math.round(x * 65536));
  const name = text('grey\0');
  const tags = [
    ['desc', Buffer.concat([text('desc'), u32(0), u32(name.length), name, u32(0), u32(0), Buffer.alloc(70)])],
    ['cprt', Buffer.concat([text('text'), u32(0), text('none\0')])],
    ['wtpt', Buffer.concat([text('XYZ '), u32(0), fixed(0.9642), fixed(1), fixed(0.8249)])],
    ['kTRC', Buffer.concat([text('curv'), u32(0), u32(1), u16(Math.round(gamma * 256))])],
  ].map(([tag, body]) => [tag, padded(body), body.length]);
  const table = [u32(tags.length)];
  let at = 128 + 4 + 12 * tags.length;
  for (const [tag, body, length] of tags) {
    table.push(text(tag), u32(at), u32(length));
    at += body.length;
  }
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at, 0);
  head.writeUInt32BE(0x02100000, 8);
  head.write('mntrGRAYXYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  fixed(0.9642).copy(head, 68);
  fixed(1).copy(head, 72);
  fixed(0.8249).copy(head, 76);
  return Buffer.concat([head, ...table, ...tags.map(([, body]) => body)]);
}

/**
 * A little-endian TIFF in one strip, without compression.
 * @param pages [{width, height, bits, samples, photometric, format, extra,
 *   orientation, data}] format 1 = unsigned, 2 = signed, 3 = float; extra 1 or
 *   2 = the last sample is alpha
 */
export function tiff(pages) {
  const parts = [Buffer.from('II*\0', 'latin1'), Buffer.alloc(4)];
  let at = 8;
  let link = parts[1];
  for (const page of pages) {
    const { width, height, bits, samples, photometric, format = 1, extra = 0, orientation = 1, data } = page;
    const strip = at;
    const body = Buffer.concat([data, Buffer.alloc(data.length & 1)]);
    at += body.length;
    const list = Buffer.alloc(4 * samples); // bits and formats of each sample
    for (let i = 0; i < samples; ++i) {
      list.writeUInt16LE(bits, 2 * i);
      list.writeUInt16LE(format, 2 * (samples + i));
    }
    const lists = at;
    at += list.length;
    const many = (where, value) => [3, samples, samples > 2 ? where : samples === 2 ? value | (value << 16) : value];
    const entries = [
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, ...many(lists, bits)],
      [259, 3, 1, 1],
      [262, 3, 1, photometric],
      [273, 4, 1, strip],
      [274, 3, 1, orientation],
      [277, 3, 1, samples],
      [278, 4, 1, height],
      [279, 4, 1, data.length],
      ...(extra ? [[338, 3, 1, extra]] : []),
      [339, ...many(lists + 2 * samples, format)],
    ];
    link.writeUInt32LE(at, link.length - 4);
    const directory = Buffer.alloc(2 + 12 * entries.length + 4);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, type, count, value], i) => {
      directory.writeUInt16LE(tag, 2 + 12 * i);
      directory.writeUInt16LE(type, 4 + 12 * i);
      directory.writeUInt32LE(count, 6 + 12 * i);
      directory.writeUInt32LE(value >>> 0, 10 + 12 * i);
    });
    at += directory.length;
    parts.push(body, list, directory);
    link = directory;
  }
  return Buffer.concat(parts);
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let i = 0; i < 8; ++i) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return u32((value ^ 0xffffffff) >>> 0);
}

function chunk(name, body) {
  const named = Buffer.concat([text(name), body]);
  return Buffer.concat([u32(body.length), named, crc(named)]);
}

/** The parts of a PNG: [[name, body]]. */
function chunks(png) {
  const out = [];
  for (let at = 8; at < png.length;) {
    const size = png.readUInt32BE(at);
    out.push([png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + size)]);
    at += 12 + size;
  }
  return out;
}

/**
 * A moving PNG from PNGs of the same size and kind; the first is what others
 * show.
 */
export function movingPng(frames) {
  const head = chunks(frames[0]).find(([name]) => name === 'IHDR')[1];
  const out = [frames[0].subarray(0, 8), chunk('IHDR', head), chunk('acTL', Buffer.concat([u32(frames.length), u32(0)]))];
  let number = 0;
  frames.forEach((frame, i) => {
    out.push(chunk('fcTL', Buffer.concat([u32(number++), head.subarray(0, 8), u32(0), u32(0), u16(1), u16(10), Buffer.from([0, 0])])));
    for (const [name, body] of chunks(frame))
      if (name === 'IDAT') out.push(i ? chunk('fdAT', Buffer.concat([u32(number++), body])) : chunk('IDAT', body));
  });
  return Buffer.concat([...out, chunk('IEND', Buffer.alloc(0))]);
}
