// Traces: from a web tier's own span, which real BullMQ and OpenTelemetry make, through both nodes to the provider.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { BullMQOtel } from 'bullmq-otel';
import { freePort, ROOT, staged, until } from './_lib.mjs';
import { collector } from './_otlp.mjs';
import { provider } from './_provider.mjs';

const SMALL = path.join(ROOT, 'tests/pictures/tiny.jpg');
const CONSUMER = 5;
const ERROR = 2;

const web = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(web)] }).register();

/** Does something within a span of the web tier's: its id and its trace's. */
async function inSpan(name, work) {
  const span = trace.getTracer('web').startSpan(name, { kind: SpanKind.SERVER });
  await context.with(trace.setSpan(context.active(), span), work);
  span.end();
  return span.spanContext();
}

const named = (spans, name) => spans.filter(x => x.name === name);
const below = (spans, parent) => spans.filter(x => x.parentSpanId === parent.spanId).map(x => x.name.split(' ')[0]).sort();

/** The span `process NAME`, once it is there, and its children. */
async function processed(collected, traceId, name, count = 1) {
  await until(() => named(collected.of(traceId), `process ${name}`).length >= count, `${name} has been traced`, 30000);
  return named(collected.of(traceId), `process ${name}`)[0];
}

async function metric(stage, name) {
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  return Number(text.match(new RegExp(`^darkroom_trace_spans_${name}_total (\\d+)$`, 'm'))[1]);
}

/** A cluster of two nodes that exports, with a provider and a webhook. */
async function traced(stage) {
  const collected = await collector(stage);
  const peer = await provider(stage);
  const hooks = [];
  const hook = await stage.listen((request, _body, response) => { hooks.push(request.headers); response.end(); });
  const env = { ...collected.env, ...peer.env(), OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YQ==,x-tenant=t' };
  await stage.serve({ ...env, DARKROOM_NOTIFY_WEBHOOK: hook });
  await stage.work('worker-1', env);
  return { collected, peer, hooks };
}

async function checkPicture(stage, { collected, peer }) {
  fs.copyFileSync(SMALL, path.join(stage.uploads, 'a.jpg'));
  const queue = stage.queue({ telemetry: new BullMQOtel({ tracerName: 'web' }) });
  const data = { imageId: 'a', filePath: 'a.jpg' };
  const { traceId } = await inSpan('POST /upload', async () => {
    await queue.add('generate-metadata', data, { attempts: 1 });
    await queue.add('generate-variants', data, { attempts: 1 });
  });
  const metadata = await processed(collected, traceId, 'generate-metadata');
  const variants = await processed(collected, traceId, 'generate-variants');
  const embeddings = await processed(collected, traceId, 'generate-embeddings');
  await until(() => named(collected.of(traceId), 'run').length === 3, "the worker's spans are there");
  const spans = collected.of(traceId);

  const added = web.getFinishedSpans().filter(x => x.spanContext().traceId === traceId && x.kind === SpanKind.PRODUCER);
  assert.deepEqual([metadata, variants].map(x => x.parentSpanId), added.map(x => x.spanContext().spanId), "the producer's spans are the parents");
  assert.equal(embeddings.parentSpanId, metadata.spanId, 'the chain goes on');
  for (const x of [metadata, variants, embeddings]) {
    assert.deepEqual(below(spans, x), x === metadata ? ['claim', 'commit', 'process', 'run', 'settle'] : ['claim', 'commit', 'run', 'settle']);
    assert.equal(x.kind, CONSUMER);
    assert.equal(x.status, undefined);
  }
  const runs = Object.fromEntries(named(spans, 'run').map(x => [x.parentSpanId, x]));
  assert.deepEqual(below(spans, runs[metadata.spanId]), ['analyse', 'call']);
  assert.deepEqual(below(spans, runs[variants.spanId]), ['decode', 'encode']);
  const node = x => x.from['darkroom.node'];
  assert.deepEqual([...new Set(spans.filter(x => /^(process|claim|commit|settle)/.test(x.name)).map(node))], ['main']);
  assert.deepEqual([...new Set(spans.filter(x => /^(run|call|decode|encode|analyse)/.test(x.name)).map(node))], ['worker-1']);

  const [call] = spans.filter(x => x.name.startsWith('call '));
  assert.equal(call.attributes['http.response.status_code'], 200);
  assert.equal(call.attributes['gen_ai.usage.input_tokens'], 100);
  assert.equal(call.attributes['darkroom.call.result'], 'answered');
  assert.equal(peer.vision()[0].trace, `00-${traceId}-${call.spanId}-01`, 'the provider continues the trace');
  const told = metadata.attributes;
  assert.deepEqual([told['messaging.system'], told['messaging.destination.name'], told['darkroom.job.outcome'], told['darkroom.job.attempt'], told['darkroom.image.id']],
    ['bullmq', 'image-processing', 'completed', 1, 'a']);
  assert.ok(told['darkroom.job.wait_ms'] >= 0);
  assert.equal(metadata.from['service.name'], 'darkroom');
}

async function checkFailure(stage, { collected, hooks }) {
  const queue = stage.queue({ telemetry: new BullMQOtel({ tracerName: 'web' }) });
  const { traceId } = await inSpan('POST /crash', () => queue.add('crash', { message: 'as ordered' }, { attempts: 2, backoff: 10 }));
  await processed(collected, traceId, 'crash', 2);
  const ends = named(collected.of(traceId), 'process crash');
  assert.deepEqual(ends.map(x => x.attributes['darkroom.job.outcome']).sort(), ['failed', 'retried']);
  for (const x of ends) assert.deepEqual(x.status, { code: ERROR, message: 'as ordered' });
  await until(() => hooks.length === 1, 'the webhook was called');
  assert.match(hooks[0].traceparent, new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
}

/** What producers say, in all ways that a stranger may. */
async function checkProducers(stage, { collected }) {
  const queue = stage.queue();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const parent = 'b7ad6b7169203331';
  const add = (data, metadata) => queue.add('echo', data, { telemetry: metadata === undefined ? { omitContext: true } : { metadata } });
  const hidden = await add({}, JSON.stringify({ traceparent: `00-${'ab'.repeat(16)}-${parent}-00` }));
  const bare = await add({}, `00-${traceId}-${parent}-01`);
  const odd = await Promise.all(['{"traceparent":"00-0-0-01"}', '{', '7', `00-${'0'.repeat(32)}-${parent}-01`, 'x'.repeat(100000), undefined].map(x => add({}, x)));
  const of = job => collected.spans.find(x => x.name === 'process echo' && x.attributes['messaging.message.id'] === job.id);
  await until(() => [bare, ...odd].every(of), 'all are traced');
  assert.equal(of(bare).traceId, traceId);
  assert.equal(of(bare).parentSpanId, parent);
  for (const job of odd) assert.equal(of(job).parentSpanId, undefined, 'it begins a trace');
  assert.equal(new Set(odd.map(job => of(job).traceId)).size, odd.length);
  assert.equal(await hidden.getState(), 'completed');
  assert.equal(of(hidden), undefined, 'whoever began the trace does not want to see it');
}

async function checkUploads(stage, { collected }) {
  const traceId = 'cd'.repeat(16);
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'web=1' };
  const answer = await fetch(`${stage.url}/api/images`, { method: 'POST', body: fs.readFileSync(SMALL), headers });
  assert.equal(answer.status, 201);
  await processed(collected, traceId, 'generate-embeddings');
  await processed(collected, traceId, 'generate-variants');
  const spans = collected.of(traceId);
  const [upload] = named(spans, 'POST /api/images');
  assert.equal(upload.parentSpanId, '00f067aa0ba902b7');
  assert.deepEqual(below(spans, upload), ['process', 'process']);
  for (const x of spans) assert.equal(x.traceState, 'web=1');
  const job = await fetch(`${stage.url}/api/jobs`, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'echo' }) });
  assert.equal(job.status, 201);
  await processed(collected, traceId, 'echo');
}

