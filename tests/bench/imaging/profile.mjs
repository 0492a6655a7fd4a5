// How much CPU the encoders take, by `perf`. libvips comes as one library
// without symbols, in which each encoder has a range of its own: a process that
// only encodes shows where.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { Program, sleep } from '../lib/processes.mjs';
import { Watch, processTree } from '../lib/process_tree.mjs';
import { runBacklog } from './measures.mjs';

const hertz = 199;
const block_bits = 16; // addresses are counted in blocks of 64 KB
const encoder_library = { avif: /libaom|libSvtAv1|libm\.so/, webp: /libwebp|libsharpyuv/ };
const bundle = /libvips-cpp/;

/** Samples of a recording: {library, block}; only the bundle's have a block. */
function samplesOf(file) {
  const text = execFileSync('perf', ['script', '-i', file, '-F', 'pid,tid,event,ip,dso', '--show-mmap-events'],
    { maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const bases = {};
  const found = [];
  for (const line of text.split('\n')) {
    const mapped = /PERF_RECORD_MMAP2? (\d+)\/\d+: \[0x([0-9a-f]+)\(.* @ (?:0x)?([0-9a-f]+) .* r-xp (\S+)/.exec(line);
    if (mapped && bundle.test(mapped[4])) bases[mapped[1]] = parseInt(mapped[2], 16) - parseInt(mapped[3], 16);
    const sample = /(\d+)\/\d+ .*?:\s+([0-9a-f]+) \((.*)\)\s*$/.exec(line);
    if (mapped || !sample) continue;
    const [, pid, at, library] = sample;
    const base = bundle.test(library) ? bases[pid] : undefined;
    found.push({ library, block: base === undefined ? undefined : Math.floor((parseInt(at, 16) - base) / 2 ** block_bits) });
  }
  return found;
}

/** {block: share of the recording's samples} */
function shares(file) {
  const blocks = samplesOf(file).filter(x => x.block !== undefined).map(x => x.block);
  const found = new Map();
  for (const block of blocks) found.set(block, (found.get(block) ?? 0) + 1 / blocks.length);
  return found;
}

/** {avif, webp: {first, last} block}, and the library that this holds for. */
async function calibrate(bench) {
  const { data, info } = await sharp(bench.pictures[0]).resize({ width: 1920 }).flatten().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const pixels = path.join(process.env.BENCH_FOLDER, 'pixels');
  fs.writeFileSync(pixels, data);
  const script = fileURLToPath(new URL('encode-only.mjs', import.meta.url));
  const found = {};
  for (const what of ['avif', 'webp', 'none']) {
    const file = `${pixels}-${what}.perf`;
    execFileSync('perf', ['record', '-q', '-F', `${hertz}`, '-o', file, process.execPath, script, what, info.width, info.height, pixels], { stdio: 'ignore' });
    found[what] = shares(file);
    found.library ??= samplesOf(file).find(x => x.block !== undefined).library;
  }
  const range = what => {
    const own = [...found[what]].filter(([block, share]) => share > 0.005 && share > (found.none.get(block) ?? 0)).map(([block]) => block);
    return { first: Math.min(...own), last: Math.max(...own) };
  };
  return { avif: range('avif'), webp: range('webp'), library: found.library };
}

function kindOf({ library, block }, ranges) {
  for (const kind of ['avif', 'webp'])
    if (block >= ranges[kind].first && block <= ranges[kind].last || encoder_library[kind].test(library)) return kind;
  return library.includes('kernel') ? 'kernel' : 'other';
}

function sameLibrary(samples, ranges) {
  const others = new Set(samples.filter(x => x.block !== undefined && x.library !== ranges.library).map(x => x.library));
  for (const other of others)
    if (!fs.readFileSync(other).equals(fs.readFileSync(ranges.library)))
      throw new Error(`${other} is another build than ${ranges.library}: its encoders are elsewhere`);
}

/** Records the tree of a process from `start` to `stop`. */
class Recording {
  async start(root) {
    this.file = path.join(process.env.BENCH_FOLDER, 'worker.perf');
    this.perf = new Program('perf', ['record', '-q', '-F', `${hertz}`, '-o', this.file, '-p', processTree(root).join()]);
    await sleep(1000); // it has opened its counters
    this.watch = new Watch(root);
  }

  async stop() {
    const { cpu_s } = this.watch.stop();
    this.perf.kill('SIGINT');
    await this.perf.ended;
    return { cpu_s, samples: samplesOf(this.file) };
  }
}

function hasPerf() {
  try {
    execFileSync('perf', ['record', '-q', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Shares of CPU, in percent, of a worker with a backlog. */
export async function outside(bench, system, options) {
  if (bench.perf ??= hasPerf() ? 'yes' : 'no', bench.perf === 'no') {
    if (!bench.toldPerf) console.log('skipped: shares of CPU; perf is missing or not allowed here (Debian: linux-perf)');
    bench.toldPerf = true;
    return {};
  }
  bench.ranges ??= await calibrate(bench);
  const recording = new Recording();
  let found;
  await runBacklog(bench, system, options, {
    before: worker => recording.start(worker.child.pid),
    async after() { found = await recording.stop(); },
  });
  sameLibrary(found.samples, bench.ranges);
  const kinds = found.samples.map(x => kindOf(x, bench.ranges));
  const percent = kind => 100 * kinds.filter(x => x === kind).length / kinds.length;
  const [avif_percent, webp_percent, kernel_percent] = ['avif', 'webp', 'kernel'].map(percent);
  return {
    outside_percent: 100 - avif_percent - webp_percent,
    avif_percent,
    webp_percent,
    kernel_percent,
    sampled_s: kinds.length / hertz,
    cpu_s: found.cpu_s,
  };
}
