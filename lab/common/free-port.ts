import { once } from 'node:events';
import { createServer } from 'node:net';

const given = new Set<number>();

/**
 * A TCP port that nobody listens on at this moment, and that this process has not been given before; somebody else may
 * take it before it is used.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address === null || typeof address === 'string') throw new RangeError('expected a TCP address');
    if (given.has(address.port)) continue;
    given.add(address.port);
    return address.port;
  }
}
