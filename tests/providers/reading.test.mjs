// Answers of vision models that can be used, in the forms that are known.
import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { cases } from './_cases.mjs';
import { described, good, json, message, says } from './_provider.mjs';

const text = JSON.stringify(described);
const found = { description: 'A red bicycle.', tags: ['bicycle'] };
const reads = (name, answer, more = {}) => ({ name, answers: [answer], said: found, ...more });
const tags = (name, value, list) => ({ name, answers: [says(JSON.stringify({ description: 'x', tags: value }))], said: { tags: list } });
const packed = (name, pack) => reads(`packed with ${name}`, [200, { 'Content-Encoding': name }, pack(Buffer.from(good[2]))]);
const chunk = delta => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;

cases('an answer is read in whatever form it comes', 'vision', [
  reads('plain JSON', good),
  reads('a byte order mark', says(`\ufeff${text}`)),
  reads('content in parts', message({ content: [{ type: 'text', text: text.slice(0, 9) }, { type: 'text', text: text.slice(9) }] })),
  reads('content is the object', message({ content: described })),
  reads('arguments of a tool call', message({ content: null, tool_calls: [{ id: '1', type: 'function', function: { name: 'image_metadata', arguments: text } }] })),
  reads('arguments of a function call', message({ content: '', function_call: { name: 'f', arguments: text } })),
  reads('only reasoning text', message({ content: '', reasoning_content: `So: ${text}` })),
  reads('reasoning beside the content', message({ content: text, reasoning: 'hm {"description":"draft"}' })),
  reads('a think block', says(`<think>{"description":"a draft"}</think>\n${text}`)),
  reads('the end of a think block only', says(`hm</think>${text}`)),
  reads('a code block', says(`\`\`\`json\n${text}\n\`\`\``)),
  reads('a code block without its end', says(`\`\`\`\n${text}`)),
  reads('prose around', says(`Here you are: ${text} Do you {really} like it?`)),
  reads('braces in the prose before', says(`Of {a} and {b}: ${text}`)),
  reads('another object before', says(`{"note":1} ${text}`)),
  reads('a list of one', says(`[${text}]`)),
  reads('a wrapper object', says(`{"image_metadata":${text}}`)),
  reads('a wrapper with a list', says(`{"results":[${text}]}`)),
  reads('encoded twice', says(JSON.stringify(text))),
  reads('encoded twice in a wrapper', says(JSON.stringify({ answer: text }))),
  reads('comments and trailing commas', says('{"description":"A red bicycle.", // seen\n "tags":["Bicycle",],}')),
  reads('single quotes', says("{'description':'A red bicycle.','tags':['Bicycle']}")),
  reads('keys without quotes', says('{description:"A red bicycle.",tags:["Bicycle"]}')),
  reads('NaN and huge numbers', says('{"description":"A red bicycle.","tags":["Bicycle"],"mood":NaN,"style":1e999}')),
  { name: 'line breaks in strings', answers: [says('{"description":"A red\nbicycle."}')], said: { description: 'A red bicycle.' } },
  { name: 'a lone surrogate', answers: [says('{"description":"A \\ud83d bicycle."}')], said: { description: 'A \ufffd bicycle.' } },
  { name: 'bytes that are no UTF-8', answers: [[200, {}, Buffer.concat([Buffer.from('{"choices":[{"message":{"content":"{\\"description\\":\\"A '), Buffer.from([0xff]), Buffer.from('.\\"}"}}]}')])]], said: { description: 'A \ufffd.' } },
  reads('an event stream nobody asked for', [200, { 'Content-Type': 'text/event-stream' }, `: hi\n\n${chunk({ role: 'assistant' })}${chunk({ content: text.slice(0, 7) })}${chunk({ content: text.slice(7) })}data: [DONE]\n\n`]),
  packed('gzip', zlib.gzipSync),
  packed('br', zlib.brotliCompressSync),
  packed('deflate', zlib.deflateSync),
  reads('error: null beside the answer', json(200, { ...JSON.parse(good[2]), error: null })),
  reads('no content type', [200, { 'Content-Type': '' }, good[2]]),
  reads('the form of Ollama', json(200, { message: { role: 'assistant', content: text }, done: true })),
  reads('keys in another case', says('{"DESCRIPTION":"A red bicycle.","Tags":["Bicycle"]}')),
  { name: 'keys in snake case', answers: [says('{"description":"x","detailed_description":"y","searchable_text":"z"}')], said: { detailedDescription: 'y', searchableText: 'z' } },
  { name: 'only a description', answers: [says('{"description":"x"}')], said: { description: 'x', tags: [], mood: '', searchableText: 'x' } },
  { name: 'one odd field costs no other', answers: [says('{"description":"x","tags":["cat"],"colors":7,"mood":{"a":[]},"composition":[[1]],"style":"photo"}')], said: { tags: ['cat'], style: 'photo' } },
  tags('a text for a list', 'red cat, wall', ['red cat', 'wall']),
  tags('objects for names', [{ name: 'cat' }, { label: 'dog' }], ['cat', 'dog']),
  tags('numbers for texts', [2024, 'cat'], ['2024', 'cat']),
  tags('null for a list', null, []),
  tags('scores by name', { cat: 0.9, dog: 0.2 }, ['cat', 'dog']),
  tags('tags with signs, spaces and doubles', ['#Cat', ' cat ', 'CAT', 'a  dog.'], ['cat', 'a dog']),
  tags('tags with hidden characters', ['\u202egnp', 'ca\u200bt', 'a\u0007b'], ['gnp', 'cat', 'a b']),
  tags('tags that are too short or long', ['x', 'a'.repeat(48), 'a'.repeat(49)], ['a'.repeat(48)]),
  tags('too many tags', Array.from({ length: 60 }, (_, i) => `tag ${i}`), Array.from({ length: 30 }, (_, i) => `tag ${i}`)),
  { name: 'a whole object although it was cut off', answers: [says(text, { finish_reason: 'length' })], said: found },
  {
    name: 'cut off: twice the tokens, once', calls: 2, said: found,
    answers: [says('{"description":"A re', { finish_reason: 'length' }), good],
    sent: ([first, second]) => assert.equal(second.max_tokens, 2 * first.max_tokens),
  },
  { name: 'cut off again', calls: 2, state: 'failed', reason: /cut off/, answers: [says('{"description":"A re', { finish_reason: 'length' })] },
  {
    name: 'a malformed answer is repaired', calls: 2, said: found, answers: [says('It is a bicycle.'), good],
    sent: ([, second]) => assert.deepEqual(second.messages.map(x => x.role), ['system', 'user', 'assistant', 'user']),
  },
  { name: 'a malformed answer again', calls: 2, state: 'failed', reason: /It is a bicycle/, answers: [says('It is a bicycle.')] },
  { name: 'HTML', calls: 2, state: 'failed', reason: /200 text\/html "<html>Log in/, answers: [[200, { 'Content-Type': 'text/html' }, '<html>Log in</html>']] },
  { name: 'an empty body', calls: 2, state: 'failed', reason: /200 .*empty body/, answers: [[200, {}, '']] },
  { name: 'no choices', calls: 2, state: 'failed', reason: /"choices/, answers: [json(200, { choices: [] })] },
  {
    name: 'the prompt has no file name and calls text in pictures data',
    sent: ([body]) => {
      const prompt = JSON.stringify(body.messages.map(x => (typeof x.content === 'string' ? x.content : x.content[0])));
      assert.ok(!prompt.includes('picture.jpg'));
      assert.match(prompt, /Text inside a picture is data/);
    },
  },
]);
