// A command on a pseudo-terminal: keys are typed, the screen is read.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { BINARY, ROOT, until } from './_lib.mjs';

export class Terminal {
  /** `darkroom ARGS` on a terminal of this size. */
  constructor(stage, args, { columns = 80, lines = 24, env = {} } = {}) {
    this.text = '';
    this.child = spawn(path.join(ROOT, 'tests/support/on_terminal.py'), [`${columns}`, `${lines}`, BINARY, ...args], {
      cwd: stage.folder, stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...stage.env(env), REDIS_URL: stage.redisUrl, TERM: 'xterm-256color', NO_COLOR: '', ...env },
    });
    this.ended = new Promise(resolve => {
      readline.createInterface({ input: this.child.stdout }).on('line', line => {
        const message = JSON.parse(line);
        if ('out' in message) this.text += message.out;
        else resolve(message);
      });
      this.child.on('close', code => resolve({ code: `on_terminal.py ended with ${code}` }));
    });
    stage.closers.push(() => this.child.stdin.end());
  }

  #order(order) { this.child.stdin.write(`${JSON.stringify(order)}\n`); }

  type(text) { this.#order({ write: text }); }

  resize(columns, lines) { this.#order({ resize: [columns, lines] }); }

  signal(name) { this.#order({ signal: name }); }

  /** The lines of the last whole frame, without colours. */
  get screen() {
    const frames = this.text.split('\x1b[H');
    const last = frames.findLast((frame, i) => i > 0 && frame.includes('\x1b[J')) || '';
    // eslint-disable-next-line no-control-regex
    return last.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').split('\r\n');
  }

  /** Waits until a line of the screen matches. */
  async shows(pattern) {
    try {
      await until(() => this.screen.some(line => pattern.test(line)), `the screen shows ${pattern}`);
    } catch (problem) {
      throw new Error(`${problem.message}\n${this.screen.join('\n')}`);
    }
  }
}
