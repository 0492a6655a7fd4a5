// An OpenAI-compatible provider (aimock) and a server of odd answers, for the
// C++ tests. Prints {"provider": url, "odd": url} and ends with its stdin.
import http from "node:http";
import zlib from "node:zlib";
import { LLMock } from "@copilotkit/aimock";

const metadata = {
  description: "A red bicycle leans against a brick wall.",
  detailedDescription: "A red city bicycle stands in the evening sun.",
  tags: ["bicycle", "red", "red", "wall"],
  categories: ["street"],
  objects: ["bicycle", "wall"],
  colors: { dominant: ["#C81E28", "reddish", "#8a5a3c"], names: ["red"],
            temperature: "warm" },
  mood: "calm",
  style: "documentary",
  composition: { orientation: "landscape", framing: "medium shot",
                 focalPoint: "center", perspective: "eye level" },
  searchableText: "red bicycle brick wall evening street",
};
const partial = { ...metadata, mood: 7 };

const provider = new LLMock({ port: 0, logLevel: "silent" });
provider.addFixturesFromJSON([
  { match: { model: "red-bicycle" },
    response: { content: JSON.stringify(metadata) } },
  { match: { model: "fenced" },
    response: { content: "```json\n" + JSON.stringify(metadata) + "\n```" } },
  { match: { model: "cut-json" },
    response: { content: '{"description":"Red bicy' } },
  { match: { model: "wrong-type" },
    response: { content: JSON.stringify(partial) } },
  { match: { model: "throttled", sequenceIndex: 0 },
    response: { error: { message: "Rate limit", type: "rate_limit_error" },
                status: 429, retryAfter: 2 } },
  { match: { model: "throttled" },
    response: { content: JSON.stringify(metadata) } },
  { match: { model: "broken" },
    response: { error: { message: "boom", type: "server_error" },
                status: 500 } },
  { match: { model: "slow" }, response: { content: "{}" },
    chaos: { latencyMs: 4000 } },
  { match: { model: "hangup" }, response: { content: "{}" },
    chaos: { disconnectRate: 1 } },
  { match: { model: "garbage" }, response: { content: "{}" },
    chaos: { malformedRate: 1 } },
  { match: { inputText: "throttled words" },
    response: { error: { message: "Rate limit", type: "rate_limit_error" },
                status: 429, retryAfter: 3 } },
  { match: { inputText: "three floats" }, response: { embedding: [1, 2, 2] } },
]);

const dateIn = (ms) => new Date(Date.now() + ms).toUTCString();
const answers = {
  "/date": [429, { "Retry-After": dateIn(60000) }, '{"error":{"message":"later"}}'],
  "/untold": [429, {}, '{"error":"later"}'],
  "/away": [503, { "Retry-After": "7" }, "maintenance"],
  "/down": [503, {}, "down"],
  "/refused": [401, {}, '{"error":{"message":"bad key sk-secret-1"}}'],
  "/redirect": [302, { Location: "/echo" }, ""],
  "/cut/chat/completions":
    [200, {}, '{"choices":[{"finish_reason":"length","message":{"content":"{"}}]}'],
  "/refusal/chat/completions":
    [200, {}, '{"choices":[{"message":{"refusal":"I cannot help"}}]}'],
};

const packed = '{"packed":true}';
for (const [path, encoding, pack] of [["/gzip", "gzip", zlib.gzipSync],
  ["/deflate", "deflate", zlib.deflateSync], ["/br", "br", zlib.brotliCompressSync]])
  answers[path] = [200, { "Content-Encoding": encoding }, pack(packed)];
answers["/bomb"] = [200, { "Content-Encoding": "gzip" }, zlib.gzipSync("x".repeat(1e7))];

let lastHook = "null";
const odd = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const path = request.url.split("?")[0];
    const body = Buffer.concat(parts).toString();
    if (path === "/hook") lastHook = body;
    if (path === "/last-hook") return response.end(lastHook);
    if (path === "/never") return;
    if (path === "/long") return response.end("x".repeat(100000));
    if (path === "/short") { // promises more than it sends
      response.writeHead(200, { "Content-Length": "1000" });
      response.write("{");
      return setTimeout(() => response.destroy(), 20);
    }
    if (path === "/journal")
      return response.end(JSON.stringify(provider.getRequests()));
    const [status, headers, text] = answers[path] ?? [200, {},
      JSON.stringify({ path: request.url, headers: request.headers, body })];
    response.writeHead(status, headers).end(text);
  });
});

await provider.start();
odd.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${odd.address().port}`;
  console.log(JSON.stringify({ provider: provider.url, odd: url }));
});
process.stdin.resume().on("end", () => process.exit(0));
