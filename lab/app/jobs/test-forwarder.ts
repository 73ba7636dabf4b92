import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';

/** A TCP forwarder whose connections can be made to fall silent, as when a firewall has forgotten them. */
export interface Forwarder {
  port: number;
  /** From now on nothing passes over the connections there are, and they stay open; new ones work. */
  silence(): void;
  end(): void;
}

export async function forwarder(to: { host: string; port: number }): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(to.port, to.host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    port: address.port,
    silence() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.on('data', () => {});
      }
    },
    end() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
