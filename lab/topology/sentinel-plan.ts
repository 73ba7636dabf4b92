import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { REDIS_PORT, SENTINEL_PORT, type SentinelOptions } from './sentinel-options.ts';
import type { TopologyPlan } from './topology.ts';

/** Hosts and nodes of a Sentinel group. Throws UsageError, see `sentinel`. */
export function sentinelPlan(options: SentinelOptions): TopologyPlan {
  const replicas = count('replicas', options.replicas ?? 2, 0);
  const sentinels = count('sentinels', options.sentinels ?? 3, 1);
  const quorum = count('quorum', quorumOf(options), 1);
  if (quorum > sentinels) {
    throw new UsageError(
      `sentinel(): quorum: expected at most the number of sentinels (${sentinels}), got ${quorum}`,
    );
  }
  const names = (prefix: string, length: number) => Array.from({ length }, (_, i) => `${prefix}-${i + 1}`);
  const place = (name: string) => options.placement?.[name] ?? `host-${name.split('-')[1]}`;
  const nodes = [
    ...names('redis', replicas + 1).map((name) => ({
      name,
      kind: 'redis' as const,
      host: place(name),
      ports: { client: REDIS_PORT },
    })),
    ...names('sentinel', sentinels).map((name) => ({
      name,
      kind: 'sentinel' as const,
      host: place(name),
      ports: { client: SENTINEL_PORT },
    })),
  ];
  const hostNames = [...new Set(nodes.map((node) => node.host))];
  const nodeNames = nodes.map((node) => node.name);
  known('placement', 'node', Object.keys(options.placement ?? {}), nodeNames);
  known('nodes', 'node', Object.keys(options.nodes ?? {}), nodeNames);
  known('zones', 'host', Object.values(options.zones ?? {}).flat(), hostNames);
  const zoneOf = new Map<string, string>();
  for (const [zone, members] of Object.entries(options.zones ?? {})) {
    for (const member of members) {
      const other = zoneOf.get(member);
      if (other !== undefined) {
        throw new UsageError(
          `sentinel(): zones: ${member} is in ${other} and in ${zone}; a host has one zone`,
        );
      }
      zoneOf.set(member, zone);
    }
  }
  return {
    text: `1 primary, ${replicas} replicas, ${sentinels} Sentinels (quorum ${quorum})`,
    hosts: hostNames.map((name) => {
      const zone = zoneOf.get(name);
      return zone === undefined ? { name } : { name, zone };
    }),
    nodes,
  };
}

/** As given, or the majority of the Sentinels. */
export function quorumOf(options: SentinelOptions): number {
  return options.quorum ?? Math.floor((options.sentinels ?? 3) / 2) + 1;
}

function count(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 50) return value;
  throw new UsageError(`sentinel(): ${name}: expected a whole number from ${least} to 50, got ${value}`);
}

function known(where: string, what: string, names: readonly string[], all: readonly string[]): void {
  for (const name of names) {
    if (all.includes(name)) continue;
    const message = `sentinel(): ${where}: there is no ${what} ${JSON.stringify(name)}`;
    throw new UsageError(withNearest(message, name, all));
  }
}
