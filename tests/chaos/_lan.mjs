// A network of the test's own: a bridge the test itself sits on, and for each
// host a network namespace with a cable to it. tests/chaos/run has put the whole
// run into namespaces of its own, so names and addresses are free for the taking.
import { execFileSync } from 'node:child_process';

const NET = '10.77.0';

function ip(...args) {
  run('ip', args);
}

function run(command, args) {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (problem) {
    throw new Error(`${command} ${args.join(' ')}: ${String(problem.stderr || problem.message).trim()}; run this by tests/chaos/run`);
  }
}

/** One machine: `address` on the LAN, and its cable. */
class Host {
  constructor(name, number) {
    this.name = name;
    this.address = `${NET}.${number}`;
    this.cable = `v${number}`; // the bridge's end of it
    ip('netns', 'add', name);
    ip('link', 'add', this.cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', this.cable, 'master', 'lan', 'up');
    ip('-n', name, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', device, 'up');
  }

  /** What runs `command` on this host, as the same process: [command, args]. */
  here(command, args) {
    return ['nsenter', [`--net=/run/netns/${this.name}`, command, ...args]];
  }

  /** Answers for another address, too. */
  carry(address) { ip('-n', this.name, 'addr', 'add', `${address}/24`, 'dev', 'eth0'); }

  cut() { ip('link', 'set', this.cable, 'down'); }
  mend() { ip('link', 'set', this.cable, 'up'); }

  /** Of the packets that arrive, and of those that leave, this share is lost (0: none). */
  lose(share) {
    for (const chain of ['INPUT', 'OUTPUT']) {
      run(...this.here('iptables', ['-w', '-F', chain]));
      if (share > 0) run(...this.here('iptables', ['-w', '-A', chain, '-m', 'statistic', '--mode', 'random', '--probability', `${share}`, '-j', 'DROP']));
    }
  }

  /** Nothing comes from or goes to that TCP port of others; null: all does again. */
  hide(port) {
    for (const [chain, side] of [['INPUT', '--sport'], ['OUTPUT', '--dport']]) {
      run(...this.here('iptables', ['-w', '-F', chain]));
      if (port) run(...this.here('iptables', ['-w', '-A', chain, '-p', 'tcp', side, `${port}`, '-j', 'DROP']));
    }
  }

  /** What leaves goes at this rate ('64kbit'), queued for up to 2 s; null: as fast as it can. */
  slow(rate) {
    const tc = (...args) => run(...this.here('tc', ['qdisc', ...args]));
    if (rate) tc('replace', 'dev', 'eth0', 'root', 'tbf', 'rate', rate, 'burst', '1600', 'latency', '2s');
    else tc('del', 'dev', 'eth0', 'root');
  }
}

export class Lan {
  constructor() {
    this.address = `${NET}.1`; // the test's own, and Redis'
    this.hosts = new Map();
    ip('link', 'add', 'lan', 'type', 'bridge');
    ip('addr', 'add', `${this.address}/24`, 'dev', 'lan');
    ip('link', 'set', 'lan', 'up');
  }

  /** The host of that name, made at its first use. */
  host(name) {
    if (!this.hosts.has(name)) this.hosts.set(name, new Host(name, 10 + this.hosts.size));
    return this.hosts.get(name);
  }

  close() {
    // A namespace goes with its last process, a moment later: its cable at once.
    for (const { name, cable } of this.hosts.values()) {
      ip('link', 'del', cable);
      ip('netns', 'del', name);
    }
    ip('link', 'del', 'lan');
  }
}
