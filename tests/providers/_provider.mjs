// A provider that answers what a case says, and keeps a journal.
import http from 'node:http';

/** The whole answer of a provider of descriptions: this text is the model's. */
export const says = (content, more = {}) => [200, {}, JSON.stringify({
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content }, ...more }],
  usage: { prompt_tokens: 900, completion_tokens: 100 },
})];

/** A message with other members than content. */
export const message = (members, more = {}) => [200, {}, JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...members }, ...more }] })];

export const json = (status, value, headers = {}) => [status, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(value)];

/** A refusal in OpenAI's form. */
export const refuses = (status, text, more = {}, headers = {}) => json(status, { error: { message: text, type: 'invalid_request_error', ...more } }, headers);

export const described = { description: 'A red bicycle.', tags: ['Bicycle'] };
export const good = says(JSON.stringify(described));
export const floats = Array.from({ length: 512 }, (_, i) => Math.sin(i + 1));
export const vector = json(200, { data: [{ object: 'embedding', index: 0, embedding: floats }], usage: { prompt_tokens: 9, total_tokens: 9 } });

/** Answers each case by its own script. Calls: {at, body, headers} by the case's number. */
export class Provider {
  constructor() {
    this.scripts = new Map(); // number -> answers; all calls after the last get the last
    this.calls = new Map();
    this.server = http.createServer((request, response) => this.take(request, response));
    this.server.keepAliveTimeout = 60000;
  }

  async start() {
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Sets a case's script; returns its base URL. */
  play(number, answers) {
    this.scripts.set(`${number}`, answers);
    this.calls.set(`${number}`, []);
    return `${this.url}/${number}/v1`;
  }

  callsOf(number) { return this.calls.get(`${number}`); }

  take(request, response) {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      const number = request.url.split('/')[1];
      const calls = this.calls.get(number);
      const script = this.scripts.get(number);
      if (!calls) return response.writeHead(500).end();
      calls.push({ at: Date.now(), path: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(parts)) });
      const answer = script[Math.min(calls.length, script.length) - 1];
      if (typeof answer === 'function') return answer(request, response);
      const [status, headers, body] = answer;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
    });
  }
}
