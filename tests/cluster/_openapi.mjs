// nodes/api/openapi.json as a contract: calls its operations by name, checks
// each answer against it, and remembers what of it was seen.
import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { ROOT } from './_lib.mjs';

const NAME = 'openapi.json';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export const readDocument = () => JSON.parse(fs.readFileSync(path.join(ROOT, 'nodes/api/openapi.json'), 'utf8'));

/** A JSON pointer's next step. */
const step = (pointer, ...keys) => pointer + keys.map(key => `/${encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

export class Contract {
  constructor(document = readDocument()) {
    this.document = document;
    this.ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true, allErrors: true, formats: { int64: true } });
    this.ajv.addVocabulary(Object.keys(document)); // a schema of one property each, to Ajv
    this.ajv.addSchema(closed(document), NAME);
    this.operations = Object.entries(document.paths).flatMap(([route, item]) => METHODS.filter(method => item[method]).map(method => this.operation(route, method)));
    this.problems = []; // sentences
    this.statuses = new Set(); // "getJob 404"
    this.members = new Set(); // pointers to properties of answers
    this.sent = new Set(); // the same of bodies that were taken
  }

  operation(route, method) {
    const pointer = step('#/paths', route, method);
    const told = this.at(pointer);
    const parameters = (told.parameters || []).map((_, i) => this.resolve(step(pointer, 'parameters', i)));
    return { route, method: method.toUpperCase(), pointer, ...told, parameters: parameters.map(place => ({ ...this.at(place), pointer: place })) };
  }

  find(id) {
    const found = this.operations.find(x => x.operationId === id);
    if (!found) throw new Error(`the document has no operation ${id}`);
    return found;
  }

  /** What a pointer names. */
  at(pointer) {
    return pointer.split('/').slice(1).reduce((value, key) => value?.[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
  }

  /** The pointer behind all $ref. */
  resolve(pointer) {
    const reference = this.at(pointer)?.$ref;
    return reference ? this.resolve(reference) : pointer;
  }

  /** What is wrong with a value by the schema at a pointer; empty if nothing is. */
  wrong(pointer, value) {
    this.checks ||= new Map();
    if (!this.checks.has(pointer)) this.checks.set(pointer, this.ajv.compile({ $ref: NAME + pointer }));
    const check = this.checks.get(pointer);
    return check(value) ? '' : this.ajv.errorsText(check.errors.slice(0, 3).map(x => ({ ...x, message: `${x.message} ${JSON.stringify(x.params)}` })));
  }

  /** An example of a body. */
  example(id, name) {
    return structuredClone(this.find(id).requestBody.content['application/json'].examples[name].value);
  }

  /** Checks an answer {status, type, body} to an operation; `sent` is the JSON body of its request. */
  check(operation, answer, sent, told) {
    const say = text => this.problems.push(`${told}: ${answer.status}: ${text}`);
    const place = this.resolve(step(operation.pointer, 'responses', answer.status));
    const documented = this.at(place);
    if (!documented) return say(`the document has no such status: ${JSON.stringify(answer.body)?.slice(0, 200)}`);
    this.statuses.add(`${operation.operationId} ${answer.status}`);
    for (const name of Object.keys(documented.headers || {}))
      if (!answer.headers.has(name) && !['Retry-After', 'WWW-Authenticate'].includes(name)) say(`there is no header ${name}`);
    const types = Object.keys(documented.content || {});
    if (!types.includes(answer.type)) return types.length || answer.body.length ? say(`the type '${answer.type}' is none of '${types}'`) : undefined;
    if ('schema' in documented.content[answer.type]) this.checkBody(step(place, 'content', answer.type, 'schema'), answer.body, this.members, say);
    if (sent !== undefined && answer.status < 300) this.checkBody(step(operation.pointer, 'requestBody', 'content', 'application/json', 'schema'), sent, this.sent, say);
  }

  checkBody(pointer, value, seen, say) {
    const wrong = this.wrong(pointer, value);
    if (wrong) return say(`${wrong} in ${JSON.stringify(value).slice(0, 400)}`);
    this.mark(pointer, value, seen);
  }

  /** Remembers the properties that a value, which fits the schema, has. */
  mark(pointer, value, seen) {
    const place = this.resolve(pointer);
    const schema = this.at(place);
    const into = (part, ...keys) => this.mark(step(place, ...keys), part, seen);
    for (const kind of ['allOf', 'anyOf', 'oneOf'])
      (schema[kind] || []).forEach((_, i) => { if (kind === 'allOf' || !this.wrong(step(place, kind, i), value)) into(value, kind, i); });
    if (Array.isArray(value)) { if (schema.items) for (const part of value) into(part, 'items'); return; }
    if (value === null || typeof value !== 'object') return;
    for (const [name, part] of Object.entries(value)) {
      if (schema.properties?.[name]) {
        seen.add(step(place, 'properties', name));
        into(part, 'properties', name);
      } else if (typeof schema.additionalProperties === 'object') into(part, 'additionalProperties');
    }
  }

  /** Pointers to all properties below a schema. */
  propertiesOf(pointer, out = new Set(), been = new Set()) {
    const place = this.resolve(pointer);
    const schema = this.at(place);
    if (been.has(place) || !schema || typeof schema !== 'object') return out;
    been.add(place);
    const into = (...keys) => this.propertiesOf(step(place, ...keys), out, been);
    for (const kind of ['allOf', 'anyOf', 'oneOf']) (schema[kind] || []).forEach((_, i) => into(kind, i));
    for (const key of ['items', 'additionalProperties']) if (schema[key]) into(key);
    for (const name of Object.keys(schema.properties || {})) {
      out.add(step(place, 'properties', name));
      into('properties', name);
    }
    return out;
  }

  /** Documented properties of answers, or of bodies, that no exchange had. */
  unseen(of) {
    const all = new Set();
    const add = pointer => { for (const x of this.propertiesOf(pointer)) all.add(x); };
    for (const { pointer, responses, requestBody } of this.operations) {
      if (of === 'bodies') { if (requestBody) add(step(pointer, 'requestBody', 'content', 'application/json', 'schema')); continue; }
      for (const status of Object.keys(responses)) {
        const place = this.resolve(step(pointer, 'responses', status));
        for (const [type, { 'x-events': events = {} }] of Object.entries(this.at(place).content || {})) {
          add(step(place, 'content', type, 'schema'));
          for (const name of Object.keys(events)) add(step(place, 'content', type, 'x-events', name));
        }
      }
    }
    const seen = of === 'bodies' ? this.sent : this.members;
    return [...all].filter(x => !seen.has(x)).map(decodeURIComponent);
  }
}

/** The document, but that other programs' fields of a job are refused: in a test there are none. */
function closed(document) {
  const copy = structuredClone(document);
  for (const schema of Object.values(copy.components.schemas)) if (schema.unevaluatedProperties) schema.unevaluatedProperties = false;
  return copy;
}

/** Calls the operations of a server. */
export class Caller {
  constructor(contract, url) {
    this.contract = contract;
    this.url = url;
  }

  /**
   * Calls an operation: {status, type, headers, body}, checked.
   *   path, query, headers   by name; a parameter of the path is 'none' if it is missing
   *   body                   JSON, unless it is bytes or a form
   *   status                 what is expected: a number, or several
   */
  async call(id, { path: names = {}, query = {}, headers = {}, body, status } = {}) {
    const operation = this.contract.find(id);
    const target = operation.route.replace(/\{(\w+)\}/g, (_, name) => operation['x-rest'] === name ? names[name] ?? 'none' : encodeURIComponent(names[name] ?? 'none'));
    const search = new URLSearchParams(query).toString();
    const isJson = body !== undefined && !(body instanceof Uint8Array || body instanceof FormData);
    const stop = new AbortController();
    const raw = await fetch(this.url + target + (search && `?${search}`), {
      method: operation.method, headers, body: isJson ? JSON.stringify(body) : body, signal: stop.signal,
    });
    const answer = await read(raw);
    stop.abort();
    const told = `${operation.method} ${target}${search && `?${search.slice(0, 80)}`}${isJson ? ` ${JSON.stringify(body).slice(0, 120)}` : ''}`;
    this.contract.check(operation, answer, isJson ? body : undefined, told);
    if (status !== undefined && ![status].flat().includes(answer.status))
      this.contract.problems.push(`${told}: ${answer.status}, not ${status}: ${JSON.stringify(answer.body)?.slice(0, 300)}`);
    return answer;
  }

  /** A request that no operation fits: {status, type, headers, body}, an error. */
  async ask(method, target, options = {}, status = undefined) {
    const answer = await read(await fetch(this.url + target, { method, ...options }));
    const wrong = this.contract.wrong('#/components/schemas/Error', answer.body);
    if (wrong || (status && answer.status !== status)) this.contract.problems.push(`${method} ${target}: ${answer.status}: ${wrong}`);
    return answer;
  }
}

/** The parts of an answer that are checked. An event stream is not read. */
export async function read(raw) {
  const type = (raw.headers.get('content-type') || '').split(';')[0];
  const body = type === 'application/json' ? await raw.json() : type === 'text/event-stream' ? '' : type.startsWith('text/') ? await raw.text() : new Uint8Array(await raw.arrayBuffer());
  return { status: raw.status, type, headers: raw.headers, body };
}

/** Values of a query that a schema refuses: texts. */
export function badTexts(contract, pointer) {
  const schema = contract.at(contract.resolve(pointer));
  return candidates(schema).filter(text => contract.wrong(pointer, typed(schema, text)));
}

/** The least and the greatest that a schema allows: texts. */
export function bounds(contract, pointer) {
  const schema = contract.at(contract.resolve(pointer));
  const texts = [schema.minimum, schema.maximum, ...schema.enum || []].filter(x => x !== undefined).map(String);
  if (schema.format === 'int64') texts.push('9223372036854775807');
  if (schema.maxLength) texts.push('x'.repeat(schema.maxLength));
  return texts.filter(text => !contract.wrong(pointer, typed(schema, text)));
}

/** The least and the greatest numbers of each member of a body. */
export function numberBounds(contract, pointer) {
  const place = contract.resolve(pointer);
  return Object.entries(contract.at(place).properties || {}).flatMap(([name, { minimum, maximum }]) => [minimum, maximum].filter(x => x !== undefined).map(x => ({ [name]: x })));
}

function candidates(schema) {
  const out = ['nonsense', '', '1.5'];
  if (schema.minimum !== undefined) out.push(`${schema.minimum - 1}`);
  if (schema.maximum !== undefined) out.push(`${schema.maximum + 1}`);
  if (schema.format === 'int64') out.push('9223372036854775808');
  if (schema.maxLength) out.push('x'.repeat(schema.maxLength + 1));
  return out;
}

/** A text of a query as its schema sees it. */
function typed(schema, text) {
  if (schema.format === 'int64' && BigInt.asIntN(64, BigInt(/^-?\d+$/.test(text) ? text : 0)).toString() !== text) return text;
  if (schema.type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  return schema.type === 'array' ? text.split(',').filter(Boolean) : text;
}

/** JSON values that a schema refuses, also in its members. */
export function badValues(contract, pointer) {
  const place = contract.resolve(pointer);
  const schema = contract.at(place);
  const out = ['nonsense', -2, 0.5, true, [1], { oddMember: 1 }];
  if (schema.minimum !== undefined) out.push(schema.minimum - 1);
  if (schema.maximum !== undefined) out.push(schema.maximum + 1);
  if (schema.maxLength) out.push('x'.repeat(schema.maxLength + 1));
  if (schema.maxItems) out.push(Array.from({ length: schema.maxItems + 1 }, () => 'x'));
  for (const name of Object.keys(schema.properties || {}))
    for (const bad of badValues(contract, step(place, 'properties', name))) out.push({ [name]: bad });
  (schema.oneOf || []).forEach((_, i) => out.push(...badValues(contract, step(place, 'oneOf', i))));
  return [...new Map(out.map(value => [JSON.stringify(value), value])).values()].filter(value => contract.wrong(pointer, value));
}

/** Does something with each, 16 at once: waiting takes longer than the work. */
export async function each(list, work) {
  const rest = [...list];
  const go = async () => { while (rest.length) await work(rest.pop()); };
  await Promise.all(Array.from({ length: 16 }, go));
}

export { step };
