// A Debian of its own in a folder, and the packages for it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Proc } from '../cluster/_proc.mjs';
import { BUILD, folder, plainEnv, ROOT, run } from './_lib.mjs';

/** Makes the package of the build: its path. */
export async function makePackage() {
  const place = folder('package');
  await run('cpack', ['--config', path.join(BUILD, 'CPackConfig.cmake'), '-B', place]);
  const [name, ...others] = fs.readdirSync(place).filter(one => one.endsWith('.deb'));
  assert.deepEqual(others, []);
  return path.join(place, name);
}

/** The same package as a later version, whose maintainer changed a conffile. */
export async function laterPackage(deb) {
  const place = folder('later');
  await run('dpkg-deb', ['-R', deb, `${place}/tree`]);
  const edit = (name, change) => fs.writeFileSync(`${place}/tree/${name}`, change(fs.readFileSync(`${place}/tree/${name}`, 'utf8')));
  edit('DEBIAN/control', text => text.replace(/^Version: .*$/m, '$&+later'));
  edit('etc/darkroom/darkroom.toml', text => `${text}\n# What a later version says.\n`);
  await run('dpkg-deb', ['-Znone', '-b', `${place}/tree`, `${place}/later.deb`]);
  fs.rmSync(`${place}/tree`, { recursive: true });
  return `${place}/later.deb`;
}

/** Names of packages in "libc6 (>= 2.34), adduser | other": the first of each choice. */
export const packagesIn = text => text.split(',').map(one => one.trim().split(/[ |(:]/)[0]).filter(Boolean);

/** What is installed on this machine: name -> its paragraph of dpkg's status. */
function installedHere() {
  const found = new Map();
  for (const text of fs.readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n')) {
    const field = name => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] || '';
    if (field('Status') !== 'install ok installed') continue;
    const one = { name: field('Package'), text, isEssential: field('Essential') === 'yes', needs: `${field('Pre-Depends')},${field('Depends')}` };
    found.set(one.name, one);
    for (const other of packagesIn(field('Provides'))) if (!found.has(other)) found.set(other, one);
  }
  return found;
}

