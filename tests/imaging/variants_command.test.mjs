// `darkroom variants` as people call it: files, table, JSON, refusals, Ctrl-C.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { BINARY, PICTURES, inFolder } from './_lib.mjs';

const tiny = path.join(PICTURES, 'tiny.jpg');
const photo = path.join(PICTURES, 'photo-baseline.jpg');
const six = name => ['lg', 'md', 'sm'].flatMap(type => [`${name}-${type}.avif`, `${name}-${type}.webp`]).sort();

test('six files are made of each picture, and a table tells their sizes', inFolder(async folder => {
  const ended = await folder.darkroom(['variants', tiny, photo, '--out', 'a/b', '--effort', '0']);
  assert.equal(ended.code, 0, ended.err);
  assert.equal(ended.err, ''); // no bar where nobody sees it
  assert.deepEqual(folder.list('a/b'), [...six('photo-baseline'), ...six('tiny')].sort());
  const rows = ended.out.trim().split('\n').map(line => line.split(/ {2,}/));
  assert.deepEqual(rows[0], ['PIXELS', 'BYTES', 'OF ORIGINAL', 'FILE']);
  assert.equal(rows.length, 13);
  for (const [pixels, bytes, share, file] of rows.slice(1)) {
    const made = await sharp(folder.of(file)).metadata();
    assert.equal(pixels, `${made.width}x${made.height}`);
    assert.equal(Number(bytes), fs.statSync(folder.of(file)).size);
    const original = file.includes('tiny') ? tiny : photo;
    assert.equal(share, `${(100 * Number(bytes) / fs.statSync(original).size).toFixed(1)} %`);
  }
}));

test('--json tells the same in one document, and --format leaves a format out', inFolder(async folder => {
  const ended = await folder.darkroom(['variants', tiny, '--out', 'out', '--format', 'webp', '--json']);
  assert.equal(ended.code, 0, ended.err);
  const answer = JSON.parse(ended.out);
  assert.equal(answer.ok, true);
  const [picture] = answer.pictures;
  assert.equal(picture.file, tiny);
  assert.equal(picture.bytes, fs.statSync(tiny).size);
  assert.equal(picture.error, undefined);
  assert.deepEqual(picture.variants.map(x => `${x.type} ${x.format} ${x.file}`), ['lg', 'md', 'sm'].map(type => `${type} webp out/tiny-${type}.webp`));
  const { width, height } = await sharp(tiny).metadata();
  for (const x of picture.variants) {
    assert.deepEqual([x.width, x.height], [width, height]);
    assert.equal(x.bytes, fs.statSync(folder.of(x.file)).size);
  }
  assert.equal(folder.list('out').length, 3);
}));

