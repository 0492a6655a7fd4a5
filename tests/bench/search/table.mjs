// usage: table.mjs FILE: prints the lines of search_bench as a table, and judges them.
import fs from 'node:fs';

const MOST_MS = 25; // p99 at 100,000 vectors
const lines = fs.readFileSync(process.argv[2], 'utf8').trim().split('\n').map(line => JSON.parse(line));

console.log('| vectors | system | p50 ms | p99 ms | CPU p99 ms | recall at 10 | build s |\n| --- | --- | --- | --- | --- | --- | --- |');
for (const x of lines)
  console.log(`| ${x.count.toLocaleString('en')} | ${x.system} | ${x.p50_ms.toFixed(2)} | ${x.p99_ms.toFixed(2)} | ${x.cpu_p99_ms.toFixed(2)} | ${x.recall.toFixed(3)} | ${x.build_s.toFixed(1)} |`);

const missed = lines.filter(x => x.system === 'darkroom' && (x.recall < 1 || (x.count === 100000 && x.p99_ms > MOST_MS)));
for (const x of missed) console.log(`missed: ${JSON.stringify(x)}`);
process.exit(missed.length ? 1 : 0);
