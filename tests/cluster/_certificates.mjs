// A CA for a test, and certificates for servers and clients.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DAY_MS = 86400000;
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export class Authority {
  /** Makes the folder and a CA in it. */
  static async make(folder, name) {
    const self = new Authority();
    self.folder = folder;
    fs.mkdirSync(folder);
    self.ca = self.file('ca.crt');
    await run('openssl', ['req', '-x509', ...KEY, '-subj', `/CN=${name}`, '-days', '3650', '-keyout', self.file('ca.key'), '-out', self.ca]);
    fs.writeFileSync(self.file('index.txt'), '');
    fs.writeFileSync(self.file('serial'), '0abc');
    return self;
  }

  file(name) { return path.join(this.folder, name); }

  /** {crt, key}: paths of a certificate that ends in `days`. */
  async certify(name, { days = 100, names = `DNS:${name}` } = {}) {
    const [crt, key, csr, config] = ['crt', 'key', 'csr', 'cnf'].map(ending => this.file(`${name}.${ending}`));
    fs.writeFileSync(config, `[ca]\ndefault_ca=x\n[x]\ndatabase=${this.file('index.txt')}\nnew_certs_dir=${this.folder}\nserial=${this.file('serial')}\n`
      + `default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[e]\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=${names}\n`);
    await run('openssl', ['req', '-new', ...KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', csr]);
    const date = ms => new Date(Date.now() + ms).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';
    await run('openssl', ['ca', '-batch', '-notext', '-config', config, '-extensions', 'e', '-in', csr, '-out', crt,
      '-cert', this.ca, '-keyfile', this.file('ca.key'), '-startdate', date(-10 * DAY_MS), '-enddate', date(days * DAY_MS)]);
    return { crt, key };
  }
}
