import type { FaultWindow } from '../history/observations.ts';

/** When the latest fault began that had hit this node by then: it names the node, or a link to it. */
export function lastHit(faults: readonly FaultWindow[], node: string, at: number): number | undefined {
  let last: number | undefined;
  for (const { targets, injectedAt } of faults) {
    if (injectedAt > at || (last !== undefined && injectedAt <= last)) continue;
    if (targets.some((target) => target === node || target.split(/→|\//).includes(node))) last = injectedAt;
  }
  return last;
}
