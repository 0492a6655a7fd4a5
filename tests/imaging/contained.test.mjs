// A codec process that a picture has taken over: it dies, hangs, takes all
// memory, forks, opens a socket or writes outside. Each time the picture's job
// alone fails, in words that name what happened. tests/sandbox/rogue_codec.cpp
// does the deeds within the real sandbox; tests/services/sandbox_test.cpp makes
// each of the 95 attempts without a queue.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BINARY, sleep, staged, until } from '../cluster/_lib.mjs';
import { PICTURES } from './_lib.mjs';
import { childrenOf, stateOf } from './_processes.mjs';

const TINY = path.join(PICTURES, 'tiny.jpg');
const MEMORY_MIB = 320;
const CODEC_TIME_MS = 1000;  // more than any deed but spin needs
const JOB_TIMEOUT_MS = 30000; // a busy machine takes as long to spend the CPU time
const DEATHS = 3;            // [worker] max_codec_deaths

/** What kills the codec process, and what the job says of it. */
const DEADLY = {
  'write nowhere': /died of SIGSEGV while it worked on .*rogue-0\.jpg/,
  abort: /died of SIGABRT/,
  trap: /died of SIG(ILL|TRAP)/,
  exit: /exited with status 7/,
  spin: new RegExp(`killed after ${CODEC_TIME_MS} ms of CPU time`),
  'take all memory': /died of SIGABRT/, // an allocation failed, nobody expected it
  fork: /died of SIGSYS .*what its sandbox forbids/,
  execve: /died of SIGSYS/,
  'socket of the network': /died of SIGSYS/,
  'socket of the machine': /died of SIGSYS/,
  ptrace: /died of SIGSYS/,
  kill: /died of SIGSYS/,
  // Refused with EPERM, which the deed makes its exit status.
  'make a file': /exited with status 1 /,
  'write a file': /exited with status 1 /,
  'read /etc/passwd': /exited with status 1 /,
  'clone a process': /exited with status 1 /,
};

/** `darkroom` with the rogue codec beside it. */
function rogueBinary(folder) {
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.copyFileSync(BINARY, path.join(bin, 'darkroom'));
  const rogue = path.join(path.dirname(BINARY), 'rogue_codec');
  assert.ok(fs.existsSync(rogue), `there is no ${rogue}: build the target rogue_codec`);
  fs.copyFileSync(rogue, path.join(bin, 'darkroom-codec'));
  return path.join(bin, 'darkroom');
}

function resident(pid) {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0; // it has ended
  }
}

/** Good pictures, one after the other, until stop(). */
function stream(queue) {
  const jobs = [];
  let going = true;
  const ended = (async () => {
    for (let i = 0; going; await sleep(200)) {
      if (await queue.getJobCountByTypes('wait') > 0) continue;
      jobs.push(await queue.add('generate-variants', { imageId: `good-${i++}`, filePath: 'good.jpg' }, { attempts: 1 }));
    }
  })();
  return { jobs, stop() { going = false; return ended; } };
}

