// What follows the ? is right or refused, and ids are what they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staged } from './_lib.mjs';

async function refused(stage, target, words, method = 'GET') {
  const answer = await fetch(stage.url + target, { method });
  const { error } = await answer.json();
  assert.equal(answer.status, 400, `${method} ${target}: ${answer.status}`);
  assert.ok(error.message.includes(words) || error.hint?.includes(words), `${target}: ${JSON.stringify(error)}`);
}

test('parameters that do not parse are refused with what is allowed', staged(async stage => {
  await stage.serve({}, ['--chaos']);
  for (const value of ['abc', '-1', '85899346', '', '1.5', '%zz', '1e3'])
    await refused(stage, `/api/jobs?page=${value}`, 'is not a whole number from 0 to');
  for (const value of ['abc', '0', '-1', '501', ''])
    await refused(stage, `/api/images?limit=${value}`, 'is not a whole number from 1 to 500');
  for (const value of ['abc', '-1', '99999999999999999999'])
    await refused(stage, `/api/images?offset=${value}`, 'is not a whole number from 0 to');
  await refused(stage, '/api/jobs?state=nonsense', 'waiting, active');
  await refused(stage, '/api/jobs?state=complete', "did you mean 'completed'?");
  await refused(stage, '/api/images?status=nonsense', 'pending, processing, completed or failed');
  await refused(stage, '/api/jobs/1/retry?attempts=some', 'left or all', 'POST');
  await refused(stage, '/api/chaos/nodes/x/cut?seconds=0', 'from 1 to 600', 'POST');
  for (const target of ['/api/jobs?page=0&state=failed', '/api/images?limit=500&offset=0&status=failed', '/api/images?limit=1'])
    assert.equal((await fetch(stage.url + target)).status, 200, target);
}));

test('a parameter that a route does not know is refused by name', staged(async stage => {
  await stage.serve({}, ['--chaos']);
  await refused(stage, '/api/jobs?pgae=1', "did you mean 'page'?");
  await refused(stage, '/api/images?stauts=failed', "did you mean 'status'?");
  for (const [method, target] of [
    ['GET', '/api/queue'], ['POST', '/api/queue/pause'], ['POST', '/api/queue/resume'], ['GET', '/api/nodes'],
    ['GET', '/api/images/x'], ['DELETE', '/api/images/x'], ['GET', '/api/jobs/1'], ['DELETE', '/api/jobs/1'],
    ['POST', '/api/jobs/1/promote'], ['GET', '/api/jobs/1/why'], ['POST', '/api/jobs/1/cancel'],
    ['GET', '/api/chaos'], ['POST', '/api/chaos/stop'], ['POST', '/api/chaos/kill/x'],
  ]) await refused(stage, `${target}?x=1`, "there is no parameter 'x'", method);
  await refused(stage, '/api/nodes/x/cordon?x=1', 'known are id', 'POST');
  assert.equal((await stage.get('/api/queue')).paused, false, 'nothing was done');
  assert.equal((await fetch(`${stage.url}/livez?x=1`)).status, 200, 'probes may say what they like');
}));

test('ids with slashes and other odd letters can be addressed', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  for (const id of ['a/b', 'x//y/../z', 'ä ?#%2F', '...', 'a+b&c=d']) {
    await queue.add('echo', {}, { jobId: id });
    const job = await stage.get(`/api/jobs/${encodeURIComponent(id)}`);
    assert.equal(job.id, id);
    const gone = await fetch(`${stage.url}/api/jobs/${encodeURIComponent(id)}`, { method: 'DELETE' });
    assert.equal(gone.status, 200);
    assert.equal(await queue.getJob(id), undefined);
  }
}));

test('what is no job of the queue is no job of the API', staged(async stage => {
  await stage.serve();
  const queue = stage.queue();
  await queue.add('echo', {});
  await queue.add('echo', {}, { delay: 1e6 });
  await queue.add('echo', {}, { priority: 1 });
  for (const id of ['meta', 'wait', 'id', 'events', 'delayed', 'prioritized', 'pc', 'marker', 'nobody', '1:logs'])
    for (const [method, target] of [['GET', ''], ['GET', '/why'], ['POST', '/retry'], ['POST', '/promote'], ['POST', '/cancel'], ['DELETE', '']]) {
      const answer = await fetch(`${stage.url}/api/jobs/${id}${target}`, { method });
      assert.equal(answer.status, 404, `${method} /api/jobs/${id}${target}: ${await answer.text()}`);
    }
}));

test('a file name that no file can have is a 404', staged(async stage => {
  await stage.serve();
  const fs = await import('node:fs');
  fs.writeFileSync(`${stage.uploads}/a.txt`, 'x');
  fs.symlinkSync('loop', `${stage.uploads}/loop`);
  for (const name of ['x'.repeat(300), `${'x'.repeat(300)}/a.jpg`, 'loop', 'loop/a.jpg', 'a.txt/b.jpg', 'nothing.jpg'])
    assert.equal((await fetch(`${stage.url}/files/${name}`)).status, 404, name);
}));
