// What answers at --main may be another program, or a Darkroom of another version: commands say so, and none of them crashes.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { staged } from './_lib.mjs';

const COMMANDS = ['nodes', 'duplicates', 'search red', 'search --like a', 'image remove a', 'job cancel 1', 'health', 'top --once', 'chaos',
  'doctor --role worker'];

const ANSWERS = [
  'a page', '[]', '3', 'null', '"text"', '{}',
  '{"main":3,"nodes":[1],"groups":[1],"images":3,"results":[1],"jobs":1,"counts":1}',
  `{"main":{"chaos":1,"actors":3,"bootId":4,"traits":[]},"nodes":[{"lastSeen":"x","jobTypes":[1],"clockSkewMs":"x","process":{"pid":"x"}}],
    "groups":[{"images":[{"image":3,"distance":"x"}]}],"total":"x","images":[{"imageId":1}],"results":[{"image":1}],"counts":{"waiting":"x"}}`,
  `{"main":{"chaos":true,"actors":[{"name":1}]},"nodes":[{"role":"work","lastSeen":"x","jobTypes":3,"process":{"pid":"x"}}],
    "groups":{"a":1},"results":{"a":1},"counts":[1]}`,
];

/** A server that answers everything with `form.text`. */
async function server(stage, form) {
  const made = http.createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(form.text);
  });
  await new Promise(resolve => made.listen(0, '127.0.0.1', resolve));
  stage.closers.push(() => new Promise(resolve => made.close(resolve)));
  return made.address().port;
}

test('no answer of another program makes a command crash', staged(async stage => {
  const form = {};
  const port = await server(stage, form);
  const more = { DARKROOM_MAIN: `http://127.0.0.1:${port}`, DARKROOM_HTTP_PORT: `${port}` };
  const odd = [];
  for (form.text of ANSWERS)
    await Promise.all(COMMANDS.map(async line => {
      const ended = await stage.command(line.split(' '), more).catch(crashed => ({ code: crashed.signal, err: crashed.stderr }));
      if (typeof ended.code !== 'number' || (ended.code !== 0 && ended.out + ended.err === ''))
        odd.push(`${line}: '${form.text}' ended it with ${ended.code}: '${ended.err}'`);
    }));
  assert.deepEqual(odd, []);
}));

test('an answer of another form is named with what to look at', staged(async stage => {
  const port = await server(stage, { text: '[]' });
  const { code, err } = await stage.command(['duplicates', '--main', `http://127.0.0.1:${port}`]);
  assert.equal(code, 1);
  assert.match(err, /an answer has a form that Darkroom \S+ does not know \(.*\): does --main name a main node of this version\?/);
}));
