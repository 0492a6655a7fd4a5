// Certificates that openssl makes, and requests over TLS.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A new CA in a folder: {file, text, make}. */
export async function authority(folder) {
  fs.mkdirSync(folder);
  const at = name => path.join(folder, name);
  await run('openssl', ['req', '-x509', ...CURVE, '-subj', '/CN=Test CA', '-days', '30', '-keyout', at('ca.key'), '-out', at('ca.crt')]);
  /** A certificate for this machine and a name: {certificate, key, env}. */
  const make = async (name, days = 20, names = `subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:${name}\n`) => {
    const [key, csr, crt, ext] = ['.key', '.csr', '.crt', '.ext'].map(ending => at(name + ending));
    fs.writeFileSync(ext, `${names}extendedKeyUsage=serverAuth\n`);
    await run('openssl', ['req', '-new', ...CURVE, '-subj', `/CN=${name}`, '-keyout', key, '-out', csr]);
    await run('openssl', ['x509', '-req', '-in', csr, '-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', `${days}`, '-extfile', ext, '-out', crt]);
    return { certificate: crt, key, env: { DARKROOM_HTTP_TLS_CERTIFICATE: crt, DARKROOM_HTTP_TLS_KEY: key } };
  };
  return { file: at('ca.crt'), text: fs.readFileSync(at('ca.crt')), make };
}

/** A request by a client that trusts `ca`: {status, headers, text, json, name} with the name of the server's certificate. */
export function ask(url, { ca, method = 'GET', headers = {}, body, from } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { ca, method, headers, agent: false, localAddress: from }, answer => {
      const name = answer.socket.getPeerCertificate().subject?.CN;
      const parts = [];
      answer.on('data', part => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString();
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, text, name, get json() { return JSON.parse(text); } });
      });
    });
    request.setTimeout(10000, () => request.destroy(new Error('no answer in 10 s')));
    request.on('error', reject);
    request.end(body);
  });
}

/** An event stream over TLS: {text, ended, close}; resolves once its head has come. */
export function listen(url, { ca, headers = {} }) {
  return new Promise((resolve, reject) => {
    const out = { text: '', ended: null };
    const request = https.get(url, { ca, headers, agent: false }, answer => {
      answer.setEncoding('utf8').on('data', part => { out.text += part; });
      answer.on('end', () => { out.ended = 'end'; }).on('error', problem => { out.ended = problem.code; });
      resolve(out);
    });
    request.on('error', problem => { out.ended ||= problem.code; reject(problem); });
    out.close = () => request.destroy();
  });
}
