// Answers of providers of embeddings.
import assert from 'node:assert/strict';
import { cases } from './_cases.mjs';
import { floats, json, refuses, vector } from './_provider.mjs';

const reads = (name, answer) => ({ name, answers: [answer] });
const entry = embedding => json(200, { data: [{ index: 0, embedding }] });
const fails = (name, answer, reason) => ({ name: `for good: ${name}`, answers: [answer], state: 'failed', reason });
const learns = (name, answer, check) => ({ name: `learns: ${name}`, answers: [answer, vector], calls: 2, sent: ([, body]) => check(body) });
const odd = floats.map(() => 9);

cases('a vector is read in whatever form it comes', 'embedding', [
  { name: 'the usual form', sent: ([body]) => assert.equal(body.dimensions, 512) },
  reads('chosen by its index', json(200, { data: [{ index: 1, embedding: odd.slice(1) }, { index: 0, embedding: floats }] })),
  reads('base64', entry(Buffer.from(new Float32Array(floats).buffer).toString('base64'))),
  reads('texts of numbers', entry(floats.map(String))),
  reads('the old form of Ollama', json(200, { embedding: floats })),
  reads('the new form of Ollama', json(200, { embeddings: [floats] })),
  reads('a list alone', json(200, [floats])),
  fails('zeros', entry(floats.map(() => 0)), /no direction/),
  fails('NaN', [200, {}, `{"data":[{"embedding":[NaN${',1'.repeat(511)}]}]}`], /not a number/),
  fails('a wrong length', entry(floats.slice(1)), /511 floats, but \[embedding\] dimensions asks for 512/),
  fails('no vector', json(200, { data: [] }), /without a vector/),
  fails('something else', json(200, { ok: true }), /without a vector/),
  learns('no dimensions', refuses(400, 'This model does not support specifying dimensions.'), body => assert.ok(!('dimensions' in body))),
  learns('vLLM: no matryoshka', json(400, { object: 'error', message: 'Model does not support matryoshka representation', code: 400 }), body => assert.ok(!('dimensions' in body))),
  learns('no encoding_format', json(422, { detail: [{ loc: ['body', 'encoding_format'], msg: 'Extra inputs are not permitted' }] }), body => assert.ok(!('encoding_format' in body))),
  { name: 'tried again: 500', answers: [refuses(500, 'boom'), vector], calls: 2, attempts: 2 },
  { name: 'waits: 401', answers: [refuses(401, 'bad key')], state: 'waits' },
  { name: 'waits as long as asked', answers: [refuses(429, 'slow down', {}, { 'Retry-After': '2' }), vector], calls: 2, waited: [2000, 6200] },
]);
