// Refusals: those that teach how to ask, and those that end a job or make it
// wait.
import assert from 'node:assert/strict';
import { cases } from './_cases.mjs';
import { good, json, message, refuses, says } from './_provider.mjs';

const learns = (name, answer, check) => ({ name: `learns: ${name}`, answers: [answer, good], calls: 2, sent: ([, body]) => check(body) });
const fails = (name, answer, reason, more = {}) => ({ name: `for good: ${name}`, answers: [answer], state: 'failed', reason, ...more });
const waits = (name, answer) => ({ name: `waits: ${name}`, answers: [answer], state: 'waits' });
const passes = (name, answer) => ({ name: `tried again: ${name}`, answers: [answer, good], calls: 2, attempts: 2 });

cases('a refusal of the form changes one thing', 'vision', [
  learns('max_completion_tokens', refuses(400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { param: 'max_tokens', code: 'unsupported_parameter' }),
    body => assert.ok(!body.max_tokens && body.max_completion_tokens)),
  learns('no json_schema', refuses(400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.", { param: 'response_format' }),
    body => { assert.equal(body.response_format.type, 'json_object'); assert.match(body.messages[0].content, /JSON schema/); }),
  learns('no response_format at all', refuses(400, 'Unrecognized request argument supplied: response_format'),
    body => assert.ok(!body.response_format)),
  learns('FastAPI: no response_format', json(422, { detail: [{ loc: ['body', 'response_format'], msg: 'Extra inputs are not permitted', type: 'extra_forbidden' }] }),
    body => assert.ok(!body.response_format)),
  learns('FastAPI: no detail', json(422, { detail: [{ loc: ['body', 'messages', 1, 'content', 1, 'image_url', 'detail'], msg: 'Extra inputs are not permitted' }] }),
    body => assert.ok(!('detail' in body.messages[1].content[1].image_url))),
  learns('no system role', refuses(400, "Unsupported value: 'messages[0].role' does not support 'system' with this model.", { param: 'messages[0].role' }),
    body => { assert.equal(body.messages.length, 1); assert.match(body.messages[0].content[0].text, /You describe pictures/); }),
  learns('a template without system role', json(500, { error: { code: 500, message: 'Jinja Exception: System role not supported', type: 'server_error' } }),
    body => assert.equal(body.messages.length, 1)),
  learns('Gemini: a schema it does not know', json(400, [{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "additionalProperties" at \'generation_config.response_schema\': Cannot find field.', status: 'INVALID_ARGUMENT' } }]),
    body => assert.equal(body.response_format.type, 'json_object')),
  learns('an error inside 200', json(200, { error: { code: 400, message: 'response_format is not supported' } }),
    body => assert.ok(!body.response_format)),
  {
    name: 'learns: three things in one attempt', calls: 4,
    answers: [refuses(400, 'no', { param: 'max_tokens' }), refuses(400, 'System role not supported'), refuses(422, 'json_schema', { param: 'response_format' }), good],
  },
  { ...fails('a fourth refusal', refuses(400, 'no json_schema, no json_object, no max_tokens'), /answered 400 "no json_schema/), calls: 4 },
  fails('400 about something else', refuses(400, 'I do not like it'), /answered 400 "I do not like it"/),
  fails('422 in the words of FastAPI', json(422, { detail: [{ loc: ['body', 'model'], msg: 'Field required' }] }), /model: Field required/),
  fails('refused by the model', message({ content: null, refusal: 'I cannot help with that' }), /declines.*I cannot help/),
  fails('refused in plain text', says("I'm sorry, I can't assist with that."), /declines/),
  fails('finish_reason content_filter', says('{"description":"x"}', { finish_reason: 'content_filter' }), /content filter/),
  fails('Azure: content filter', refuses(400, 'The response was filtered due to the prompt', { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } }), /filtered/),
  fails('OpenRouter: moderation', json(403, { error: { code: 403, message: 'Input was flagged', metadata: { reasons: ['violence'] } } }), /flagged; violence/),
  fails('an unsupported image', refuses(400, 'You uploaded an unsupported image.', { code: 'invalid_image_format' }), /unsupported image/),
  { ...fails('413', [413, {}, ''], /413/), calls: 2 },
  {
    name: '413 and then half the edge', answers: [[413, {}, ''], good], calls: 2,
    sent: ([first, second]) => assert.ok(second.messages[1].content[1].image_url.url.length < first.messages[1].content[1].image_url.url.length),
  },
  fails('metadata.raw of OpenRouter', json(400, { error: { message: 'Provider returned error', code: 400, metadata: { raw: '{"error":{"message":"bad pixels"}}' } } }), /Provider returned error; bad pixels/),
  waits('401', refuses(401, 'Incorrect API key provided', { code: 'invalid_api_key' })),
  waits('402', json(402, { error: { code: 402, message: 'This request requires more credits, or fewer max_tokens' } })),
  waits('403', [403, { 'Content-Type': 'text/html' }, '<html>Forbidden</html>']),
  waits('404: no such model', refuses(404, 'The model `x` does not exist', { code: 'model_not_found' })),
  waits('404: Ollama', json(404, { error: 'model "x" not found, try pulling it first' })),
  waits('404: no endpoint sees pictures', json(404, { error: { code: 404, message: 'No endpoints found that support image input' } })),
  waits('a model that sees no pictures', refuses(400, 'Invalid content type. image_url is only supported by certain models.')),
  waits('llama.cpp without mmproj', json(500, { error: { code: 500, message: 'image input is not supported - hint: you may need to provide the mmproj' } })),
  waits('Gemini: API key not valid', json(400, [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } }])),
  waits('insufficient_quota in a 429', refuses(429, 'You exceeded your current quota, please check your plan and billing details.', { type: 'insufficient_quota', code: 'insufficient_quota' })),
  waits('an unusable key inside 200', json(200, { error: { code: 401, message: 'No auth credentials found' } })),
  waits('a redirect', [302, { Location: 'http://127.0.0.1:1/' }, '']),
  passes('500', refuses(500, 'boom')),
  passes('502 in HTML', [502, { 'Content-Type': 'text/html' }, '<html>Bad gateway</html>']),
  passes('408', [408, {}, '']),
  passes('502 inside 200', json(200, { error: { code: 502, message: 'Provider returned error' } })),
  passes('an error in a choice', json(200, { choices: [{ error: { code: 502, message: 'x' }, message: { content: '' } }] })),
  passes('a reset', request => request.socket.resetAndDestroy()),
  passes('an answer that is cut short', (request, response) => { response.writeHead(200, { 'Content-Length': 1000 }); response.write('{'); setTimeout(() => response.destroy(), 50); }),
  passes('silence', () => {}),
]);
