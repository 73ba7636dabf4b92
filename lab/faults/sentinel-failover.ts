import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { SENTINEL_GROUP } from '../topology/sentinel-options.ts';
import type { Fault } from './fault.ts';
import { systemOf } from './target.ts';

export interface FailoverOptions {
  /** Which of several systems. Default: the first, or the only one. */
  system?: string;
}

/**
 * A failover by hand, `SENTINEL FAILOVER`: the Sentinel promotes a replica at once, without asking the others and
 * without telling the old primary, which accepts writes until it is demoted (redis/redis#6062).
 */
export function sentinelFailover({
  system,
  withinMs = 10_000,
}: FailoverOptions & { withinMs?: number } = {}): Fault {
  return {
    name: 'sentinel-failover',
    text: `fail over${system === undefined ? '' : ` ${system}`} by hand (SENTINEL FAILOVER)`,
    only: { kinds: ['sentinel'], of: system },
    async inject(surface) {
      const topology = systemOf(system, surface.topology);
      const old = await topology.primary();
      const [sentinel] = topology.nodes.filter(
        (node) => node.kind === 'sentinel' && node.process?.exit === null,
      );
      await sentinel?.control.call('SENTINEL', 'FAILOVER', SENTINEL_GROUP);
      const now = await until(
        async () => {
          const primary = await topology.primary();
          return primary !== old && primary;
        },
        { what: 'another primary after SENTINEL FAILOVER', withinMs },
      );
      return {
        text: `SENTINEL FAILOVER on ${sentinel?.name}: ${old?.name} → ${now.name}`,
        targets: [old?.name ?? '', now.name],
        proof: { proved: true, text: `most Sentinels name ${now.name}, before ${old?.name}` },
        heal: once(async () => ({ proved: true, text: 'a failover by hand needs no heal' })),
      };
    },
  };
}
