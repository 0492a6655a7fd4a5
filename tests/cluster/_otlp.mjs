// A collector that takes OTLP/HTTP with JSON, and checks that it is just that.
import http from 'node:http';
import Ajv from 'ajv';

const list = items => ({ type: 'array', items });
const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required, additionalProperties: false });
const string = { type: 'string' };
const time = { type: 'string', pattern: '^[1-9][0-9]{18}$' }; // ns of this century
const hex = digits => ({ type: 'string', pattern: `^(?!0*$)[0-9a-f]{${digits}}$` });
const value = { oneOf: [object({ stringValue: string }), object({ intValue: { type: 'string', pattern: '^-?[0-9]+$' } })] };
const attributes = list(object({ key: { type: 'string', minLength: 1 }, value }));
const span = object({
  traceId: hex(32), spanId: hex(16), parentSpanId: hex(16), traceState: string, flags: { type: 'integer' },
  name: { type: 'string', minLength: 1 }, kind: { enum: [1, 2, 3, 4, 5] }, startTimeUnixNano: time, endTimeUnixNano: time,
  attributes, status: object({ code: { enum: [0, 1, 2] }, message: string }),
}, ['traceId', 'spanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano']);
const scope = object({ name: string, version: string }, ['name']);
const isRequest = new Ajv().compile(object({
  resourceSpans: list(object({ resource: object({ attributes }), scopeSpans: list(object({ scope, spans: list(span) })) })),
}));

const flat = found => Object.fromEntries(found.map(x => [x.key, x.value.stringValue ?? Number(x.value.intValue)]));

/** `self.answer(request, response)` may answer otherwise: then it returns true. */
export async function collector(stage, port = 0) {
  const self = { spans: [], requests: 0, problems: [], headers: {}, answer: () => false };
  const take = (request, text) => {
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json') self.problems.push(`${request.method} ${request.url}`);
    const body = JSON.parse(text);
    if (!isRequest(body)) self.problems.push(JSON.stringify(isRequest.errors));
    for (const { resource, scopeSpans } of body.resourceSpans)
      for (const x of scopeSpans.flatMap(each => each.spans))
        self.spans.push({ ...x, from: flat(resource.attributes), attributes: flat(x.attributes) });
  };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      ++self.requests;
      self.headers = request.headers;
      if (self.answer(request, response)) return;
      take(request, Buffer.concat(parts).toString());
      response.setHeader('Content-Type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise(resolve => server.listen(port, '127.0.0.1', resolve));
  self.close = () => { server.closeAllConnections(); server.close(); };
  stage.closers.push(self.close);
  self.url = `http://127.0.0.1:${server.address().port}`;
  self.env = { OTEL_EXPORTER_OTLP_ENDPOINT: self.url, DARKROOM_TRACE_FLUSH_INTERVAL: '100ms' };
  self.of = traceId => self.spans.filter(x => x.traceId === traceId);
  return self;
}
