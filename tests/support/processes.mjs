// What all tests that start processes need.
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

const FIRST_PORT = 10100; // browsers and fetch refuse some below

/** The first port that the system may give to a connection, or to a server that asks for any. */
const firstGiven = () => Number(fs.readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t')[0]);

const isFree = port => new Promise(resolve => {
  const server = net.createServer();
  server.on('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

/** A loopback port on which nobody listens, and that nobody gets who does not ask for it. */
export async function freePort() {
  for (;;) {
    const port = randomInt(FIRST_PORT, Math.max(firstGiven(), 20000));
    if (await isFree(port)) return port;
  }
}
