// The pages tell the truth: every line of README.md and docs that a reader may
// copy into a shell is run as it stands there, but for names of machines and
// folders; of commands within sentences, words and flags must exist.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BINARY, ROOT, SAMPLES, staged, until } from './_lib.mjs';

const pages = ['README.md', ...fs.readdirSync(path.join(ROOT, 'docs')).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)];
const read = page => fs.readFileSync(path.join(ROOT, page), 'utf8');
const programs = /^(?:[A-Z_]+=\S+ )*(?:(?:build\/release\/)?darkroom|curl|redis-cli|sqlite3|pg_dump|deploy\/[\w-]+|tests\/[\w/-]+) ?(?!\.)/;
const daemon = /(?:^| )darkroom (dev|serve|solo|work)\b/;

/** The lines of a page that are meant for a shell: [{where, line}]. */
function shellLines(page) {
  const found = [];
  let language = null; // of the block that the line is in
  const lines = read(page).replaceAll('\\\n', ' ').split('\n');
  lines.forEach((line, i) => {
    if (line.startsWith('```')) { language = language === null ? line.slice(3) : null; return; }
    const isCode = language === null ? /^ {4}/.test(line) : language === '';
    if (isCode && programs.test(line.trim())) found.push({ where: `${page}, '${line.trim()}'`, line: line.trim().replace(/ {2,}(?!#)/g, ' ') });
  });
  return found;
}

const lines = pages.flatMap(shellLines);
const isOfTree = ({ line }) => /^(?:[A-Z]+=\S+ )*(?:tests|deploy)\//.test(line);
const isSynopsis = ({ line }) => /\[--/.test(line); // its flags are checked like those in sentences
// They want a PostgreSQL, TLS or Sentinels: postgres, redis_tls and sentinel.test.mjs.
const isElsewhere = ({ line }) => /^(?:pg_dump|REDIS_URL=rediss:|REDIS_SENTINELS=)/.test(line);

/** A line as it can run here. */
function fitted(line, stage, names) {
  const put = [
    [/\bbuild\/release\/darkroom/, 'darkroom'],
    [/redis:\/\/localhost:6379/, stage.redisUrl],
    [/\/srv\/uploads/, stage.uploads],
    [/http:\/\/[\w.-]+:3000/g, stage.url],
    [/--port 3000/, '--port 0'],
    [/--main [\w:,]+:7700/, `--main 127.0.0.1:${stage.clusterPort}`],
    [/ …/, ''],
    [/drk_…/, names.token],
    [/IMAGE_ID/, names.image],
    [/MODEL/, 'local-ngram-1'],
    [/--duration 60s/, '--duration 2s'],
    [/--seeds \d+/, '--seeds 3'],
    [/data\/darkroom\.db/, stage.database],
    [/ --latency\b/, ' --latency -i 1'],
    [/^curl /, 'curl -sS --fail-with-body --max-time 20 '],
  ];
  return put.reduce((text, [from, to]) => text.replace(from, to), line);
}

/** What is well although the command did not end with 0: it was understood. */
const understood = [
  [1, /there is no (?:job|valid token|image) |job \S+ (?:has ended|has not ended|is not delayed|is not dead)/],
  [1, /violation/], // darkroom sim --bug
  [2, /repeat it with --yes/],
];

/** Runs a line in a shell: {code, out}. */
function shell(line, stage, env) {
  return new Promise(resolve => {
    execFile('bash', ['-c', line], { cwd: stage.folder, env, timeout: 60000, maxBuffer: 1 << 26 }, (problem, out, err) =>
      resolve({ code: problem ? problem.code ?? problem.signal : 0, out: out + err }));
  });
}

/** Programs by the names that the pages call them. */
function programsOf(stage) {
  const folder = path.join(stage.folder, 'bin');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'darkroom'), `#!/bin/sh\nexec '${BINARY}' "$@"\n`, { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'redis-cli'), `#!/bin/sh\nexec ${execFileSync('sh', ['-c', 'command -v redis-cli'], { encoding: 'utf8' }).trim()} -p ${stage.redisPort} "$@"\n`, { mode: 0o755 });
  return `${folder}:${process.env.PATH}`;
}

/** The pictures that the pages name. */
function putPictures(stage) {
  fs.mkdirSync(path.join(stage.folder, 'photos'));
  for (const [from, to] of [['mountains.jpg', 'photo.jpg'], ['mountains.jpg', 'photos/a.jpg'], ['friends-soft-edge.png', 'other.png'], ['friends-soft-edge.png', 'cat.png']])
    fs.copyFileSync(path.join(SAMPLES, from), path.join(stage.folder, to));
}

/** Starts a node by a line, and ends it: what is wrong, or nothing. */
async function tryNode(line, stage, env, i) {
  const own = / work\b/.test(line) ? {} : { DARKROOM_QUEUE_NAME: `docs-${i}`, DARKROOM_CATALOG_DATABASE: `${stage.folder}/docs-${i}.db` };
  const proc = stage.start(`node ${i}`, 'bash', ['-c', line.replace(daemon, ' exec darkroom $1').trim()], { cwd: stage.folder, env: { ...env, ...own } });
  await proc.line('ready');
  proc.kill('SIGTERM');
  await until(() => proc.end, 'the node ends', 10000);
  return proc.end.code === 0 ? '' : `ended with ${JSON.stringify(proc.end)}`;
}

async function wrongOf({ where, line }, stage, env, names, i) {
  const text = fitted(line, stage, names);
  if (daemon.test(text)) {
    const wrong = await tryNode(text, stage, env, i);
    return wrong && `${where}: ${wrong}`;
  }
  const { code, out } = await shell(text, stage, env);
  const isWell = code === 0 || understood.some(([allowed, words]) => code === allowed && words.test(out));
  return isWell ? '' : `${where}: ended with ${code}: ${out.slice(0, 300)}`;
}

test('every line for a shell runs', staged(async stage => {
  assert.ok(lines.length > 90, `only ${lines.length} lines were found`);
  const quick = { DARKROOM_IMAGING_AVIF_EFFORT: '0', DARKROOM_WORKER_DIAGNOSTICS: 'true' };
  await stage.serve(quick, ['--chaos']);
  await stage.work('worker-3', quick, ['--chaos']);
  putPictures(stage);
  const env = stage.env({
    PATH: programsOf(stage), REDIS_URL: stage.redisUrl, DARKROOM_CATALOG_DATABASE: stage.database, ...quick,
    DARKROOM_HTTP_PORT: new URL(stage.url).port, DARKROOM_CLUSTER_MAIN: `127.0.0.1:${stage.clusterPort}`, NO_COLOR: '1',
  });
  const { out } = await shell('darkroom token create docs --role admin', stage, env);
  const sent = await shell(`curl -sS --data-binary @photo.jpg '${stage.url}/api/images'`, stage, env);
  const names = { token: out.split('\n')[0], image: JSON.parse(sent.out).imageId };
  await shell('darkroom add fatal --count 20', stage, env); // of which job 17 is one
  const wrong = [];
  const all = lines.filter(one => !isOfTree(one) && !isSynopsis(one) && !isElsewhere(one));
  const isLast = ({ line }) => / chaos /.test(line); // it kills what the others need
  const nodeEnv = { ...env, DARKROOM_HTTP_PORT: '0', DARKROOM_CLUSTER_PORT: '0' };
  for (const [i, one] of [...all.filter(x => !isLast(x)), ...all.filter(isLast)].entries()) {
    const begun = Date.now();
    wrong.push(await wrongOf(one, stage, daemon.test(one.line) ? nodeEnv : env, names, i).catch(problem => `${one.where}: ${problem.message}`));
    if (process.env.SHOW) console.error(`${Date.now() - begun} ms: ${one.where}${wrong.at(-1) && ' FAILS'}`);
  }
  assert.deepEqual(wrong.filter(Boolean), []);
}));

test('every script that a page names is there', () => {
  for (const { where, line } of lines.filter(isOfTree))
    fs.accessSync(path.join(ROOT, line.replace(/^(?:[A-Z]+=\S+ )*/, '').split(' ')[0]), fs.constants.X_OK, where);
});

test('commands within sentences have words and flags that exist', staged(async stage => {
  const spans = pages.flatMap(page => [...read(page).replaceAll(/```[^]*?```/g, '').matchAll(/`(darkroom [a-z][^`]*)`/g)].map(([, text]) => ({ page, text: text.replaceAll('\n', ' ') })));
  spans.push(...lines.filter(isSynopsis).map(({ where, line }) => ({ page: where, text: line })));
  assert.ok(spans.length > 100, `only ${spans.length} were found`);
  const helps = new Map();
  const help = async words => {
    if (!helps.has(words)) helps.set(words, await stage.command([...words.split(' '), '--help']));
    return helps.get(words);
  };
  const wrong = [];
  for (const { page, text } of spans) {
    const words = /^darkroom (tls [a-z]+|[a-z]+)/.exec(text)[1];
    const { code, out } = await help(words);
    if (code !== 0 || !out.includes(`Usage: darkroom ${words} `)) wrong.push(`${page}: \`${text}\`: there is no such command`);
    for (const [flag] of text.matchAll(/(?<=[ [])--[a-z-]+/g))
      if (!out.includes(flag)) wrong.push(`${page}: \`${text}\`: there is no ${flag}`);
  }
  assert.deepEqual(wrong, []);
}));
