// A PostgreSQL server of a test's own, in the stage's folder.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { kill, until } from './_lib.mjs';

const run = promisify(execFile);
const HOME = '/usr/lib/postgresql'; // Debian's: a folder a version

function programs() {
  const versions = fs.existsSync(HOME) ? fs.readdirSync(HOME).filter(name => fs.existsSync(path.join(HOME, name, 'bin/initdb'))) : [];
  if (!versions.length) throw new Error(`there is no initdb below ${HOME}: install Debian's package postgresql`);
  return path.join(HOME, versions.sort((x, y) => y - x)[0], 'bin');
}

/** PostgreSQL refuses to run as root: {uid, gid} of the user that it runs as then. */
async function user() {
  if (process.getuid() !== 0) return {};
  const number = async flag => Number((await run('id', [flag, 'postgres']).catch(() => run('id', [flag, 'nobody']))).stdout);
  return { uid: await number('-u'), gid: await number('-g') };
}

export class Postgres {
  /**
   * A server with an empty database, which lets us in.
   * @param settings of the server; by default it is quick and not durable
   */
  static async start(stage, settings = { fsync: 'off', shared_buffers: '16MB' }) {
    const server = new Postgres();
    server.stage = stage;
    server.settings = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server.bin = programs();
    server.user = await user();
    server.folder = path.join(stage.folder, 'pg');
    server.url = `postgres://darkroom@/darkroom?host=${server.folder}`;
    fs.mkdirSync(server.folder);
    if (server.user.uid) {
      fs.chmodSync(stage.folder, 0o711);
      fs.chownSync(server.folder, server.user.uid, server.user.gid);
    }
    const options = { cwd: '/', ...server.user };
    await run(path.join(server.bin, 'initdb'), ['-D', path.join(server.folder, 'data'), '-U', 'darkroom', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'], options);
    await server.up();
    await run('createdb', ['-h', server.folder, '-U', 'darkroom', 'darkroom'], options);
    return server;
  }

  /** Starts its process; back when it lets us in. */
  async up() {
    await until(async () => {
      if (!this.proc || this.proc.end)
        this.proc = this.stage.start('postgres', path.join(this.bin, 'postgres'), ['-D', path.join(this.folder, 'data'), '-k', this.folder,
          '-c', 'listen_addresses=', ...this.settings], { cwd: '/', ...this.user });
      await run('psql', ['-X', '-h', this.folder, '-U', 'darkroom', 'postgres', '-c', 'select 1']);
      return true;
    }, 'postgres answers', 20000);
  }

  /** Ends it: SIGKILL as if the machine lost power, SIGINT as an operator would. */
  async down(signal) {
    this.proc.kill(signal);
    await this.proc.within(10000);
  }

  /** Its processes; connections are processes of their own. */
  pids() {
    const children = fs.readFileSync(`/proc/${this.proc.pid}/task/${this.proc.pid}/children`, 'utf8');
    return [this.proc.pid, ...children.trim().split(' ').map(Number)];
  }
  freeze() {
    this.frozen = this.pids();
    // Those of a test that fails meanwhile would stay, and hold its output open.
    this.stage.closers.push(() => { for (const pid of this.frozen) kill(pid, 'SIGKILL'); });
    for (const pid of this.frozen) kill(pid, 'SIGSTOP');
  }
  thaw() {
    for (const pid of this.frozen) kill(pid, 'SIGCONT');
    this.frozen = [];
  }

  /** Rows of the catalog. */
  async sql(text) {
    const { stdout } = await run('psql', ['-X', '-q', '-A', '-t', '-d', this.url, '-c', `select coalesce(json_agg(t), '[]') from (${text}) t`], { maxBuffer: 1 << 26 });
    return JSON.parse(stdout);
  }
}
