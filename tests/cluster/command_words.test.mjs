// What people mistype or know from other programs is named, with what was meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUEUE, freePort, staged } from './_lib.mjs';

/** Runs commands that must end with 2 and one line on stderr that fits. */
async function each(stage, table) {
  const wrong = [];
  for (const [line, why] of table) {
    const { code, out, err } = await stage.command(line.split(' '));
    const lines = err.trimEnd().split('\n');
    if (code !== 2 || out !== '' || lines.length !== 1 || !why.test(err) || /\d{25}|\[json|not an allowed value|Could not convert/.test(err))
      wrong.push(`${line}: ended with ${code}, '${out}', '${err}', which should match ${why}`);
  }
  assert.deepEqual(wrong, []);
}

test('unknown words are named with what was meant', staged(async stage => {
  await each(stage, [
    ['help', /'help' is not a known command; did you mean 'darkroom --help'\?/],
    ['version', /did you mean 'darkroom --version'\?/],
    ['frobnicate', /'frobnicate' is not a known command\. Commands are dev, solo, serve/],
    ['quee', /'quee' is not a known command; did you mean 'queue'\?/],
    ['retry 17', /did you mean 'darkroom job retry'\?/],
    ['job delete 17', /'delete' is not a known action; did you mean 'remove'\? Actions are show/],
    ['job shwo 17', /did you mean 'show'\?/],
    ['dead retry', /did you mean 'redrive'\?/],
    ['queue list', /did you mean 'darkroom jobs'\?/],
    ['queue delete', /did you mean 'obliterate'\?/],
    ['add echo --delay 5', /--delay '5' has no unit; write "5s" for seconds or "5ms" for milliseconds/],
    ['dead redrive --rate 10', /--rate '10' is not a rate: it does not say per what time; write "10\/s"/],
    ['serve --limit 10', /queue\.limit = "10" is not a rate: it does not say per what time; write "10\/s"/],
    ['node list x', /did you mean 'darkroom nodes'\?/],
    ['tls chek', /'chek' is not a known command of darkroom tls; did you mean 'check'\?/],
    ['jobs --stat failed', /darkroom jobs has no flag '--stat'; did you mean '--state'\?/],
    ['jobs --state=faild', /--state 'faild' is not a known state; did you mean 'failed'\?/],
    ['queue clean --state dead', /did you mean 'failed'\?/],
    ['doctor --role serve', /did you mean 'main'\?/],
    ['jobs --page', /darkroom: --page needs a value/],
    ['-v', /did you mean '--version'\?/],
    ['jobs 17', /darkroom jobs takes no further argument: '17'/],
  ]);
}));

test('numbers and times are told with what is allowed', staged(async stage => {
  await each(stage, [
    ['add echo --delay -5', /--delay '-5' is not a duration; write "500ms"/],
    ['add echo --delay 5x', /--delay '5x' is not a duration/],
    ['add echo --attempts 0', /--attempts '0' is not a whole number from 1/],
    ['add echo --attempts 2.5', /--attempts '2\.5' is not a whole number/],
    ['add echo --count 0', /--count '0' is not a whole number from 1 on/],
    [`add echo --count ${'9'.repeat(19)}0`.slice(0, 40), /--count '9+0' is not a whole number/],
    ['add echo --priority 2097152', /--priority '2097152' is not a whole number from 0 to 2097151/],
    ['jobs --page x', /--page 'x' is not a whole number from 0/],
    ['jobs --limit 0', /--limit '0' is not a whole number from 1/],
    ['dead list --limit -1', /--limit '-1' is not a whole number from 0 on/],
    ['dead list --older soon', /--older 'soon' is not a duration/],
    ['queue clean --state failed --older soon', /--older 'soon' is not a duration/],
    ['node drain x --timeout soon', /--timeout 'soon' is not a duration/],
    ['sim --seeds 0', /--seeds '0' is not a whole number from 1 on/],
    ['chaos --blast-radius 0', /--blast-radius '0' is not a whole number from 1/],
    ['chaos --jobs -1', /--jobs '-1' is not a whole number from 0 on/],
    ['tls init --days 0', /--days '0' is not a whole number from 1 to 36500/],
  ]);
  const queue = stage.queue();
  const { out } = await stage.command(['add', 'echo', '--delay', '5m']);
  assert.equal((await queue.getJob(out.trim())).delay, 300000);
}));

test('a flag that an action would pass over is refused', staged(async stage => {
  const queue = stage.queue();
  await queue.add('echo', {});
  await each(stage, [
    ['queue drain --older 1h --yes', /--older has no meaning for `queue drain`: it is for clean/],
    ['queue obliterate --state failed --yes', /--state has no meaning for/],
    ['queue pause --yes', /--yes has no meaning for/],
    ['dead list --rate 1/s', /--rate has no meaning for/],
    ['dead list 17', /id has no meaning for `dead list`/],
    ['job remove 1 --fresh', /--fresh has no meaning for/],
  ]);
  assert.equal(await queue.getWaitingCount(), 1);
}));

test('a queue that is not there is told, and the one that was meant', staged(async stage => {
  const queue = stage.queue();
  await queue.add('echo', {});
  const typo = `${QUEUE}x`;
  for (const line of ['queue', 'queue pause', 'queue obliterate --yes', 'jobs', 'job show 1', 'job retry 1', 'dead', 'dead purge --yes']) {
    const { code, out, err } = await stage.command([...line.split(' '), '--queue', typo]);
    assert.deepEqual([code, out], [1, ''], `${line}: ${err}`);
    assert.match(err, new RegExp(`there is no queue '${typo}'.*did you mean '${QUEUE}'`));
  }
  assert.deepEqual(await stage.redis().keys(`bull:${typo}:*`), []);
  assert.equal((await stage.command(['queue', '--queue', QUEUE])).code, 0);
}));

test('doctor without Redis ends with 3, as every command does', staged(async stage => {
  const { code, out } = await stage.command(['doctor'], { REDIS_URL: `redis://127.0.0.1:${await freePort()}`, DARKROOM_CATALOG_DATABASE: stage.database });
  assert.equal(code, 3, out);
  assert.match(out, /FAIL +redis/);
}));

test('what Redis refuses is told without codes, and what can be done', staged(async stage => {
  const says = async (args, more) => {
    const { code, out, err } = await stage.command(args, more);
    assert.deepEqual([code, out], [1, ''], `${args.join(' ')}: ${err}`);
    assert.doesNotMatch(err, /[A-Z]{5,} |ERR|script|[0-9a-f]{40}/, args.join(' '));
    return err;
  };
  const orphan = JSON.stringify({ parent: { id: '9', queue: 'bull:x' } });
  assert.match(await says(['add', 'echo', '--options', orphan]), /there is no parent job bull:x:9/);
  await stage.redis().set(`bull:${QUEUE}:wait`, 'text');
  for (const args of [['add', 'echo'], ['jobs'], ['queue'], ['queue', 'drain', '--yes']]) assert.match(await says(args), /another program/, args.join(' '));
  const url = `redis://:wrong@127.0.0.1:${stage.redisPort}`;
  await stage.redis().config('SET', 'requirepass', 'right');
  assert.match(await says(['queue']), /wants a password/);
  assert.match(await says(['queue'], { REDIS_URL: url }), /does not accept/);
}));

test('where no main node answers, it is told what would', staged(async stage => {
  const { code, err } = await stage.command(['nodes', '--main', `http://127.0.0.1:${await freePort()}`]);
  assert.equal(code, 1);
  assert.match(err, /http\.enabled.*--main/);
}));

test('solo without HTTP says how it is turned on', staged(async stage => {
  const solo = stage.darkroom('solo', ['solo'], { REDIS_URL: stage.redisUrl, DARKROOM_CLUSTER_PORT: '0', DARKROOM_CATALOG_DATABASE: stage.database });
  await solo.line('ready');
  assert.match(solo.out, /http\.enabled.*--port/);
}));
