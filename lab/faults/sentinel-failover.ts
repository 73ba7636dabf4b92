import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { SENTINEL_GROUP } from '../topology/sentinel-options.ts';
import type { Fault } from './fault.ts';
import { serversOf } from './target.ts';

/**
 * A failover by hand, `SENTINEL FAILOVER`: the Sentinel promotes a replica at once, without asking the others and
 * without telling the old primary, which accepts writes until it is demoted (redis/redis#6062).
 */
export function sentinelFailover({ withinMs = 10_000 }: { withinMs?: number } = {}): Fault {
  return {
    name: 'sentinel-failover',
    text: 'fail over by hand (SENTINEL FAILOVER)',
    async inject(surface) {
      const [old] = await serversOf('primary', surface);
      const [sentinel] = surface.topology.nodes.filter(
        (node) => node.kind === 'sentinel' && node.process?.exit === null,
      );
      await sentinel?.control.call('SENTINEL', 'FAILOVER', SENTINEL_GROUP);
      const now = await until(
        async () => {
          const primary = await surface.topology.primary();
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
