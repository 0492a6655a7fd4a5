// What /metrics tells of a main node and its worker: every counter is there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT, staged, until } from './_lib.mjs';

/** The value of a series, or undefined. */
async function metric(stage, series) {
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  const line = text.split('\n').find(x => x.startsWith(`${series} `));
  return line && Number(line.slice(series.length + 1));
}

test('jobs are counted by how their runs ended, and events as they are published', staged(async stage => {
  await stage.serve();
  await stage.work('worker-1');
  const queue = stage.queue();
  await queue.add('echo', {});
  await queue.add('crash', { message: 'as ordered' }, { attempts: 2, backoff: 10 });
  await until(async () => (await queue.getCompletedCount()) === 1 && (await queue.getFailedCount()) === 1, 'both have ended');
  const outcome = name => metric(stage, `darkroom_jobs_settled_total{outcome="${name}"}`);
  await until(async () => (await outcome('completed')) === 1, 'one completed');
  await until(async () => (await outcome('failed')) === 1, 'one failed');
  assert.equal(await outcome('retried'), 1);
  await until(async () => (await metric(stage, 'darkroom_events_published_total')) >= 4, 'their events were published');
  assert.equal(await metric(stage, 'darkroom_events_lost_total'), 0);
}));

test('every counter of the server and of the event stream is shown with its help', staged(async stage => {
  await stage.serve();
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  for (const name of ['http_requests_total', 'http_refused_total', 'http_failed_total', 'http_connections', 'http_requests_pending',
    'sse_clients', 'sse_events_total', 'sse_dropped_total', 'sse_kicked_total', 'sse_refused_total']) {
    assert.match(text, new RegExp(`^# HELP darkroom_${name} \\S.* Unit: \\w+\\.$`, 'm'));
    assert.match(text, new RegExp(`^darkroom_${name} \\d+$`, 'm'));
  }
  assert.ok((await metric(stage, 'darkroom_http_connections')) >= 1);
}));

test('codec processes that are replaced between two pictures are counted, and no picture fails for it', staged(async stage => {
  fs.copyFileSync(path.join(ROOT, 'tests/pictures/tiny.jpg'), path.join(stage.uploads, 'a.jpg'));
  const replaced = reason => metric(stage, `darkroom_codecs_replaced_total{reason="${reason}"}`);
  await stage.solo({ DARKROOM_WORKER_CONCURRENCY: '1', DARKROOM_IMAGING_CODEC_PICTURES: '2', DARKROOM_IMAGING_AVIF_EFFORT: '0' });
  assert.equal(await replaced('pictures'), 0);
  const queue = stage.queue();
  for (let i = 0; i < 5; ++i) await queue.add('generate-variants', { imageId: `a-${i}`, filePath: 'a.jpg' }, { attempts: 1 });
  await until(async () => (await queue.getCompletedCount()) === 5, 'all are made');
  assert.equal(await replaced('pictures'), 2);
  assert.equal(await replaced('memory'), 0);
}));

test("/metrics has what BullMQ's exportPrometheusMetrics prints, with the same values", staged(async stage => {
  await stage.serve({ DARKROOM_QUEUE_METRICS_POINTS: '10' });
  await stage.work('worker-1');
  const queue = stage.queue();
  await queue.add('echo', {});
  await queue.add('echo', {}, { delay: 3600000 });
  await queue.add('crash', {}, { attempts: 1 });
  await until(async () => (await queue.getCompletedCount()) === 1 && (await queue.getFailedCount()) === 1, 'both have ended');
  const wanted = (await queue.exportPrometheusMetrics()).split('\n').filter(line => !line.startsWith('#')).map(line => line.replaceAll('", ', '",'));
  assert.equal(wanted.length, 9);
  assert.ok(wanted.some(line => line.endsWith('state="delayed"} 1')), wanted.join());
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  for (const line of wanted) assert.ok(text.includes(`\n${line}\n`), line);
  assert.match(text, /^# TYPE bullmq_job_count gauge$/m);
  assert.match(text, /^# TYPE bullmq_job_completed_total counter$/m);
}));

test('ages, pauses, versions and the process itself are shown', staged(async stage => {
  await stage.serve();
  const age = name => metric(stage, `darkroom_oldest_${name}_seconds{queue="image-processing"}`);
  assert.equal(await age('waiting'), 0);
  assert.equal(await metric(stage, 'darkroom_queue_paused'), 0);
  await stage.queue().pause();
  await stage.queue().add('sleep', { ms: 60000 });
  await until(async () => (await age('waiting')) > 0.5, 'the job waits');
  assert.equal(await metric(stage, 'darkroom_queue_paused'), 1);
  assert.equal(await age('running'), 0);
  await stage.work('worker-1');
  await stage.queue().resume();
  await until(async () => (await age('running')) > 0.5, 'the job runs');
  assert.equal(await metric(stage, 'darkroom_node_jobs_running{node="worker-1"}'), 1);
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  assert.match(text, /^darkroom_build_info\{protocol="\d+",version="\d+\.\d+\.\d+"\} 1$/m);
  assert.ok((await metric(stage, 'process_resident_memory_bytes')) > 1e6);
  assert.ok((await metric(stage, 'process_open_fds')) > 3);
  assert.ok(Math.abs((await metric(stage, 'process_start_time_seconds')) - Date.now() / 1000) < 60);
}));

test('a takeover is counted by whichever main node is active', staged(async stage => {
  const first = await stage.serve();
  assert.equal(await metric(stage, 'darkroom_main_takeovers_total'), 0);
  first.kill('SIGTERM');
  await first.within(10000);
  await stage.serve();
  assert.equal(await metric(stage, 'darkroom_main_takeovers_total'), 1);
}));

test('names of jobs that strangers choose do not make more series than fifty', staged(async stage => {
  await stage.serve({ DARKROOM_QUEUE_UNKNOWN_JOBS: 'fail' });
  await stage.work('worker-1');
  const queue = stage.queue();
  await queue.addBulk(Array.from({ length: 120 }, (_, i) => ({ name: `stranger "${i}"\n`, data: {} })));
  await until(async () => (await queue.getFailedCount()) === 120, 'all have failed');
  const text = await (await fetch(`${stage.url}/metrics`)).text();
  const names = new Set([...text.matchAll(/^darkroom_jobs_total\{name="((?:[^"\\]|\\.)*)"/gm)].map(x => x[1]));
  assert.ok(names.size <= 51 && names.has('other') && names.has('generate-variants'), [...names].join());
}));
