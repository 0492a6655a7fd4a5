// The bench's Redis: started, emptied, measured.
import IORedis from 'ioredis';
import { Program, freePort, until } from './processes.mjs';

export class RedisServer {
  /** A server that is ours alone, and keeps nothing until told so. */
  static async start(folder) {
    for (let tries = 0; ; ++tries) {
      const port = await freePort();
      const program = new Program('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']);
      const client = new IORedis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 50 });
      client.on('error', () => {});
      client.connect().catch(() => {});
      const answers = () => program.end || client.info('server').then(text => text.includes(`process_id:${program.child.pid}\r`));
      await until(answers, 'redis-server answers', 10000);
      if (!program.end) return new RedisServer(port, program, client);
      client.disconnect();
      if (tries === 4) throw new Error(`redis-server did not start: ${program.out}`);
    }
  }

  constructor(port, program, client) {
    Object.assign(this, { port, program, client, url: `redis://127.0.0.1:${port}` });
    this.connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  }

  /** Empties it. AOF never rewrites itself, which would hit one run by chance. */
  async reset({ aof = false } = {}) {
    await this.client.config('SET', 'appendonly', 'no');
    await this.client.flushall();
    if (!aof) return;
    await this.client.config('SET', 'appendfsync', 'everysec');
    await this.client.config('SET', 'auto-aof-rewrite-percentage', '0');
    await this.client.config('SET', 'appendonly', 'yes');
    const settled = async () => /aof_rewrite_in_progress:0/.test(await this.client.info('persistence'));
    await until(settled, 'the first AOF is written', 20000);
  }

  /** {cpu us, commands: {name: {calls, usec}}} since the start. */
  async cost() {
    const [cpu, stats] = await Promise.all([this.client.info('cpu'), this.client.info('commandstats')]);
    const number = name => Number(new RegExp(`${name}:([0-9.]+)`).exec(cpu)[1]);
    const commands = {};
    for (const [, name, calls, usec] of stats.matchAll(/cmdstat_(\S+?):calls=(\d+),usec=(\d+)/g))
      commands[name] = { calls: Number(calls), usec: Number(usec) };
    return { cpu: 1e6 * (number('used_cpu_user') + number('used_cpu_sys')), commands };
  }

  async version() {
    return /redis_version:(\S+)/.exec(await this.client.info('server'))[1];
  }

  async stop() {
    this.client.disconnect();
    await this.program.stop();
  }
}

/** What was spent between two costs, a job. */
export function costAJob(before, after, jobs) {
  const usec = name => (after.commands[name]?.usec ?? 0) - (before.commands[name]?.usec ?? 0);
  const calls = name => (after.commands[name]?.calls ?? 0) - (before.commands[name]?.calls ?? 0);
  return {
    redis_us: (after.cpu - before.cpu) / jobs,
    script_us: usec('evalsha') / jobs,
    script_calls: calls('evalsha') / jobs,
  };
}
