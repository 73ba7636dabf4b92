import { connect, type Socket } from 'node:net';
import { sleep } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import type { Host } from '../hosts/host.ts';
import type { LabNode } from '../topology/topology.ts';
import type { FaultSurface } from './fault.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/** The one host from which something is to be done: the first of those that the target stands for. */
export async function originOf(from: Targets, surface: FaultSurface): Promise<Host> {
  const [host] = await hostsOf(from, surface);
  if (host === undefined) throw new LabError(`no host is ${inWords(from)} now`);
  return host;
}

/**
 * Where the lab reaches a node as processes on `origin` do: over the same link, so that whatever was done to the link
 * is done to this, too. On the node's own host there is no link, and past the mesh without an origin.
 */
export function reach(
  node: LabNode,
  origin: Host | null,
  { mesh }: FaultSurface,
): { host: string; port: number } {
  const { direct, ports } = mesh.book.node(node.name);
  const past = { host: direct, port: ports.client ?? 0 };
  if (origin === null || origin === node.host) return past;
  return mesh.sidecar(origin.name).relay({ observer: origin.name, node: node.name, port: 'client' });
}

/** A connection to Redis on which nobody logs in. */
export class Stranger {
  readonly #socket: Socket;
  #said = '';
  #heard: (() => void)[] = [];

  constructor(address: { host: string; port: number }) {
    this.#socket = connect({ ...address, noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (piece: string) => {
      this.#said += piece;
      if (this.#said.includes('\n')) this.#tell();
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#tell());
  }

  /** Sends a command and resolves with the first line of what comes back; null without one within `withinMs`. */
  async ask(command: string, withinMs: number): Promise<string | null> {
    this.#said = '';
    const heard = new Promise<void>((resolve) => this.#heard.push(resolve));
    this.#socket.write(`${command}\r\n`);
    await Promise.race([heard, sleep(withinMs)]);
    const end = this.#said.indexOf('\r\n');
    return end < 0 ? null : this.#said.slice(0, end);
  }

  /** Whether either side has closed it. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  close(): void {
    this.#socket.destroy();
  }

  #tell(): void {
    for (const heard of this.#heard.splice(0)) heard();
  }
}
