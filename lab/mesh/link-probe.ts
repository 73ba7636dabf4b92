import { connect, type Socket } from 'node:net';
import { monotonicMs, sleep } from '../common/clock.ts';

/** One connection over which PINGs go, one at a time. Redis and Sentinel answer a PING, whatever they make of it. */
export class LinkProbe {
  readonly #socket: Socket;
  #received = 0;
  #wanted = 1;
  #answer: () => void = () => {};

  constructor(address: { host: string; port: number }) {
    this.#socket = connect({ ...address, noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk) => {
      this.#received += chunk.length;
      if (this.#received >= this.#wanted) this.#answer();
    });
  }

  /**
   * Sends a PING that carries `bytes` of payload and resolves with the milliseconds until so many came back;
   * never, when they do not.
   */
  ping(bytes = 0): Promise<number> {
    const sentAt = monotonicMs();
    this.#received = 0;
    this.#wanted = Math.max(1, bytes);
    return new Promise((resolve) => {
      this.#answer = () => resolve(monotonicMs() - sentAt);
      // An inline command may be 64 KB long; an argument with its length in front has no such bound.
      const text = bytes === 0 ? 'PING\r\n' : `*2\r\n$4\r\nPING\r\n$${bytes}\r\n${'x'.repeat(bytes)}\r\n`;
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Milliseconds until a PING over a new connection is answered, or null when it is not within `withinMs`. */
export async function pingOnce(
  address: { host: string; port: number },
  withinMs: number,
  bytes = 0,
): Promise<number | null> {
  const probe = new LinkProbe(address);
  try {
    return await Promise.race([probe.ping(bytes), sleep(withinMs).then(() => null)]);
  } finally {
    probe.close();
  }
}
