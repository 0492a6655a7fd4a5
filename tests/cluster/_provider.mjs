// A provider of vision and embeddings that keeps a ledger of its calls.

const DESCRIPTION = {
  description: 'A red bicycle leans against a wall.', detailedDescription: 'It is red.', tags: ['bicycle'], categories: ['street'], objects: ['bicycle'],
  colors: { dominant: ['#c81e28'], names: ['red'], temperature: 'warm' }, mood: 'calm', style: 'plain',
  composition: { orientation: 'landscape', framing: 'medium', focalPoint: 'center', perspective: 'eye level' }, searchableText: 'red bicycle wall',
};

export const KEY = 'sk-canary-4f1d9c';

/** `self.answer(request, response)` may answer a call otherwise: then it returns true. */
export async function provider(stage) {
  const self = { calls: [], answer: () => false, delay: 0 };
  const vector = Array.from({ length: 512 }, (_, i) => Math.sin(i) / 16);
  const url = await stage.listen((request, body, response) => {
    if (request.method !== 'POST') { response.end('{"data":[]}'); return; }
    const call = { at: Date.now(), path: request.url, trace: request.headers.traceparent, key: (request.headers.authorization || '').replace('Bearer ', ''), body };
    self.calls.push(call);
    if (self.answer(call, response)) return;
    const usage = { prompt_tokens: 100, completion_tokens: 50 };
    const value = request.url.endsWith('/embeddings')
      ? { data: [{ index: 0, embedding: vector }], usage }
      : { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: JSON.stringify(DESCRIPTION) } }], usage };
    setTimeout(() => json(response, 200, value), self.delay);
  });
  self.env = (key = KEY) => ({
    DARKROOM_VISION_PROVIDER: 'openai', OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key,
    DARKROOM_EMBEDDING_PROVIDER: 'local',
  });
  self.vision = () => self.calls.filter(call => call.path.endsWith('/chat/completions'));
  return self;
}

export function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
  return true;
}
