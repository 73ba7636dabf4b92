import { connect, type Socket } from 'node:net';
import { monotonicMs, sleep } from '../common/clock.ts';

/** One connection over which PINGs go, one at a time. Redis and Sentinel answer an inline PING with one line, whatever it says. */
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
      const payload = bytes === 0 ? '' : ` ${'x'.repeat(bytes)}`;
      this.#socket.write(`PING${payload}\r\n`);
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