/** These packages, Debian's essential ones, and all that they depend on. */
function closureOf(names) {
  const here = installedHere();
  const chosen = new Set();
  const wanted = [...names, 'debian-archive-keyring', ...[...here.values()].filter(one => one.isEssential).map(one => one.name)];
  while (wanted.length) {
    const choices = wanted.pop().split('|').map(one => one.trim().split(/[ (:]/)[0]);
    const one = choices.map(name => here.get(name)).find(Boolean);
    assert.ok(one, `this machine has no ${choices.join(' or ')}: deploy/install-deps`);
    if (chosen.has(one)) continue;
    chosen.add(one);
    wanted.push(...one.needs.split(',').map(need => need.trim()).filter(Boolean));
  }
  return [...chosen];
}

/** Copies those packages of this machine into a folder, so that dpkg there knows them and no others. */
async function copyPackages(names, at) {
  const packages = closureOf(names);
  for (const name of ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/log', 'etc/alternatives'])
    fs.mkdirSync(path.join(at, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) fs.symlinkSync(`usr/${name}`, path.join(at, name));
  fs.chmodSync(path.join(at, 'tmp'), 0o1777);
  for (const [name, minor] of [['null', 3], ['zero', 5], ['random', 8], ['urandom', 9]]) await run('mknod', ['-m', '666', path.join(at, 'dev', name), 'c', '1', `${minor}`]);
  fs.writeFileSync(path.join(at, 'var/lib/dpkg/status'), packages.map(one => `${one.text}\n\n`).join(''));
  const list = path.join(at, 'tmp/list');
  fs.writeFileSync(list, packages.map(one => `${one.name}\n`).join(''));
  // What packages make when they are set up is in no list, nor what dpkg keeps of them.
  await run('bash', ['-euo', 'pipefail', '-c', `
    { xargs dpkg-query -L <'${list}' | grep -Ev '^/usr/share/(doc|man|locale|info|lintian)/'
      find /etc/alternatives /etc/pam.d /etc/nsswitch.conf
      find /usr/bin /usr/sbin /usr/lib/x86_64-linux-gnu -maxdepth 1 -lname '/etc/alternatives/*'
      echo /usr/bin/sh # a diversion
      echo /var/lib/dpkg/info/format
      while read -r name; do ls /var/lib/dpkg/info/"$name".* /var/lib/dpkg/info/"$name":* 2>/dev/null || true; done <'${list}'
    } | sed -E 's,^/(bin|sbin|lib|lib64)/,/usr/\\1/,' | sort -u | while read -r name; do if [ -L "$name" ] || [ -f "$name" ]; then echo "$name"; fi; done \
      | tar -C / --no-recursion -cT - 2>/dev/null | tar -C '${at}' --keep-directory-symlink -x`]);
  fs.rmSync(list);
  for (const name of ['passwd', 'group']) fs.copyFileSync(path.join(at, `usr/share/base-passwd/${name}.master`), path.join(at, `etc/${name}`));
  await run('chroot', [at, 'sh', '-c', 'ldconfig; pwconv; grpconv']);
}

/** Debian of a mirror: the one that this machine has its packages from. */
async function bootstrap(names, at) {
  const [mirror] = (await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Codename: bookworm', 'Created-By: Packages'])).split('\n');
  await run('debootstrap', ['--variant=minbase', 'bookworm', at, mirror]);
  fs.copyFileSync('/etc/resolv.conf', path.join(at, 'etc/resolv.conf'));
  fs.writeFileSync(path.join(at, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 }); // starts no services
  await run('chroot', [at, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names], { env: { ...plainEnv('/root'), DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Debian in a folder; it has no init, so services are started as units say. */
export class Debian {
  /**
   * With these packages and what they depend on, and nothing else: copies of
   * this machine's, or with LONG=1 fresh ones by debootstrap (minutes).
   */
  static async make(names) {
    const at = path.join(folder('debian'), 'root');
    fs.mkdirSync(at);
    await (process.env.LONG ? bootstrap : copyPackages)(names, at);
    await run('mount', ['-t', 'proc', 'proc', `${at}/proc`]);
    return new Debian(at);
  }
  constructor(at) { this.at = at; }

  path(name) { return path.join(this.at, name); }
  read(name) { return fs.readFileSync(this.path(name), 'utf8'); }
  has(name) { return fs.existsSync(this.path(name)); }

  /** Runs a program in it: what it prints. */
  run(program, args, { rights = [], env = {}, home = '/root' } = {}) {
    return run('chroot', [this.at, 'setpriv', ...rights, '--', program, ...args], { env: { ...plainEnv(home), DEBIAN_FRONTEND: 'noninteractive', ...env } });
  }

  /**
   * Starts a service by its unit, as systemd would: its user, folder and
   * variables, without capabilities, and under its filters of system calls.
   * Runs something else there if `command` says so.
   */
  start(name, command) {
    const files = [`${name}.service`, 'darkroom-.service.d/common.conf'].map(file => `usr/lib/systemd/system/${file}`);
    const unit = Object.fromEntries(files.flatMap(file => [...this.read(file).matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value])));
    assert.equal(path.join('/var/lib', unit.StateDirectory), unit.WorkingDirectory);
    const variables = this.read(unit.EnvironmentFile.replace(/^-/, '')).split('\n').filter(line => /^\w+=/.test(line));
    return new Proc(name, path.join(ROOT, 'tests/install/confine.py'), [
      this.at, ...files.map(file => this.path(file)), '--', '/usr/bin/env', '-i', '-C', unit.WorkingDirectory, `PATH=${plainEnv('/').PATH}`, ...variables,
      'setpriv', `--reuid=${unit.User}`, `--regid=${unit.Group}`, '--init-groups', '--bounding-set=-all', '--', ...command || unit.ExecStart.split(' ')]);
  }

  /** Every file and its kind, users and groups: to be compared later. */
  async look() {
    const kept = ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'var/cache', 'var/log', 'var/lib/dpkg', 'var/lib/apt'].flatMap(name => ['-path', `./${name}`, '-prune', '-o']);
    const files = await run('find', ['.', ...kept, '-not', '-name', '*-', '-printf', '%p %y %M %U:%G %l\n'], { cwd: this.at });
    return [...files.split('\n').sort(), ...['passwd', 'group', 'shadow'].flatMap(name => this.read(`etc/${name}`).split('\n'))];
  }
}
