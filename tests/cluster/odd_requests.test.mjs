// Requests at random, by the API's document and beside it: no answer is the server's failure, and the document knows each of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, staged } from './_lib.mjs';
import { Contract, each, read } from './_openapi.mjs';

const SEED = Number(process.env.ODD_SEED ?? 1);
const REQUESTS = Number(process.env.ODD_REQUESTS ?? 1500);

const nested = depth => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const VALUES = [
  null, true, false, 0, -1, 1, 1.5, 9007199254740993, -9223372036854775808, 1e308, 1700000000000, '', 'a', 'a'.repeat(5000), 'a'.repeat(70000),
  '\0', 'a\0b', '\ud800', '\u202e', 'é', '../../etc/passwd', '<script>', '%00', '1e3', '0x10', '-0', '１', 'null', '*', '?', '[', 'a:b', '{}', '\r\nX: y',
  '2026-01-01T00:00:00Z', '1s', '10/s', '-1s', '999999999h', [], [1], [null], ['a'], [[]], {}, { a: 1 }, { '': 1 }, JSON.parse('{"__proto__":1}'), nested(50), nested(600),
];
const PATHS = ['%00', '%ff', '..%2f..%2f', '..%5c', 'a%0d%0ab', '%', '%zz', '1', '2', 'a', 'picture-1'];
const QUERIES = ['%ff', '%00', '', '%', 'a&b', '=', '[]'];
const BODIES = ['', '{', '[', '"', '{"a":}', '\xff', '{"a":1}{', '[1,2', '1e999', '{"id":1,"id":2}', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])];
const TYPES = ['application/json', 'application/json', 'text/plain', 'multipart/form-data', 'multipart/form-data; boundary=', 'image/png', ''];

/** Choices that a seed repeats. */
class Dice {
  constructor(seed) { this.state = seed; }

  below(end) {
    this.state = (Math.imul(this.state, 1103515245) + 12345) & 0x7fffffff;
    return (this.state >> 8) % end;
  }

  of(list) { return list[this.below(list.length)]; }
}

/** Makes requests from the document, with one value in five that is odd. */
class Requests {
  constructor(contract, dice) {
    Object.assign(this, { contract, dice });
    this.operations = contract.operations.filter(x => !x.route.endsWith('/events'));
  }

  value(schema, depth = 0) {
    const { dice } = this;
    const at = schema?.$ref ? this.contract.at(this.contract.resolve(schema.$ref)) : schema ?? {};
    if (dice.below(5) === 0 || depth > 6) return dice.of(VALUES);
    if ('const' in at) return at.const;
    if (at.enum) return dice.of(at.enum);
    const kinds = at.oneOf ?? at.anyOf;
    if (kinds) return this.value(dice.of(kinds), depth + 1);
    switch ([at.type].flat()[0]) {
      case 'object': {
        const kept = Object.entries(at.properties ?? {}).filter(() => dice.below(4) > 0);
        return Object.fromEntries(kept.map(([name, part]) => [name, this.value(part, depth + 1)]));
      }
      case 'array': return Array.from({ length: dice.below(4) }, () => this.value(at.items, depth + 1));
      case 'integer': case 'number': return dice.of([0, 1, 5, at.minimum ?? -1, at.maximum ?? 1e6, (at.maximum ?? 1e9) + 1, (at.minimum ?? 0) - 1]);
      case 'boolean': return dice.of([true, false]);
      case 'string': return dice.of(['a', '1', QUEUE, 'metadata', 'echo']);
      default: return dice.of(VALUES);
    }
  }

  next() {
    const { dice } = this;
    const operation = dice.of(this.operations);
    const path = operation.route.replace(/\{\w+\}/g, () => dice.of(PATHS));
    const query = operation.parameters.filter(x => x.in === 'query' && dice.below(2)).map(({ name, schema }) => `${name}=${dice.below(3) ? encoded(this.value(schema)) : dice.of(QUERIES)}`);
    if (dice.below(10) === 0) query.push('x=1');
    const out = { operation, target: path + (query.length ? `?${query.join('&')}` : ''), headers: {} };
    const content = operation.requestBody && Object.values(operation.requestBody.content)[0];
    if (content) {
      out.headers['content-type'] = dice.of(TYPES);
      out.body = dice.below(8) ? JSON.stringify(this.value(content.schema)) : dice.of(BODIES);
    }
    return out;
  }
}

function encoded(value) {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return encodeURIComponent(text.toWellFormed?.() ?? text.replace(/[\ud800-\udfff]/g, '')).slice(0, 3000).replace(/%.?$/, '');
}

test('no request makes the server fail', staged(async stage => {
  const main = await stage.solo();
  await stage.queue().addBulk(Array.from({ length: 20 }, (_, i) => ({ name: 'echo', data: { i } })));
  const contract = new Contract();
  const requests = new Requests(contract, new Dice(SEED));
  await each(Array.from({ length: REQUESTS }, () => requests.next()), async ({ operation, target, headers, body }) => {
    const answer = await read(await fetch(stage.url + target, { method: operation.method, headers, body, redirect: 'manual' }));
    const told = `${operation.method} ${target.slice(0, 300)} ${String(body).slice(0, 300)}`;
    contract.check(operation, answer, undefined, told);
    if (answer.status >= 500) contract.problems.push(`${told}: ${answer.status} ${JSON.stringify(answer.body)}`);
  });
  assert.deepEqual(contract.problems, [], `seed ${SEED}`);
  assert.equal(main.end, null);
  assert.equal((await fetch(`${stage.url}/readyz`)).status, 200);
}));
