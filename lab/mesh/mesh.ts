import { monotonicMs, sleep } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import type { Host } from '../hosts/host.ts';
import type { AddressBook } from './address-book.ts';
import { type Link, linkName } from './link.ts';
import { LinkProbe, pingOnce } from './link-probe.ts';
import { Sidecar } from './sidecar.ts';
import type { Toxic } from './toxiproxy-api.ts';

/** Which half of a link's conversations is meant: from the observer to the node, back, or both. */
export type Streams = 'both' | 'requests' | 'replies';

/**
 * How a cut is made. `toxiproxy`: connections are accepted and nothing flows, the heal closes them. `packets`:
 * iptables drops them inside the observer's host, SYNs vanish, and open connections survive the heal.
 */
export type Transport = 'toxiproxy' | 'packets';

/** What was seen when a change to links was proved. */
export interface LinkProof {
  proved: boolean;
  text: string;
}

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
  /** Milliseconds for a PING that carries `bytes` (default none) over each link, null where no whole answer came within `withinMs`. */
  roundTrips(links: readonly Link[], withinMs: number, bytes?: number): Promise<(number | null)[]>;
}

/** Silence counts as proof after three of the control path's round trips, and this long at least. */
const LEAST_SILENCE_MS = 10;

export function mesh(
  hosts: ReadonlyMap<string, Host>,
  book: AddressBook,
  tools: { toxiproxy: string; iptables: string | null },
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
  const relay = (link: Link) => sidecar(link.observer).relay(link);
  const direct = (link: Link) => {
    const node = book.node(link.node);
    return { host: node.direct, port: node.ports[link.port] ?? 0 };
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

  /** The links that answer a PING although the same hosts' and nodes' answers on a path without faults have long come. */
  const answersOf = async (probes: readonly LinkProbe[], links: readonly Link[]): Promise<string[]> => {
    const answered = new Set<string>();
    for (const [index, probe] of probes.entries()) {
      const link = links[index % links.length];
      if (link) void probe.ping().then(() => answered.add(linkName(link)));
    }
    const sentAt = monotonicMs();
    const observers = [...new Set(links.map((link) => link.observer))];
    const nodes = new Map(links.map((link) => [`${link.node} ${link.port}`, link]));
    await Promise.all([
      ...observers.map((name) => within(sidecar(name).version(), 1000)),
      ...[...nodes.values()].map((link) => pingOnce(direct(link), 250)),
    ]);
    await sleep(Math.max(LEAST_SILENCE_MS, 3 * (monotonicMs() - sentAt)));
    return [...answered];
  };

  const self: Mesh = {
    book,
    links: () => [...sidecars.values()].flatMap((one) => one.links),
    sidecar,
    start: async () => void (await Promise.all([...sidecars.values()].map((one) => one.start()))),

    async addToxics(links, toxics) {
      const named = toxics.map((toxic) => ({ ...toxic, name: `fault-${++serial}` }) as Toxic);
      const pairs = links.flatMap((link) => named.map((toxic) => ({ link, toxic })));
      await Promise.all(pairs.map(({ link, toxic }) => sidecar(link.observer).add(link, toxic)));
      return once(async () => {
        await Promise.all(pairs.map(({ link, toxic }) => sidecar(link.observer).remove(link, toxic)));
      });
    },

    async cut(links, by, streams) {
      const warm = links.map((link) => new LinkProbe(relay(link)));
      try {
        const before = await Promise.all(warm.map((probe) => within(probe.ping(), 500)));
        const undo =
          by === 'packets' ? await drop(links, streams) : await self.addToxics(links, timeouts(streams));
        const fresh = by === 'packets' ? [] : links.map((link) => new LinkProbe(relay(link)));
        try {
          const answering = await answersOf([...warm, ...fresh], links);
          const reached = before.filter((ms) => ms !== null).length;
          const on = by === 'packets' ? 'on open connections' : 'on open and new connections';
          const silent = `${counted(links.length)} silent ${on} (${reached} answered before)`;
          const proof =
            answering.length === 0
              ? { proved: reached > 0, text: silent }
              : { proved: false, text: `still answering: ${answering.join(', ')}` };
          return { undo, proof };
        } catch (error) {
          await undo();
          throw error;
        } finally {
          for (const probe of fresh) probe.close();
        }
      } finally {
        for (const probe of warm) probe.close();
      }
    },

    async proveAlive(links, withinMs) {
      const deadline = monotonicMs() + withinMs;
      let left = [...links];
      let toDead = 0;
      for (;;) {
        const answers = await Promise.all(
          left.map(async (link) => {
            const [through, past] = await Promise.all([
              pingOnce(relay(link), 250),
              pingOnce(direct(link), 250),
            ]);
            if (through === null && past === null) toDead++;
            return through !== null || past === null;
          }),
        );
        left = left.filter((_, index) => !answers[index]);
        if (left.length === 0) {
          const dead = toDead === 0 ? '' : `; ${counted(toDead)} to nodes that are down or hang`;
          return { proved: true, text: `${counted(links.length - toDead)} answering again${dead}` };
        }
        if (monotonicMs() > deadline) {
          return { proved: false, text: `still silent: ${left.map(linkName).join(', ')}` };
        }
      }
    },

    roundTrips: (links, withinMs, bytes) =>
      Promise.all(links.map((link) => pingOnce(relay(link), withinMs, bytes))),
  };
  return self;
}

function counted(links: number): string {
  return links === 1 ? '1 link' : `${links} links`;
}

function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  return Promise.race([promise.catch(() => null), sleep(ms).then(() => null)]);
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

function once(undo: Undo): Undo {
  let done: Promise<void> | null = null;
  return () => {
    done ??= undo();
    return done;
  };
}

/**
 * Packets to and from a link's listener cross the observer's loopback interface, so they are dropped on their
 * way in: requests by their destination, replies by their source.
 */
function dropRules(chain: string, links: readonly Link[], streams: Streams, book: AddressBook): string {
  const rules = links.flatMap((link) => {
    const node = book.node(link.node);
    const port = node.ports[link.port];
    return [
      ...(streams === 'replies' ? [] : [`-A ${chain} -d ${node.announced} -p tcp --dport ${port} -j DROP`]),
      ...(streams === 'requests' ? [] : [`-A ${chain} -s ${node.announced} -p tcp --sport ${port} -j DROP`]),
    ];
  });
  return ['*filter', `:${chain} - [0:0]`, `-A INPUT -j ${chain}`, ...rules, 'COMMIT'].join('\n');
}

function undoRules(chain: string): string {
  return ['*filter', `-D INPUT -j ${chain}`, `-F ${chain}`, `-X ${chain}`, 'COMMIT'].join('\n');
}
