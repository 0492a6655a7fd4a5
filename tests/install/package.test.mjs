// The Debian package in a Debian of its own: installed, used, upgraded, removed
// and purged. There is no init there: the test starts and ends what the units
// say, under the filters of system calls that they name.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Proc, until } from '../cluster/_proc.mjs';
import { freePort } from '../support/processes.mjs';
import { asNobody, haste, nobodysFolder, ROOT, run, samplesOf } from './_lib.mjs';
import { Debian, laterPackage, makePackage, packagesIn } from './_debian.mjs';

describe('the Debian package', () => {
  let debian, deb, empty, redis, main, worker, url;

  before(async () => {
    deb = await makePackage();
    const field = name => run('dpkg-deb', ['-f', deb, name]);
    const [needed, wanted] = await Promise.all([field('Depends'), field('Recommends')]);
    assert.deepEqual(packagesIn(wanted), ['ca-certificates', 'redis-server']);
    debian = await Debian.make([...packagesIn(needed), 'redis-server', 'curl']);
    empty = await debian.look();
  });
  after(() => { for (const one of [worker, main, redis]) one?.kill('SIGKILL'); });

  /** Copies a package into the root folder and has dpkg install it. */
  const install = async (file, ...options) => {
    fs.copyFileSync(file, debian.path('tmp/darkroom.deb'));
    await debian.run('dpkg', [...options, '-i', '/tmp/darkroom.deb']);
    fs.rmSync(debian.path('tmp/darkroom.deb'));
  };

  test('dpkg installs it with what it depends on, and makes its user', async () => {
    await install(deb);
    assert.equal(await debian.run('dpkg-query', ['-W', '-f', '${Status}', 'darkroom']), 'install ok installed');
    assert.equal(await debian.run('dpkg', ['-V', 'darkroom']), '', 'files are as in the package');
    assert.match(await debian.run('getent', ['passwd', 'darkroom']), /^darkroom:x:\d+:\d+:Darkroom,*:\/var\/lib\/darkroom:\/usr\/sbin\/nologin$/m);
    const state = fs.statSync(debian.path('var/lib/darkroom'));
    assert.equal(state.mode & 0o777, 0o750);
    assert.equal(fs.statSync(debian.path('etc/darkroom/environment')).mode & 0o777, 0o600);
    assert.match(await debian.run('darkroom', ['--version']), /^darkroom \d/);
  });

  test('`darkroom dev --samples --exit` completes for a user without rights', async () => {
    const home = nobodysFolder(debian.path('tmp/home'));
    await debian.run('darkroom', ['dev', '--samples', '/usr/share/darkroom/samples', '--exit', '--data', '/tmp/home/data', '--port', '0'], { rights: asNobody, home: '/tmp/home', env: haste });
    const pictures = await samplesOf(path.join(home, 'data/darkroom.db'));
    assert.deepEqual(pictures.map(one => [one.status, one.described]), Array(5).fill(['completed', 'local-2 (objects, faces, text)']));
    assert.ok(pictures.every(one => one.embedded !== 'local-ngram-1'));
  });

  /** Settings as an administrator would make them; ports that are free here. */
  const configure = async () => {
    const [redisPort, httpPort, clusterPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const toml = debian.path('etc/darkroom/darkroom.toml');
    fs.writeFileSync(toml, fs.readFileSync(toml, 'utf8')
      .replace('127.0.0.1:7700"]', `127.0.0.1:${clusterPort}"]\nport = ${clusterPort}`)
      .concat(`\n[http]\nport = ${httpPort}\n\n[queue]\nlimit = "off"\n`));
    fs.appendFileSync(debian.path('etc/darkroom/environment'), `REDIS_URL=redis://127.0.0.1:${redisPort}\n`);
    url = `http://127.0.0.1:${httpPort}`;
    return redisPort;
  };
  const serve = async () => {
    main = debian.start('darkroom-main');
    await main.line('ready at ');
    worker = debian.start('darkroom-worker');
    await worker.line('ready');
    await until(async () => (await fetch(`${url}/api/nodes`).then(answer => answer.json())).nodes.length === 1, 'the worker has joined');
  };
  const asService = { rights: ['--reuid=darkroom', '--regid=darkroom', '--init-groups', '--no-new-privs'] };

  test('its services make a picture on the shipped Redis configuration, with all walls of the codec', async () => {
    const redisPort = await configure();
    fs.mkdirSync(debian.path('tmp/redis'));
    redis = new Proc('redis', 'chroot', [debian.at, 'redis-server', '/usr/share/doc/darkroom/examples/redis/redis.conf', '--port', `${redisPort}`, '--dir', '/tmp/redis', '--supervised', 'no', '--logfile', '', '--save', '']);
    await redis.line('', 10000);
    const ask = name => debian.run('redis-cli', ['-p', `${redisPort}`, 'config', 'get', name]);
    await until(async () => (await ask('appendonly')).includes('yes'), 'Redis answers');
    assert.match(await ask('maxmemory-policy'), /noeviction/);
    await serve();
    const sent = await fetch(`${url}/api/images`, { method: 'POST', body: fs.readFileSync(path.join(ROOT, 'deploy/samples/life.webp')) });
    assert.equal(sent.status, 201);
    const { imageId } = await sent.json();
    await until(async () => (await fetch(`${url}/api/images/${imageId}`).then(answer => answer.json())).status === 'completed', 'the picture is completed', 60000);
    assert.equal(await debian.run('darkroom', ['health'], asService), 'alive\n');
    assert.equal(await debian.run('darkroom', ['health', '--ready'], asService), 'ready\n');
    assert.match(await debian.run('darkroom', ['health', '--worker'], asService), /^connected to 127\.0\.0\.1:/);
    for (const one of [main, worker]) assert.doesNotMatch(one.out, /without|system call|SIGSYS/, 'all walls hold');
    const doctor = debian.start('darkroom-worker', ['/usr/bin/darkroom', 'doctor', '--role', 'worker']);
    assert.equal((await doctor.within(30000)).code, 0, doctor.out);
    for (const wall of ['no network', 'empty root folder', 'no capabilities', 'Landlock', 'list of system calls']) assert.ok(doctor.out.includes(wall), `${wall}: ${doctor.out}`);
  });

  test('promtool finds nothing wrong with the metrics of its main node', async () => {
    const text = await fetch(`${url}/metrics`).then(answer => answer.text());
    const file = debian.path('tmp/metrics');
    fs.writeFileSync(file, text);
    const found = await run('sh', ['-c', `promtool check metrics <'${file}' 2>&1 || true`]);
    // BullMQ chose this name.
    assert.deepEqual(found.split('\n').filter(line => line && !line.startsWith('bullmq_job_count ')), []);
  });

  const end = async () => {
    worker.kill('SIGTERM');
    assert.equal((await worker.within(40000)).code, 0);
    main.kill('SIGTERM');
    assert.equal((await main.within(40000)).code, 0);
  };

  test('an upgrade keeps settings and pictures', async () => {
    const [toml, environment] = ['etc/darkroom/darkroom.toml', 'etc/darkroom/environment'].map(name => debian.read(name));
    await end();
    await install(await laterPackage(deb), '--force-confdef', '--force-confold');
    assert.match(await debian.run('dpkg-query', ['-W', 'darkroom']), /\+later$/m);
    assert.equal(debian.read('etc/darkroom/darkroom.toml'), toml);
    assert.match(debian.read('etc/darkroom/darkroom.toml.dpkg-dist'), /What a later version says/);
    assert.equal(debian.read('etc/darkroom/environment'), environment);
    await serve();
    assert.equal((await fetch(`${url}/api/images`).then(answer => answer.json())).images.length, 1);
    await end();
  });

  test('removing keeps pictures and settings, purging leaves no trace', async () => {
    await debian.run('dpkg', ['-r', 'darkroom']);
    assert.ok(!debian.has('usr/bin/darkroom') && !debian.has('usr/lib/darkroom'));
    assert.ok(debian.has('var/lib/darkroom/darkroom.db') && debian.has('etc/darkroom/environment'));
    await debian.run('dpkg', ['-P', 'darkroom']);
    const now = await debian.look();
    const differences = (from, to) => { const known = new Set(to); return from.filter(line => !known.has(line)); };
    assert.deepEqual(differences(now, empty), [], 'nothing was left');
    assert.deepEqual(differences(empty, now), [], 'nothing else went');
  });
});
