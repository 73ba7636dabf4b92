import type { Observations } from '../history/observations.ts';

/** When data was thrown away on purpose (`FLUSHALL`), at some time between `from` and `to`, and on which nodes. */
export interface Flush {
  from: number;
  to: number;
  nodes: readonly string[];
}

/** Faults whose name begins with `flush`, without the nodes that refused it, and events that say so; oldest first. */
export function flushesOf({ faults, events }: Observations): Flush[] {
  const flushes: Flush[] = [];
  for (const { name, targets, refusedBy = [], injectedAt, provedAt } of faults) {
    const nodes = targets.filter((target) => !refusedBy.includes(target));
    if (name.startsWith('flush') && nodes.length > 0)
      flushes.push({ from: injectedAt, to: provedAt ?? injectedAt, nodes });
  }
  for (const { kind, at, source, data } of events)
    if (kind.startsWith('flush') || String(data?.action).startsWith('flush'))
      flushes.push({ from: at, to: at, nodes: [String(data?.node ?? source)] });
  return flushes.sort((a, b) => a.from - b.from);
}