test('a picture that is refused is named with its reason, and the others are made', inFolder(async folder => {
  fs.writeFileSync(folder.of('a.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  fs.writeFileSync(folder.of('cut.jpg'), fs.readFileSync(photo).subarray(0, 50000));
  const args = ['variants', 'a.svg', 'cut.jpg', 'missing.png', folder.path, tiny, '--out', 'out', '--effort', '0'];
  const ended = await folder.darkroom(args);
  assert.equal(ended.code, 1);
  const lines = ended.err.trim().split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines[0], /a\.svg.*an SVG is not read/);
  assert.match(lines[1], /cut\.jpg.*cut off/);
  assert.match(lines[2], /missing\.png.*No such file/);
  assert.match(lines[3], /not a regular file/);
  assert.deepEqual(folder.list('out'), six('tiny'));
  const again = JSON.parse((await folder.darkroom([...args, '--json', '--force'])).out);
  assert.equal(again.ok, false);
  assert.deepEqual(again.pictures.map(x => x.error?.code), ['bad_input', 'cut_off', 'not_found', 'bad_input', undefined]);
}));

test('no file is lost: not an older one, another picture\'s variant, or a given picture', inFolder(async folder => {
  fs.mkdirSync(folder.of('b'));
  fs.copyFileSync(tiny, folder.of('cat.jpg'));
  fs.copyFileSync(tiny, folder.of('b/cat.png'));
  const twins = await folder.darkroom(['variants', 'cat.jpg', 'b/cat.png', './cat.jpg', '--out', 'out', '--effort', '0']);
  assert.equal(twins.code, 1);
  assert.match(twins.err, /'b\/cat\.png' would have the same names as the variants of 'cat\.jpg'/);
  assert.deepEqual(folder.list('out'), six('cat'));

  fs.writeFileSync(folder.of('out/cat-sm.avif'), 'old');
  const older = await folder.darkroom(['variants', 'cat.jpg', '--out', 'out', '--effort', '0']);
  assert.equal(older.code, 1);
  assert.match(older.err, /is there already; --force replaces it/);
  assert.equal(fs.readFileSync(folder.of('out/cat-sm.avif'), 'utf8'), 'old');
  assert.equal((await folder.darkroom(['variants', 'cat.jpg', '--out', 'out', '--effort', '0', '--force'])).code, 0);
  assert.notEqual(fs.readFileSync(folder.of('out/cat-sm.avif'), 'utf8'), 'old');

  const given = await folder.darkroom(['variants', 'cat.jpg', 'out/cat-lg.webp', '--out', 'out', '--effort', '0', '--force']);
  assert.equal(given.code, 1);
  assert.match(given.err, /'out\/cat-lg\.webp' is one of the given pictures/);
  assert.ok(folder.list('out').includes('cat-lg-sm.avif')); // the other one was made
}));

test('wrong usage ends with 2 and says what is allowed', inFolder(async folder => {
  for (const [args, words] of [
    [[tiny], /needs FILE and --out/],
    [['--out', 'out'], /needs FILE and --out/],
    [[tiny, '--out', 'out', '--format', 'webp,jpg'], /'jpg' is not a known format.*webp, avif, jpeg/],
    [[tiny, '--out', 'out', '--format', ''], /is not a known format/],
    [[tiny, '--out', 'out', '--effort', '10'], /effort.*0 to 9/],
    [[tiny, '--out', 'out', '--jobs', '0'], /--jobs '0'/],
  ]) {
    const ended = await folder.darkroom(['variants', ...args]);
    assert.equal(ended.code, 2, args.join(' '));
    assert.match(ended.err, words);
  }
  fs.writeFileSync(folder.of('file'), '');
  const ended = await folder.darkroom(['variants', tiny, '--out', 'file/out']);
  assert.equal(ended.code, 1);
  assert.match(ended.err, /cannot create folder 'file\/out'/);
  assert.match((await folder.darkroom(['resize'])).err, /darkroom variants/);
}));

test('Ctrl-C ends at once and leaves no half file', inFolder(async folder => {
  const files = [];
  for (let i = 0; i < 12; ++i) {
    files.push(folder.of(`p${i}.jpg`));
    fs.copyFileSync(photo, files.at(-1));
  }
  const child = folder.start(['variants', ...files, '--out', 'out', '--effort', '2']);
  const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve({ code, signal })));
  while (folder.list('out').length < 6) await sleep(5);
  const begun = Date.now();
  child.kill('SIGINT');
  const end = await ended;
  assert.ok(Date.now() - begun < 1000);
  assert.equal(end.signal, 'SIGINT'); // so that a shell's loop ends with it
  const left = folder.list('out');
  assert.ok(left.length >= 6 && left.length < 72);
  for (const name of left) {
    assert.match(name, /^p\d+-(lg|md|sm)\.(webp|avif)$/);
    await sharp(folder.of('out', name)).raw().toBuffer();
  }
}));

test('a terminal shows a bar, unless NO_COLOR is set', inFolder(async folder => {
  const shown = more => execFileSync('script', ['-qec', `${BINARY} variants ${tiny} --out out --force --effort 0`, '/dev/null'],
    { cwd: folder.path, env: folder.env({ TERM: 'xterm', ...more }), encoding: 'utf8' });
  assert.match(shown({ NO_COLOR: '' }), /\[-{24}\] 0 of 1 picture/);
  assert.doesNotMatch(shown({ NO_COLOR: '1' }), /of 1 picture/);
}));
