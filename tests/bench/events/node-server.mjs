// Server-sent events as one usually writes them in Node: each message of the
// channel goes to each response.
import http from 'node:http';
import IORedis from 'ioredis';

const [port, redisPort] = process.argv.slice(2).map(Number);
const responses = new Set();

const server = http.createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', Connection: 'keep-alive' });
  response.write('retry: 2000\n\n');
  responses.add(response);
  request.on('close', () => responses.delete(response));
});
server.listen(port, '127.0.0.1', 4096);

const subscriber = new IORedis({ host: '127.0.0.1', port: redisPort });
subscriber.on('message', (_channel, text) => {
  for (const response of responses) response.write(`event: worker-event\ndata: ${text}\n\n`);
});
await subscriber.subscribe('worker:events');
console.log('ready');
