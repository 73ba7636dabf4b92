import { LabError } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { once } from '../common/once.ts';
import type { Host } from '../hosts/host.ts';
import { type AddressBook, spokenOn } from './address-book.ts';
import type { Link, Streams, Transport } from './link.ts';
import { LinkProbe, pingOnce } from './link-probe.ts';
import { answering, counted, type LinkProof, type Paths, proveAlive, within } from './link-proofs.ts';
import { dropRules, undoRules } from './packet-filter.ts';
import { Sidecar } from './sidecar.ts';
import type { Toxic } from './toxiproxy-api.ts';

/** Undoes a change to links. Safe to call twice. */
export type Undo = () => Promise<void>;

/** All links of a run: what can be done to them, and probes that tell whether it was done. */
export interface Mesh {
  readonly book: AddressBook;
  links(): readonly Link[];
  sidecar(host: string): Sidecar;
  start(): Promise<void>;
  /** Adds toxics to links; each link gets each toxic. */
  addToxics(links: readonly Link[], toxics: readonly Omit<Toxic, 'name'>[]): Promise<Undo>;
  /**
   * Cuts links and proves that they are silent: on connections opened before, and with Toxiproxy (whose toxics
   * can miss a connection that is just being opened) also on new ones. A packet filter keeps no such state, and
   * a new connection through it would block the relay's accept loop until long after the heal. Links of which
   * none answered before prove nothing by being silent.
   */
  cut(links: readonly Link[], by: Transport, streams: Streams): Promise<{ undo: Undo; proof: LinkProof }>;
  /** Waits until every link whose node answers directly also answers through the mesh. */
  proveAlive(links: readonly Link[], withinMs: number): Promise<LinkProof>;
  /** Milliseconds for a ping that carries `bytes` (default none) over each link, null where no whole answer came within `withinMs` or no ping can carry so many (ping.ts). */
  roundTrips(links: readonly Link[], withinMs: number, bytes?: number): Promise<(number | null)[]>;
}

/** The mesh of a run's hosts. Nothing runs before `start`. `speed`: lab time per real time, which Toxiproxy is on. */
export function mesh(
  hosts: ReadonlyMap<string, Host>,
  book: AddressBook,
  tools: { toxiproxy: string; iptables: string | null },
  speed = 1,
): Mesh {
  const sidecars = new Map(
    [...hosts.values()].map((host) => [host.name, new Sidecar(host, book, tools.toxiproxy)]),
  );
  let serial = 0;

  const sidecar = (host: string) => {
    const found = sidecars.get(host);
    if (found === undefined) throw new RangeError(`no host is called ${JSON.stringify(host)}`);
    return found;
  };
  const relay = (link: Link) => ({
    ...sidecar(link.observer).relay(link),
    kind: spokenOn(book.node(link.node).kind, link.port),
  });
  const paths: Paths = {
    relay,
    direct: (link) => {
      const node = book.node(link.node);
      return { host: node.direct, port: node.ports[link.port] ?? 0, kind: spokenOn(node.kind, link.port) };
    },
    sidecar: (observer) => ({ ...sidecar(observer).api, kind: 'app' }),
  };

  const drop = async (links: readonly Link[], streams: Streams): Promise<Undo> => {
    const { iptables } = tools;
    if (iptables === null) throw new LabError('dropping packets needs iptables; `lab setup` brings it');
    const chain = `FAULT${++serial}`;
    const byHost = Map.groupBy(links, (link) => link.observer);
    const restore = (name: string, rules: string) =>
      sidecar(name).host.run(`${iptables}-restore`, ['--noflush'], rules);
    await Promise.all([...byHost].map(([name, own]) => restore(name, dropRules(chain, own, streams, book))));
    return once(async () => {
      await Promise.all([...byHost.keys()].map((name) => restore(name, undoRules(chain))));
    });
  };

  const self: Mesh = {
    book,
    links: () => [...sidecars.values()].flatMap((one) => one.links),
    sidecar,
    start: async () => void (await Promise.all([...sidecars.values()].map((one) => one.start()))),

    async addToxics(links, toxics) {
      const named = toxics.map(
        (toxic) => ({ ...inRealTime(toxic, speed), name: `fault-${++serial}` }) as Toxic,
      );
      const pairs = links.flatMap((link) => named.map((toxic) => ({ link, toxic })));
      await Promise.all(pairs.map(({ link, toxic }) => sidecar(link.observer).add(link, toxic)));
      return once(async () => {
        await Promise.all(pairs.map(({ link, toxic }) => sidecar(link.observer).remove(link, toxic)));
      });
    },

    async cut(links, by, streams) {
      const warm = links.map((link) => new LinkProbe(relay(link)));
      try {
        const before = await Promise.all(warm.map((probe) => within(probe.ping(), real(500))));
        const undo =
          by === 'packets' ? await drop(links, streams) : await self.addToxics(links, timeouts(streams));
        const fresh = by === 'packets' ? [] : links.map((link) => new LinkProbe(relay(link)));
        try {
          const loud = await answering([...warm, ...fresh], links, paths);
          const reached = before.filter((ms) => ms !== null).length;
          const on = by === 'packets' ? 'on open connections' : 'on open and new connections';
          const silent = `${counted(links.length)} silent ${on} (${reached} answered before)`;
          const proof =
            loud.length === 0
              ? { proved: reached > 0, text: silent }
              : { proved: false, text: `still answering: ${loud.join(', ')}` };
          return { undo, proof };
        } catch (error) {
          await undo();
          throw error;
        } finally {
          closeSoon(fresh);
        }
      } finally {
        closeSoon(warm);
      }
    },

    proveAlive: (links, withinMs) => proveAlive(links, paths, withinMs),

    roundTrips: (links, withinMs, bytes) =>
      Promise.all(links.map((link) => pingOnce(relay(link), real(withinMs), bytes))),
  };
  return self;
}

/** Hundreds of sockets take a while, and what was proved by them does not change any more. */
function closeSoon(probes: readonly LinkProbe[]): void {
  setImmediate(() => {
    for (const probe of probes) probe.close();
  });
}

/** What each toxic's numbers that count time are in: https://github.com/Shopify/toxiproxy#toxics */
const toxicTimes: Readonly<Record<string, 'time' | 'rate'>> = {
  latency: 'time',
  jitter: 'time',
  timeout: 'time',
  delay: 'time',
  rate: 'rate',
};

/** A toxic as it has to be set so that it has its numbers in lab time. LabError where it cannot: Toxiproxy takes whole numbers. */
function inRealTime<T extends Omit<Toxic, 'name'>>(toxic: T, speed: number): T {
  const converted = Object.entries(toxic.attributes).map(([name, value]) => {
    const kind = toxicTimes[name];
    if (kind === undefined || speed === 1) return [name, value];
    const real = Math.round(kind === 'time' ? value / speed : value * speed);
    if (value > 0 && real === 0)
      throw new LabError(
        `${toxic.type}: expected a ${name} of at least ${speed} at speed ${speed}, got ${value}: Toxiproxy takes whole numbers of real time`,
      );
    return [name, real];
  });
  return { ...toxic, attributes: Object.fromEntries(converted) };
}

function timeouts(streams: Streams): Omit<Toxic, 'name'>[] {
  const names = {
    both: ['upstream', 'downstream'],
    requests: ['upstream'],
    replies: ['downstream'],
  } as const;
  return names[streams].map((stream) => ({
    type: 'timeout',
    stream,
    toxicity: 1,
    attributes: { timeout: 0 },
  }));
}
