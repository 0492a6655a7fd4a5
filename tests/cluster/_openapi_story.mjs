// What a server must have gone through until each answer of the document was
// seen: chapters, in this order.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { FlowProducer } from 'bullmq';
import { QUEUE, ROOT, until } from './_lib.mjs';
import { json } from './_provider.mjs';

const picture = name => fs.readFileSync(path.join(ROOT, 'tests/pictures', name));
const SMALL = picture('tiny.jpg');
const OTHER = picture('grey.jpg');
const KEY = { 'Idempotency-Key': 'openapi-1' };

function form(...files) {
  const out = new FormData();
  for (const [name, content] of files) out.append('picture', new Blob([content]), name);
  return out;
}

/** Waits for what an operation answers. */
const answered = (api, id, options, holds, what) => until(async () => {
  const { body } = await api.call(id, options);
  return holds(body) && body;
}, what, 15000);

/** Pictures, while their provider refuses, and after an operator had it called again. */
async function pictures({ api, peer }) {
  let refuses = true;
  peer.answer = ({ path: target, body }, response) => {
    if (refuses) return json(response, 401, { error: { message: 'no such key' } });
    const isOdd = target.endsWith('/chat/completions') && 'max_tokens' in JSON.parse(body); // it learns how to ask
    return isOdd && json(response, 400, { error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", param: 'max_tokens', code: 'unsupported_parameter' } });
  };
  const { body: { imageId, filePath } } = await api.call('uploadImages', { body: SMALL, query: { name: 'a.jpg' }, headers: KEY, status: 201 });
  await api.call('uploadImages', { body: OTHER, headers: KEY, status: 422 });
  await api.call('uploadImages', { body: SMALL, status: 200 });
  await api.call('uploadImages', { body: form(['a.jpg', SMALL], ['b.jpg', OTHER]), status: 201 });
  await api.call('uploadImages', { body: Buffer.from('no picture'), status: 415 });
  await api.call('uploadImages', { body: Buffer.alloc(0), status: 400 });
  await api.call('uploadImages', { body: SMALL, headers: { 'Idempotency-Key': 'with a blank' }, status: 400 });
  await answered(api, 'listProviders', {}, x => x.providers.some(one => one.state === 'resting'), 'the provider rests');
  await answered(api, 'explainJob', { path: { id: `${imageId}-metadata` } }, x => x.resources.vision?.pausedWhy, 'a job says that it waits for it');
  refuses = false;
  await api.call('resumeProviders', { path: { resource: 'vision' }, status: 200 });
  await answered(api, 'getImage', { path: { id: imageId } }, x => x.status === 'completed' && x.blurHash, 'the picture is completed');
  await answered(api, 'listProviders', {}, x => x.providers.some(one => one.profile), 'the provider works');
  const { body: { limits } } = await api.call('listLimits', { status: 200 });
  const all = value => Object.fromEntries(limits.map(({ name }) => [name, value(name)]));
  await api.call('changeLimits', { body: all(name => (name.startsWith('limits.') ? '50/1m' : '900')), status: 200 });
  await api.call('changeLimits', { body: all(() => 'default'), status: 200 });
  await api.call('changeLimits', { body: { 'budget.money': 'a lot' }, status: 400 });
  await answered(api, 'listImages', { query: { status: 'completed' } }, x => x.total === 2, 'so is the other');
  const one = { path: { id: imageId } };
  for (const id of ['getImage', 'listSimilarImages']) await api.call(id, { ...one, headers: { 'If-None-Match': '*' }, status: 304 });
  await api.call('listSimilarImages', { ...one, status: 200 });
  const after = '2020-01-01';
  await api.call('search', { query: { q: 'bicycle', tag: 'bicycle', category: 'street', mood: 'calm', after, before: '2120-01-01T00:00:00Z' }, status: 200 });
  await api.call('search', { query: { q: 'nothing of the kind' }, status: 200 });
  await api.call('uploadImages', { body: SMALL, query: { duplicate: 'allow' }, status: 201 });
  await answered(api, 'listDuplicates', {}, x => x.groups.length, 'the copy is found');
  const file = { path: { path: filePath } };
  await api.call('getFile', { ...file, status: 200 });
  await api.call('getFile', { ...file, headers: { Range: 'bytes=0-9' }, status: 206 });
  await api.call('getFile', { ...file, headers: { Range: 'bytes=0-9', 'If-Range': '"another"' }, status: 200 });
  await api.call('getFile', { ...file, headers: { Range: 'bytes=999999999-' }, status: 416 });
  await api.call('getFile', { ...file, headers: { 'If-None-Match': '*' }, status: 304 });
  await api.call('getAsset', { path: { file: 'app.js' }, status: 200 });
  await api.call('getAsset', { path: { file: 'app.js' }, headers: { 'If-None-Match': '*' }, status: 304 });
  await api.call('deleteImage', { ...one, status: 200 });
}

/** Jobs that do not run, as the queue is paused: each state, and what each allows. */
async function waitingJobs({ api, contract, stage }) {
  await api.call('pauseQueue', { status: 200 });
  const add = (name, options = {}, data = {}) => api.call('addJob', { body: { name, data, options }, status: 201 });
  await add('echo', { jobId: 'waits' });
  await add('echo', { jobId: 'other', lifo: true, kl: 3, backoff: 5, removeOnComplete: true, removeOnFail: { count: 5 } });
  await add('echo', { jobId: 'later', delay: 600000 });
  await add('echo', { jobId: 'first', priority: 3 });
  await add('echo', { jobId: 'alone', de: { id: 'a', ttl: 600000 } });
  for (const name of ['plain', 'options', 'deduplicated']) await api.call('addJob', { body: contract.example('addJob', name), status: 201 });
  await api.call('addJob', { body: contract.example('addJob', 'options'), status: 200 });
  const flow = new FlowProducer({ connection: { url: stage.redisUrl } });
  stage.closers.push(() => flow.close());
  await flow.add({ name: 'echo', queueName: QUEUE, opts: { jobId: 'parent' }, children: [
    { name: 'echo', queueName: QUEUE, data: { n: 1 }, opts: { jobId: 'child' } },
    { name: 'fatal', queueName: QUEUE, data: { message: 'as it should' }, opts: { jobId: 'ignored', ignoreDependencyOnFailure: true } },
    { name: 'fatal', queueName: QUEUE, data: { message: 'as it should' }, opts: { jobId: 'fails', removeDependencyOnFailure: true } },
  ] });
  await add('sleep', { jobId: 'second', parent: { id: 'parent', queue: `bull:${QUEUE}`, waitChildrenKey: '' }, failParentOnFailure: true, fpof: true, continueParentOnFailure: false, cpof: false,
    ignoreDependencyOnFailure: false, idof: false, removeDependencyOnFailure: false, rdof: false }, { ms: 1 });
  for (const state of ['waiting', 'delayed', 'prioritized', 'waiting-children', 'paused']) await api.call('listJobs', { query: { state }, status: 200 });
  for (const id of ['waits', 'later', 'first', 'parent', 'child', 'alone'])
    for (const name of ['getJob', 'explainJob']) await api.call(name, { path: { id }, status: 200 });
  const on = id => ({ path: { id } });
  for (const id of ['getJob', 'explainJob']) await api.call(id, { ...on('waits'), headers: { 'If-None-Match': '*' }, status: 304 });
  await api.call('changeJob', { ...on('later'), body: contract.example('changeJob', 'all'), status: 200 });
  await api.call('changeJob', { ...on('waits'), body: { delay: 5 }, status: 409 });
  await api.call('retryJob', { ...on('waits'), status: 409 });
  await api.call('promoteJob', { ...on('waits'), status: 409 });
  await api.call('promoteJob', { ...on('later'), status: 200 });
  await api.call('cancelJob', { ...on('other'), status: 200 });
  await api.call('cancelJob', { ...on('other'), status: 409 });
  await api.call('retryJob', { ...on('other'), query: { attempts: 'all' }, status: 200 });
  await api.call('removeJob', { ...on('other'), status: 200 });
  await api.call('setQueueLimits', { body: contract.example('setQueueLimits', 'limits'), status: 200 });
  await api.call('getQueue', { status: 200 });
  await answered(api, 'getHistory', {}, x => x.series.waiting.some(one => one !== null), 'the course of the queue is noted');
  await api.call('explainJob', { ...on('waits'), status: 200 });
  await api.call('setQueueLimits', { body: {}, status: 200 });
}

/** Jobs that run and end. */
async function runningJobs({ api, contract, stage }) {
  const queue = stage.queue();
  await queue.add('generate-variants', { imageId: 'img-1', filePath: 'none.jpg' }, { attempts: 1, jobId: 'dies' });
  await queue.add('of-nobody', {}, { jobId: 'homeless' });
  await queue.add('log', { lines: ['one', 'two'] }, { jobId: 'logs' });
  await queue.add('sleep', { ms: 60000 }, { jobId: 'runs' });
  await api.call('resumeQueue', { status: 200 });
  const stateOf = (id, state) => answered(api, 'getJob', { path: { id } }, x => x.state === state, `${id} is ${state}`);
  await stateOf('runs', 'active');
  await api.call('listJobs', { query: { state: 'active' }, status: 200 });
  await api.call('explainJob', { path: { id: 'runs' }, status: 200 });
  await api.call('removeJob', { path: { id: 'runs' }, status: 409 });
  await api.call('obliterateQueue', { body: { name: QUEUE }, status: 409 });
  await api.call('resumeQueue', { status: 200 });
  await api.call('cancelJob', { path: { id: 'runs' }, status: 202 });
  for (const id of ['dies', 'runs', 'ignored', 'fails']) await stateOf(id, 'failed');
  for (const id of ['parent', 'logs']) await stateOf(id, 'completed');
  await answered(api, 'getQueue', {}, x => x.withoutNode['of-nobody'], 'a job has no node');
  await api.call('explainJob', { path: { id: 'homeless' }, status: 200 });
  await api.call('listJobs', { query: { state: 'delayed' }, status: 200 });
  const page = await api.call('listJobs', { query: { state: 'failed', limit: 1 }, status: 200 });
  await api.call('listJobs', { query: { state: 'failed', cursor: page.body.next, name: 'fatal' }, status: 200 });
  await api.call('listJobs', { query: { state: 'completed', page: 0 }, status: 200 });
  await api.call('listCauses', { status: 200 });
  await api.call('changeJobs', { body: contract.example('changeJobs', 'filtered'), status: 200 });
  await api.call('changeJobs', { body: contract.example('changeJobs', 'listed'), status: 200 });
  await api.call('changeJobs', { body: { action: 'retry', ids: ['dies'] }, status: 200 });
  await stateOf('dies', 'failed');
  await api.call('startRedrive', { body: { rate: 1 }, status: 202 });
  await api.call('startRedrive', { body: {}, status: 409 });
  await api.call('stopRedrive', { status: 200 });
  await api.call('startRedrive', { body: contract.example('startRedrive', 'some'), status: 202 });
  await answered(api, 'getRedrive', {}, x => x.state === 'done', 'the second one has ended');
}

async function schedulers({ api, contract, stage }) {
  for (const name of ['pattern', 'interval']) await api.call('putScheduler', { path: { id: name }, body: contract.example('putScheduler', name), status: 200 });
  await stage.redis().set(`bull:${QUEUE}:repeat:odd`, 'what is this?');
  await api.call('putScheduler', { path: { id: 'odd' }, body: contract.example('putScheduler', 'pattern'), status: 409 });
  await api.call('listSchedulers', { status: 200 });
  await api.call('listJobs', { query: { state: 'delayed' }, status: 200 });
  await api.call('removeScheduler', { path: { id: 'interval' }, status: 200 });
}

/** Tokens and the cookie, on loopback, where they are not needed. */
async function access({ api, contract, token }) {
  await api.call('getSession', { status: 200 });
  await answered(api, 'getSession', { headers: { authorization: `Bearer ${token}` } }, x => x.who === 'ann', 'the token is known');
  const { headers } = await api.call('logIn', { body: { token }, status: 200 });
  await api.call('getSession', { headers: { cookie: headers.get('set-cookie').split(';')[0] }, status: 200 });
  await api.call('logIn', { body: { token: 'drk_nonsense' }, status: 401 });
  await api.call('logOut', { status: 200 });
  const scoped = await api.call('makeEventToken', { body: contract.example('makeEventToken', 'two'), status: 201 });
  await api.call('streamEvents', { query: { token: scoped.body.token }, status: 200 });
  await api.call('streamEvents', { query: { token: scoped.body.token, imageId: 'another' }, status: 403 });
  await api.call('streamEvents', { query: { token: 'drs_nonsense' }, status: 401 });
  await answered(api, 'listAudit', { query: { limit: 1 } }, x => x.next, 'the log has entries');
}

/** Nodes, and harm to them. */
async function nodes({ api, contract }) {
  await answered(api, 'listNodes', {}, x => x.nodes[0].processors.length, 'the worker has started a processor');
  for (const id of ['cordonNode', 'uncordonNode']) await api.call(id, { path: { name: 'worker-1' }, query: { id: 'order-1' }, status: 202 });
  await api.call('actChaos', { body: contract.example('actChaos', 'kill'), status: 202 });
  await answered(api, 'getChaos', {}, x => !x.run.running, 'the action is over');
  await api.call('startChaos', { body: contract.example('startChaos', 'short'), status: 202 });
  await api.call('startChaos', { body: {}, status: 409 });
  await api.call('actChaos', { body: contract.example('actChaos', 'clients'), status: 409 });
  await answered(api, 'getChaos', {}, x => x.run.outcome, 'the run has a verdict');
  await api.call('stopChaos', { status: 202 });
  await api.call('killActor', { path: { actor: 'event_publisher' }, status: 202 });
  await api.call('killActorOfNode', { path: { name: 'worker-1', actor: 'processor' }, status: 202 });
  await api.call('cutNode', { path: { name: 'worker-1' }, query: { seconds: 1 }, status: 202 });
}

/** Headers that the server refuses before it looks at the route; fetch() cannot send them. */
const REFUSED = {
  400: ['Host: localhost', 'Host: localhost'],
  413: ['Host: localhost', 'Content-Length: 1000000000000'],
  421: ['Host: evil.example'],
  501: ['Host: localhost', 'Transfer-Encoding: gzip'],
};

async function refusals({ api, contract }) {
  for (const operation of contract.operations)
    for (const [status, lines] of Object.entries(REFUSED).filter(([x]) => operation.responses[x])) {
      const line = `${operation.method} ${operation.route.replace(/\{\w+\}/g, 'none')} HTTP/1.1`;
      const answer = await raw(api.url, [line, ...lines, 'Connection: close', '', '']);
      contract.check(operation, answer, undefined, `${line} ${lines}`);
      if (`${answer.status}` !== status) contract.problems.push(`${line} ${lines}: ${answer.status}, not ${status}`);
    }
  for (const target of ['/api/nothing', '/nothing']) await api.ask('GET', target, {}, 404);
  await api.ask('GET', '/api/jobs/%zz', {}, 400);
}

function raw(url, lines) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(new URL(url).port, '127.0.0.1', () => socket.write(lines.join('\r\n')));
    let text = '';
    socket.on('data', part => { text += part; });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head, body] = text.split('\r\n\r\n');
      const headers = new Headers(head.split('\r\n').slice(1).map(line => line.split(/: (.*)/).slice(0, 2)));
      resolve({ status: Number(head.split(' ')[1]), type: headers.get('content-type').split(';')[0], headers, body: JSON.parse(body) });
    });
  });
}

/** The end of the queue, then of Redis. */
async function end({ api, contract, stage }) {
  await api.call('cleanQueue', { body: contract.example('cleanQueue', 'old'), status: 200 });
  await api.call('drainQueue', { body: contract.example('drainQueue', 'all'), status: 200 });
  await api.call('obliterateQueue', { body: contract.example('obliterateQueue', 'forced'), status: 200 });
  await answered(api, 'getReadiness', {}, x => x.status === 'ready', 'the node is ready');
  stage.redisProc.kill('SIGKILL');
  await api.call('uploadImages', { body: picture('astronaut.jpg'), status: 202 });
  await api.call('uploadImages', { body: form(['a.jpg', picture('coffee.jpg')], ['b.jpg', OTHER]), status: 202 });
  for (const id of ['getQueue', 'listJobs', 'listSchedulers', 'listProviders']) await api.call(id, { status: 503 });
  await api.call('deleteImage', { path: { id: 'none' }, status: 503 });
  await answered(api, 'getReadiness', {}, x => x.error, 'the node is not ready');
}

export const CHAPTERS = [pictures, waitingJobs, runningJobs, schedulers, access, nodes, refusals, end];