test('one trace shows a picture from the web tier to its vector', staged(async stage => {
  const peers = await traced(stage);
  await checkPicture(stage, peers);
  await checkFailure(stage, peers);
  await checkProducers(stage, peers);
  await checkUploads(stage, peers);
  const { collected } = peers;
  assert.deepEqual(collected.problems, []);
  assert.equal(collected.headers.authorization, 'Basic YQ==');
  assert.equal(collected.headers['x-tenant'], 't');
  assert.equal(new Set(collected.spans.map(x => x.spanId)).size, collected.spans.length, 'no span came twice');
  assert.equal(await metric(stage, 'dropped'), 0);
}));

test('a collector that is away or refuses harms no job', staged(async stage => {
  const port = await freePort();
  const proc = await stage.solo({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`, DARKROOM_TRACE_FLUSH_INTERVAL: '100ms',
    DARKROOM_TRACE_MAX_SPANS: '20', DARKROOM_WORKER_DIAGNOSTICS: 'true',
  });
  const queue = stage.queue();
  let done = 0;
  const run = async count => {
    await queue.addBulk(Array.from({ length: count }, () => ({ name: 'echo', data: {} })));
    done += count;
    await until(async () => (await queue.getCompletedCount()) === done, 'the jobs are done');
  };
  await run(20);
  await until(async () => (await metric(stage, 'dropped')) === 60, 'what does not fit is dropped'); // of 20 times claim, run, settle, process
  assert.equal(await metric(stage, 'exported'), 0);
  await until(() => /spans are not exported/.test(proc.out), 'it has asked while nobody was there');

  const collected = await collector(stage, port);
  await until(async () => (await metric(stage, 'exported')) === 20, 'it flows again', 20000);
  let asked = 0;
  collected.answer = (_request, response) => {
    if (++asked > 1) return false;
    response.writeHead(503, { 'Retry-After': '1' }).end('busy');
    return true;
  };
  await run(1);
  await until(async () => (await metric(stage, 'exported')) === 24, 'it is sent again');
  collected.answer = (_request, response) => response.writeHead(400).end('no') && true;
  await run(1);
  await until(async () => (await metric(stage, 'dropped')) === 64, 'a refused batch is dropped');
  collected.answer = () => false;
  await run(1);
  proc.kill('SIGTERM');
  await proc.within(15000);
  assert.equal(collected.spans.length, 28, 'the end waits for the last spans');
  assert.deepEqual(collected.problems, []);
  const said = what => proc.out.split(what).length - 1;
  assert.equal(said('spans are not exported'), 3, 'once for each trouble');
  assert.equal(said('spans are exported again'), 3);
}));
