// The Grafana dashboard and the alert rules of deploy/, asked of a real Prometheus that scrapes a running cluster.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { QUEUE, SAMPLES, staged, until } from './_lib.mjs';
import { dashboardQueries, DASHBOARD, prometheus, RULES, selectorsOf, seriesOf } from './_prometheus.mjs';
import { provider } from './_provider.mjs';

const run = promisify(execFile);
/** There once a provider has rested, or with TLS (https.test.mjs). */
const RARE = new Set(['darkroom_provider_resting', 'darkroom_http_certificate_expiry_timestamp_seconds']);
const textOf = async stage => (await fetch(`${stage.url}/metrics`)).text();

/** Jobs that end in every way: pictures, answers that were known, retries, failures, a dead codec, a type without a node. */
async function load(stage) {
  const queue = stage.queue();
  const sample = fs.readdirSync(SAMPLES).find(name => name.endsWith('.jpg'));
  fs.copyFileSync(path.join(SAMPLES, sample), path.join(stage.uploads, 'a.jpg'));
  const options = { attempts: 2, backoff: 10 };
  for (const id of ['a', 'b']) {
    await queue.add('generate-metadata', { imageId: id, filePath: 'a.jpg' }, options);
    await queue.add('generate-variants', { imageId: id, filePath: 'a.jpg' }, options);
  }
  await queue.add('echo', {});
  await queue.add('crash', { message: 'as ordered' }, options);
  await queue.add('codec-crash', {}, { attempts: 1 });
  await queue.add('resize-video', {});
  await until(async () => (await queue.getCompletedCount()) === 7 && (await queue.getFailedCount()) === 2, 'all have ended', 60000);
}

async function busyCluster(stage) {
  const vision = await provider(stage);
  await stage.serve({ ...vision.env(), DARKROOM_QUEUE_METRICS_POINTS: '10' });
  const prom = await prometheus(stage); // sees the counters before they rise
  await until(async () => (await prom.query('up{job="darkroom"} == 1')).length === 1, 'it has scraped');
  await stage.work('worker-1', vision.env());
  await load(stage);
  await until(async () => Number((await prom.query('sum(darkroom_jobs_total{outcome="completed"})'))[0]?.value[1]) === 7, 'it has seen the load');
  return prom;
}

test('every query of the dashboard and of the rules has an answer on a running system', staged(async stage => {
  const prom = await busyCluster(stage);
  const queries = dashboardQueries(QUEUE);
  assert.ok(queries.length > 40, `${queries.length} queries`);
  const known = seriesOf(await textOf(stage));
  for (const { panel, expr, legend } of queries) {
    let answer = [];
    await until(async () => (answer = await prom.query(expr)).length > 0, `'${panel}' has an answer to ${expr}`, 10000);
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) assert.ok(label in answer[0].metric, `'${panel}' has no label ${label}`);
  }
  const { groups } = await prom.get('/api/v1/rules');
  const rules = groups.flatMap(group => group.rules);
  assert.ok(rules.length > 20, `${rules.length} rules`);
  for (const rule of rules) {
    assert.equal(rule.health, 'ok', `${rule.name}: ${rule.lastError}`);
    assert.ok(rule.annotations.summary && rule.labels.severity, rule.name);
  }
  // Rules that do not fire have no answer, so what they name is looked up.
  for (const { name, query } of rules)
    for (const { metric, labels } of selectorsOf(query)) {
      if (RARE.has(metric)) continue;
      assert.ok(known.has(metric), `${name} names ${metric}, which /metrics does not have`);
      for (const label of labels) assert.ok(label === 'job' || known.get(metric).has(label), `${name}: ${metric} has no label ${label}`);
    }
}));

test('rules fire when what they are about happens', staged(async stage => {
  const prom = await busyCluster(stage);
  const state = async name => (await prom.get('/api/v1/rules')).groups.flatMap(x => x.rules).find(x => x.name === name).state;
  const raised = async name => until(async () => ['pending', 'firing'].includes(await state(name)), `${name} is raised`, 15000);
  await raised('DarkroomJobsWithoutNode');
  assert.equal(await state('DarkroomPaused'), 'inactive');
  await stage.queue().pause();
  await raised('DarkroomPaused');
  assert.equal(await state('DarkroomRedisDown'), 'inactive');
  stage.redisProc.kill('SIGSTOP');
  try {
    await raised('DarkroomRedisDown');
  } finally {
    stage.redisProc.kill('SIGCONT');
  }
  await until(async () => (await state('DarkroomRedisDown')) === 'inactive', 'Redis is back', 15000);
}));

test('the rule on certificates fires 14 days before their end', async t => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rules-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const day = 86400;
  const alert = { severity: 'warning', job: 'darkroom', instance: 'soon' };
  const cases = {
    rule_files: [RULES],
    tests: [{
      interval: '1m',
      input_series: [['soon', 14 * day], ['later', 15 * day]].map(([instance, end]) => (
        { series: `darkroom_http_certificate_expiry_timestamp_seconds{job="darkroom", instance="${instance}"}`, values: `${end}x30` })),
      alert_rule_test: [{ alertname: 'DarkroomCertificateExpires', eval_time: '20m', exp_alerts: [{ exp_labels: alert, exp_annotations: {
        summary: 'The certificate of soon expires in 13d 23h 40m 0s',
        description: 'Renew it; the main node takes the new files by itself, and logs if it cannot.' } }] }],
    }],
  };
  const file = path.join(folder, 'cases.yml');
  fs.writeFileSync(file, JSON.stringify(cases));
  const { stdout, stderr } = await run('promtool', ['test', 'rules', file]).catch(problem => problem);
  assert.match(`${stdout}${stderr}`, /SUCCESS/);
});

test('promtool finds nothing wrong with the rules, and dashboard panels have names and places of their own', async () => {
  const { stdout } = await run('promtool', ['check', 'rules', RULES]);
  assert.match(stdout, /SUCCESS: \d+ rules found/);
  const { panels } = JSON.parse(fs.readFileSync(DASHBOARD, 'utf8'));
  assert.equal(new Set(panels.map(x => x.id)).size, panels.length);
  assert.equal(new Set(panels.map(x => `${x.gridPos.x} ${x.gridPos.y}`)).size, panels.length);
});
