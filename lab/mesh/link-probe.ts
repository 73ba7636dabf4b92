import { connect, type Socket } from 'node:net';
import { monotonicMs, sleep } from '../common/clock.ts';
import type { Spoken } from './address-book.ts';
import { type Ping, pingOf } from './ping.ts';

/** Where a probe goes, and what is behind it, which decides what is spoken. */
export interface ProbeAddress {
  host: string;
  port: number;
  kind: Spoken;
}

/** One connection over which pings go, one at a time. */
export class LinkProbe {
  readonly #socket: Socket;
  readonly #kind: Spoken;
  #turn = 0;
  #ping: Ping | null = null;
  #answers = 0;
  #answered: () => void = () => {};

  constructor({ host, port, kind }: ProbeAddress) {
    this.#kind = kind;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (piece: string) => {
      if (this.#ping === null) return;
      this.#answers += this.#ping.count(piece);
      if (this.#answers >= this.#ping.answers) this.#answered();
    });
  }

  /**
   * Sends a ping that carries `bytes` of payload and resolves with the milliseconds until it was answered whole;
   * never, when it is not, or cannot carry so many bytes (ping.ts).
   */
  ping(bytes = 0): Promise<number> {
    const sentAt = monotonicMs();
    this.#ping = pingOf(this.#kind, this.#turn++, bytes);
    this.#answers = 0;
    return new Promise((resolve) => {
      this.#answered = () => resolve(monotonicMs() - sentAt);
      if (this.#ping !== null) this.#socket.write(this.#ping.data);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Milliseconds until a ping over a new connection is answered, or null when it is not within `withinMs`. */
export async function pingOnce(address: ProbeAddress, withinMs: number, bytes = 0): Promise<number | null> {
  const probe = new LinkProbe(address);
  try {
    return await Promise.race([probe.ping(bytes), sleep(withinMs).then(() => null)]);
  } finally {
    probe.close();
  }
}
