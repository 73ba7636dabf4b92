import { UsageError } from '../common/errors.ts';
import { BUS_PORT, type ClusterOptions } from './cluster-options.ts';
import { type SlotRun, slotsAtStart } from './cluster-slots.ts';
import { count, numbered, placed } from './placement.ts';
import { REDIS_PORT } from './sentinel-options.ts';
import type { TopologyPlan } from './topology.ts';

const WHO = 'cluster()';

/** A primary with what it has at the start, by the nodes' names without a system's. */
export interface PlannedShard {
  primary: string;
  replicas: readonly string[];
  slots: readonly SlotRun[];
}

export interface ClusterPlan {
  plan: TopologyPlan;
  shards: readonly PlannedShard[];
}

/** Hosts, nodes and shards of a cluster. Throws UsageError, see `cluster`. */
export function clusterPlan(options: ClusterOptions): ClusterPlan {
  const primaries = count(WHO, 'primaries', options.primaries ?? 3, 3);
  const replicas = count(WHO, 'replicas', options.replicas ?? 1, 0);
  const spares = count(WHO, 'spareReplicas', options.spareReplicas ?? 0, 0);
  const total = count(WHO, 'primaries and replicas together', primaries * (1 + replicas) + spares, 3);
  const nodes = numbered('redis', total, REDIS_PORT).map((node) => ({
    ...node,
    ports: { ...node.ports, bus: BUS_PORT },
  }));
  const names = nodes.map((node) => node.name);
  const slots = slotsAtStart(names.slice(0, primaries), options.slots);
  const placement = spread(names, primaries, hostCount(options, primaries, total), options);
  return {
    plan: {
      text: `cluster of ${primaries} primaries, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} each${spares === 0 ? '' : `, ${spares} more`}`,
      ...placed(WHO, nodes, { ...options, placement }),
    },
    shards: names.slice(0, primaries).map((primary, shard) => ({
      primary,
      replicas: names.filter((_, i) => i >= primaries && i % primaries === shard),
      slots: slots.get(primary) ?? [],
    })),
  };
}

/** UsageError where there are not enough hosts for everybody who needs one for himself. */
function hostCount(options: ClusterOptions, primaries: number, total: number): number {
  const hosts = count(WHO, 'hosts', options.hosts ?? total, 1);
  const replicas = Math.ceil(total / primaries) - 1;
  const explicitly = 'put nodes beside each other by placement, if that is meant';
  const free = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => options.placement?.[`redis-${from + i + 1}`]).some(
      (host) => host === undefined,
    );
  if (primaries > hosts && free(0, primaries)) {
    throw new UsageError(
      `${WHO}: hosts: expected at least ${primaries}, one for each primary, got ${hosts}; ${explicitly}`,
    );
  }
  if (1 + replicas > hosts && free(primaries, total)) {
    throw new UsageError(
      `${WHO}: replicas: expected at most ${hosts - 1} for each primary on ${hosts} hosts, as no host has two nodes of a shard, got ${replicas}; ${explicitly}`,
    );
  }
  return hosts;
}

/** Where each node goes. A node on a host that nobody of its shard is on, and as few others of it in the zone as possible. */
function spread(
  names: readonly string[],
  primaries: number,
  hostCount: number,
  { placement = {}, zones = {} }: ClusterOptions,
): Readonly<Record<string, string>> {
  const hosts = Array.from({ length: hostCount }, (_, i) => `host-${i + 1}`);
  const zoneOf = (host: string) => Object.keys(zones).find((zone) => zones[zone]?.includes(host)) ?? host;
  const places: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const others = names.filter((other) => other !== name && places[other] !== undefined);
    const near = others.filter((other) => mustPart(name, other, names, primaries));
    const shard = others.filter((other) => sameShard(name, other, names, primaries));
    // On its own host where there are enough, else one further for each replica.
    const wanted =
      hostCount >= names.length ? index : ((index % primaries) + Math.floor(index / primaries)) % hostCount;
    const cost = (host: string, i: number) => [
      near.filter((other) => places[other] === host).length,
      shard.filter((other) => zoneOf(places[other] ?? '') === zoneOf(host)).length,
      others.filter((other) => places[other] === host).length,
      (i - wanted + hostCount) % hostCount,
    ];
    const [best] = hosts
      .map((host, i) => ({ host, cost: cost(host, i) }))
      .sort((a, b) => compare(a.cost, b.cost));
    places[name] = best?.host ?? '';
  }
  // The others stay where they would be without it.
  return { ...places, ...placement };
}

/** Whether two nodes may share no host: two primaries, or two of a shard. */
function mustPart(a: string, b: string, names: readonly string[], primaries: number): boolean {
  const bothPrimaries = names.indexOf(a) < primaries && names.indexOf(b) < primaries;
  return names.includes(b) && (bothPrimaries || sameShard(a, b, names, primaries));
}

function sameShard(a: string, b: string, names: readonly string[], primaries: number): boolean {
  return names.indexOf(a) % primaries === names.indexOf(b) % primaries;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