test('whatever a codec does, its job alone fails and says what happened', staged(async (stage, t) => {
  const prey = path.join(stage.folder, 'prey');
  fs.mkdirSync(prey, { mode: 0o777 });
  fs.chmodSync(prey, 0o777);
  fs.writeFileSync(path.join(prey, 'precious'), 'an original\n');
  fs.chmodSync(path.join(prey, 'precious'), 0o666);
  fs.copyFileSync(TINY, path.join(stage.uploads, 'good.jpg'));
  const rogue = (number, deed) => {
    const filePath = `rogue-${number}.jpg`;
    fs.writeFileSync(path.join(stage.uploads, filePath), Buffer.concat([fs.readFileSync(TINY), Buffer.from(`DEED ${deed}|${prey}`)]));
    return { imageId: `rogue-${number}`, filePath };
  };

  stage.binary = rogueBinary(stage.folder);
  const node = await stage.solo({
    DARKROOM_CATALOG_DATABASE: stage.database,
    DARKROOM_WORKER_CONCURRENCY: '4',
    DARKROOM_WORKER_MAX_CODEC_DEATHS: `${DEATHS}`,
    DARKROOM_WORKER_JOB_TIMEOUT: `${JOB_TIMEOUT_MS}ms`,
    DARKROOM_IMAGING_CODEC_TIME: `${CODEC_TIME_MS}ms`,
    DARKROOM_IMAGING_CODEC_MEMORY_BYTES: `${MEMORY_MIB}MiB`,
    DARKROOM_IMAGING_AVIF_EFFORT: '0',
  });
  const queue = stage.queue();
  const finish = async (id, ms = 300000) => {
    await until(async () => ['completed', 'failed'].includes(await queue.getJobState(id)), `job ${id} has ended`, ms);
    return queue.getJob(id);
  };
  let most = 0;
  const watch = setInterval(() => { for (const pid of childrenOf(node.pid)) most = Math.max(most, resident(pid)); }, 20);
  t.after(() => clearInterval(watch));
  const good = stream(queue);
  const opts = { attempts: 10, backoff: { type: 'fixed', delay: 20 } };
  const dead = new Map();

  for (const [number, [deed, words]] of Object.entries(DEADLY).entries())
    await t.test(`${deed}: three processes die, then the job is dead and says so`, async () => {
      const job = await finish((await queue.add('generate-variants', rogue(number, deed), opts)).id);
      assert.equal(await job.getState(), 'failed', JSON.stringify(job.returnvalue));
      assert.match(job.failedReason, words);
      assert.match(job.failedReason, new RegExp(`${DEATHS} codec processes died over this job`));
      assert.equal(job.attemptsMade, DEATHS, job.failedReason);
      assert.deepEqual(await stage.sql(`select * from image_variants where image_id = 'rogue-${number}'`), []);
      dead.set(job.id, words);
    });

  await t.test('a codec that waits forever is stopped at the job\'s time limit, and is no death', async () => {
    const job = await finish((await queue.add('generate-variants', rogue('wait', 'wait'), { attempts: 1 })).id);
    assert.equal(await job.getState(), 'failed');
    assert.match(job.failedReason, /codec process was stopped after \d+ ms while it worked on/);
    assert.doesNotMatch(job.failedReason, /processes died/);
    assert.ok(job.finishedOn - job.processedOn >= JOB_TIMEOUT_MS - 100);
    dead.set(job.id, /stopped after/);
  });

  await t.test('each is a dead letter with the same words', async () => {
    const { out } = await stage.command(['dead', 'list', '--json', '--limit', '0']);
    const letters = JSON.parse(out);
    const list = Array.isArray(letters) ? letters : letters.jobs;
    for (const [id, words] of dead) assert.match(list.find(x => x.id === id)?.failedReason ?? 'is not listed', words);
  });

  await t.test('no good picture noticed', async () => {
    await good.stop();
    assert.ok(good.jobs.length > 20);
    for (const { id } of good.jobs) {
      const job = await finish(id);
      assert.equal(await job.getState(), 'completed', job.failedReason);
    }
    assert.equal((await stage.sql("select * from image_variants where image_id like 'good-%'")).length, 6 * good.jobs.length);
  });

  await t.test('the node is the same, nothing was harmed, nothing is left', async () => {
    assert.equal(node.end, null);
    assert.deepEqual(fs.readdirSync(prey), ['precious']);
    assert.equal(fs.readFileSync(path.join(prey, 'precious'), 'utf8'), 'an original\n');
    assert.deepEqual(stage.files('variants').filter(name => name.endsWith('.part')), []);
    const children = childrenOf(node.pid);
    assert.ok(children.length <= 4, `${children.length} children`);
    for (const pid of children) assert.notEqual(stateOf(pid), 'Z', `${pid} is a zombie`);
    console.log(`a codec process had ${Math.round(most / 2 ** 20)} MiB at most`);
    assert.ok(most < MEMORY_MIB * 2 ** 20);
  });
}));
