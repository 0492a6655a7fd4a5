// `cmake --install` makes a folder that works wherever it is copied to, for a
// user without rights, and that needs nothing of the sources.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { asNobody, BUILD, folder, haste, nobodysFolder, plainEnv, ROOT, run, samplesOf } from './_lib.mjs';

/** The prefix, installed and moved: its path. */
async function movedPrefix() {
  const place = folder('prefix');
  fs.chmodSync(place, 0o755);
  await run('cmake', ['--install', BUILD, '--prefix', path.join(place, 'first')]);
  fs.renameSync(path.join(place, 'first'), path.join(place, 'second'));
  return path.join(place, 'second');
}

/** Runs it as nobody, where neither sources nor builds can be seen. */
function runApart(program, args, home) {
  const hide = `mount -t tmpfs none '${path.join(ROOT, 'deps')}' && mount -t tmpfs none '${path.join(ROOT, 'build')}' && cd '${home}' && exec setpriv ${asNobody.join(' ')} "$@"`;
  return run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', hide, 'sh', program, ...args], { env: { ...plainEnv(home), ...haste } });
}

test('an installed prefix works where it is copied to, as nobody, with its own codec, libvips, models and ONNX Runtime', async () => {
  const prefix = await movedPrefix();
  const has = name => assert.ok(fs.existsSync(path.join(prefix, name)), `${name} is installed`);
  ['bin/darkroom', 'lib/darkroom/darkroom-codec', 'lib/darkroom/libonnxruntime.so.1', 'share/darkroom/models/sentence-encoder/model.json',
    'share/darkroom/samples/life.webp', 'share/man/man1/darkroom.1', 'share/bash-completion/completions/darkroom', 'share/zsh/site-functions/_darkroom',
    'share/fish/vendor_completions.d/darkroom.fish', 'share/doc/darkroom/docs', 'share/doc/darkroom/copyright'].forEach(has);
  assert.ok(!fs.existsSync(path.join(prefix, 'lib/systemd')), 'units are of the package alone');

  const home = nobodysFolder(path.join(path.dirname(prefix), 'home'));
  const link = path.join(path.dirname(prefix), 'darkroom'); // as in /usr/local/bin
  fs.symlinkSync(path.join(prefix, 'bin/darkroom'), link);
  await runApart(link, ['dev', '--samples', path.join(prefix, 'share/darkroom/samples'), '--exit', '--data', path.join(home, 'data'), '--port', '0'], home);
  const pictures = await samplesOf(path.join(home, 'data/darkroom.db'));
  assert.equal(pictures.length, 5);
  for (const { status, described, embedded } of pictures) {
    assert.equal(status, 'completed');
    assert.equal(described, 'local-2 (objects, faces, text)');
    assert.notEqual(embedded, 'local-ngram-1', 'the real encoder, not the one that needs no model');
  }
});
