// What the program says of itself: completions for three shells, and the manual
// page.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { BINARY, folder, run } from './_lib.mjs';

const place = folder('shells');
const script = shell => path.join(place, shell);

before(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) fs.writeFileSync(script(shell), await run(BINARY, ['completion', shell]));
});

/** What bash offers for a line, whose last word is being typed. */
async function bash(...words) {
  const line = words.map(word => `'${word}'`).join(' ');
  const code = `source '${script('bash')}'; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _darkroom; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return (await run('bash', ['--norc', '-c', code])).split('\n').filter(Boolean);
}

/** The same of fish. */
async function fish(...words) {
  const out = await run('fish', ['--no-config', '-c', `source '${script('fish')}'; complete -C '${words.join(' ')}'`], { env: { ...process.env, HOME: place } });
  return out.split('\n').filter(Boolean).map(line => line.split('\t')[0]);
}

/** The same of zsh, whose own functions print what they are told to offer. */
async function zsh(...words) {
  const line = words.map(word => `'${word}'`).join(' ');
  const code = `compadd() { print -l -- "\${@[\${@[(i)--]}+1,-1]}" }; _files() { print FILES }; compset() { }
    _describe() { local name=$@[-1]; print -l -- \${\${(P)name}%%:*} }
    complete_it() { source '${script('zsh')}' }
    words=(${line}); CURRENT=${words.length}; PREFIX='${words.at(-1)}'; complete_it`;
  return (await run('zsh', ['-f', '-c', code])).split('\n').filter(Boolean);
}

const begin = (list, text) => list.filter(word => word.startsWith(text)).sort();

for (const [name, shell] of Object.entries({ bash, zsh, fish })) {
  test(`${name} completes commands, flags and the values of flags`, async () => {
    assert.deepEqual(begin(await shell('darkroom', 'du'), 'du'), ['duplicates']);
    assert.deepEqual(begin(await shell('darkroom', 'tls', ''), 'i'), ['init']);
    assert.deepEqual(begin(await shell('darkroom', 'jobs', '--st'), '--st'), ['--state']);
    assert.deepEqual(begin(await shell('darkroom', 'jobs', '--state', 'wai'), 'wai'), ['wait', 'waiting', 'waiting-children']);
    assert.deepEqual(begin(await shell('darkroom', 'job', 're'), 're'), ['remove', 'retry']);
    assert.deepEqual(begin(await shell('darkroom', 'tls', 'init', '--no'), '--no'), ['--node']);
    const set = await shell('darkroom', 'serve', '--set', 'http.po');
    assert.deepEqual(begin(set, 'http.po'), ['http.port=']);
    const shown = await shell('darkroom', '');
    assert.ok(!shown.includes('completion') && !shown.includes('man'), 'what only packages need is hidden');
    const file = await shell('darkroom', 'serve', '--config', '');
    assert.ok(!file.includes('--set') && !file.includes('queue.name='), 'a file is no flag');
  });
}

test('bash completes a value after an equals sign', async () => {
  assert.deepEqual(await bash('darkroom', 'fsck', '--class', '=', 'stuck-p'), ['stuck-processing']);
  assert.ok((await bash('darkroom', 'token', 'create', '--role', '=')).includes('operator'));
});

test('the scripts are well-formed', async () => {
  await run('bash', ['-n', script('bash')]);
  await run('shellcheck', ['--shell=bash', script('bash')]);
  await run('zsh', ['-n', script('zsh')]);
  await run('fish', ['--no-execute', script('fish')]);
});

test('the manual page has all commands and flags, and no mistake', async () => {
  const page = path.join(place, 'darkroom.1');
  fs.writeFileSync(page, await run(BINARY, ['man']));
  const shown = await run('sh', ['-c', `groff -man -Kutf8 -Tutf8 -P-cbou -ww -rLL=100n -rHY=0 '${page}' 2>&1`]);
  assert.equal(/.*(?:warning|error): .*/.exec(shown)?.[0], undefined);
  const commands = [...(await run(BINARY, ['--help'])).matchAll(/^ {2}([a-z]+) {2,}/gm)].map(found => found[1]);
  assert.ok(commands.length > 25);
  const plain = shown.replaceAll('‐', '-').replaceAll('−', '-').replace(/\s+/g, ' ');
  for (const command of commands) assert.ok(plain.includes(`darkroom ${command} `), command);
  for (const command of ['jobs', 'variants', 'events'])
    for (const [flag] of (await run(BINARY, [command, '--help'])).matchAll(/(?<= )--[a-z-]+(?= )/g)) assert.ok(plain.includes(flag), `${command} ${flag}`);
  assert.ok(plain.includes('stuck-processing, image-without-jobs'), 'values that the help does not name');
});
