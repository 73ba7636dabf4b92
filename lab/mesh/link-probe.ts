import { connect, type Socket } from 'node:net';
import { monotonicMs, sleep } from '../common/clock.ts';

/** One connection over which PINGs go; Redis and Sentinel answer an inline PING with one line, whatever it says. */
export class LinkProbe {
  readonly #socket: Socket;
  #waiting: (() => void)[] = [];

  constructor(address: { host: string; port: number }) {
    this.#socket = connect({ ...address, noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.on('data', () => {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const answer of waiting) answer();
    });
  }

  /** Sends a PING and resolves with the milliseconds until the answer; never, when there is none. */
  ping(): Promise<number> {
    const sentAt = monotonicMs();
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(monotonicMs() - sentAt));
      this.#socket.write('PING\r\n');
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Milliseconds until a PING over a new connection is answered, or null when it is not within `withinMs`. */
export async function pingOnce(address: { host: string; port: number }, withinMs: number): Promise<number | null> {
  const probe = new LinkProbe(address);
  try {
    return await Promise.race([probe.ping(), sleep(withinMs).then(() => null)]);
  } finally {
    probe.close();
  }
}
