// A server that is far away: each byte arrives some milliseconds later, in both
// directions, as over a long cable.
import net from 'node:net';

/** Passes on what it hears, in order, `ms` later. */
function late(from, to, ms) {
  from.on('data', bytes => setTimeout(() => to.write(bytes), ms));
  from.on('close', () => setTimeout(() => to.destroy(), ms));
  from.on('error', () => {});
}

/**
 * @param there what net.connect takes: {port} or {path}
 * @param trip ms that a question and its answer take longer together
 * @returns {port, close}
 */
export async function far(there, trip) {
  const server = net.createServer(here => {
    const beyond = net.connect({ ...there, noDelay: true });
    here.setNoDelay(true);
    late(here, beyond, trip / 2);
    late(beyond, here, trip / 2);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, close: () => server.close() };
}
