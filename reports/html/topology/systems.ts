import type { Observations } from '../../../lab/history/observations.ts';
import type { Belief } from './beliefs.ts';

/**
 * The data nodes that replicate from each other, or that Sentinels named one after another: of each such system one is
 * to be primary. In a cluster, whose shards exchange replicas, this means nothing.
 */
export function systemsOf({ nodes }: Observations, beliefs: readonly Belief[]): string[][] {
  const systems = nodes.map((node) => [node]);
  const join = (a: string, b: string) => {
    const [one, other] = [a, b].map((node) => systems.find((system) => system.includes(node)));
    if (one === undefined || other === undefined || one === other) return;
    one.push(...other);
    systems.splice(systems.indexOf(other), 1);
  };
  const namedBy = new Map<string, string>();
  for (const { by, primary } of beliefs) {
    join(namedBy.get(by) ?? by, primary);
    namedBy.set(by, primary);
  }
  return systems.map((system) => nodes.filter((node) => system.includes(node)));
}
