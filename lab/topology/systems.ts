import { UsageError } from '../common/errors.ts';
import type { Host } from '../hosts/host.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import type { PlannedNode, RunningTopology, Topology, TopologyContext, TopologyPlan } from './topology.ts';

export interface SystemsOptions {
  /** Whether the systems share the hosts `host-1`, `host-2`, … instead of having each its own. Default false. */
  shareHosts?: boolean;
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Several systems side by side: `systems({ sessions: sentinel(), cache: standalone() })`. A system's nodes and hosts
 * have its name in front: `sessions-redis-1` on `sessions-host-1`; its options go on naming them without. A zone of
 * the same name in two systems is one zone. What is asked of the whole (`primary`, where clients connect) is answered
 * by the first system. Throws UsageError on names that are not kebab-case, on no system at all, and on a shared host
 * in two zones.
 */
export function systems(
  parts: Readonly<Record<string, Topology>>,
  { shareHosts = false }: SystemsOptions = {},
): Topology {
  for (const [name, part] of Object.entries(parts)) {
    if (!NAME.test(name))
      throw new UsageError(`systems(): expected kebab-case names, got ${JSON.stringify(name)}`);
    if (part.kind === 'systems') throw new UsageError(`systems(): ${name}: expected one system, got several`);
  }
  const hostName = (system: string, host: string) => (shareHosts ? host : `${system}-${host}`);
  const plan = planOf(parts, hostName);
  return {
    kind: 'systems',
    plan: () => plan,
    decidingMs: (timing) =>
      Math.min(...Object.values(parts).map((part) => part.decidingMs?.(timing) ?? timing.downAfterMs)),
    start: (context) => start(parts, hostName, context),
  };
}

/** The first of several systems; a topology that is one system is its own first. */
export function firstSystem(topology: RunningTopology): RunningTopology {
  const [first] = topology.systems.values();
  return first ?? topology;
}

type HostName = (system: string, host: string) => string;

function planOf(parts: Readonly<Record<string, Topology>>, hostName: HostName): TopologyPlan {
  const hosts = new Map<string, { name: string; zone?: string }>();
  const nodes: PlannedNode[] = [];
  const texts: string[] = [];
  for (const [system, part] of Object.entries(parts)) {
    const plan = part.plan();
    texts.push(`${system}: ${plan.text}`);
    for (const host of plan.hosts) {
      const name = hostName(system, host.name);
      const before = hosts.get(name);
      if (before?.zone !== undefined && host.zone !== undefined && before.zone !== host.zone) {
        throw new UsageError(
          `systems(): zones: ${name} is in ${before.zone} and in ${host.zone}; a host has one zone`,
        );
      }
      hosts.set(name, { ...before, ...host, name });
    }
    for (const node of plan.nodes) {
      nodes.push({ ...node, name: `${system}-${node.name}`, host: hostName(system, node.host) });
    }
  }
  if (nodes.length === 0) throw new UsageError('systems(): expected at least one system, got none');
  return { text: texts.join('; '), hosts: [...hosts.values()], nodes, systems: Object.keys(parts) };
}

async function start(
  parts: Readonly<Record<string, Topology>>,
  hostName: HostName,
  context: TopologyContext,
): Promise<RunningTopology> {
  const results = await Promise.allSettled(
    Object.entries(parts).map(async ([name, part]) => {
      const running = await part.start({
        ...context,
        hosts: hostsOf(name, part, hostName, context.hosts),
        book: bookOf(name, context.book),
      });
      return [name, running] as const;
    }),
  );
  const entries = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    for (const [, running] of entries) running.close();
    throw failed.reason;
  }
  const running = entries.map(([, one]) => one);
  const [first] = running;
  if (first === undefined) throw new RangeError('there is no system');
  return {
    nodes: running.flatMap((one) => one.nodes),
    systems: new Map(entries),
    endpoint: first.endpoint,
    primary: () => first.primary(),
    ...(first.cluster === undefined ? {} : { cluster: first.cluster }),
    settled: async (withinMs) => void (await Promise.all(running.map((one) => one.settled(withinMs)))),
    close: () => {
      for (const one of running) one.close();
    },
  };
}

/** A system's hosts under the names that it calls them by. */
function hostsOf(
  system: string,
  part: Topology,
  hostName: HostName,
  hosts: ReadonlyMap<string, Host>,
): ReadonlyMap<string, Host> {
  return new Map(
    part.plan().hosts.flatMap(({ name }) => {
      const host = hosts.get(hostName(system, name));
      return host === undefined ? [] : [[name, host]];
    }),
  );
}

/** The book in which a system finds its nodes under the names that it calls them by; the entries have the whole names. */
function bookOf(system: string, book: AddressBook): AddressBook {
  return { ...book, node: (name) => book.node(`${system}-${name}`) };
}
