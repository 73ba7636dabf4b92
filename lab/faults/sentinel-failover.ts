import { LabError, messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { SENTINEL_GROUP } from '../topology/sentinel-options.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { systemOf } from './target.ts';

export interface FailoverOptions {
  /** Which of several systems. Default: the first, or the only one. */
  system?: string;
}

export interface SentinelFailoverOptions extends FailoverOptions {
  /** Until most Sentinels name another primary. Default 10000. */
  withinMs?: number;
  /**
   * `COORDINATED`: the primary hands over by itself and loses nothing. Valkey from 9.0 on has it; on other servers the
   * Sentinel fails over without, and the run says so. Default false.
   */
  coordinated?: boolean;
}

/**
 * A failover by hand, `SENTINEL FAILOVER`: the Sentinel promotes a replica at once, without asking the others and
 * without telling the old primary, which accepts writes until it is demoted (redis/redis#6062).
 */
export function sentinelFailover({
  system,
  withinMs = 10_000,
  coordinated = false,
}: SentinelFailoverOptions = {}): Fault {
  const words = coordinated ? 'SENTINEL FAILOVER … COORDINATED' : 'SENTINEL FAILOVER';
  return {
    name: 'sentinel-failover',
    text: `fail over${system === undefined ? '' : ` ${system}`} by hand (${words})`,
    only: { kinds: ['sentinel'], of: system },
    async inject(surface) {
      const topology = systemOf(system, surface.topology);
      const old = await topology.primary();
      const [sentinel] = topology.nodes.filter(
        (node) => node.kind === 'sentinel' && node.process?.exit === null,
      );
      if (sentinel === undefined) throw new LabError('no Sentinel runs that could fail over');
      const isCoordinated = coordinated && (await failOverCoordinated(sentinel, surface.note));
      if (!isCoordinated) await sentinel.control.call('SENTINEL', 'FAILOVER', SENTINEL_GROUP);
      const command = isCoordinated ? words : 'SENTINEL FAILOVER';
      const now = await until(
        async () => {
          const primary = await topology.primary();
          return primary !== old && primary;
        },
        { what: `another primary after ${command}`, withinMs },
      );
      return {
        text: `${command} on ${sentinel.name}: ${old?.name} → ${now.name}`,
        targets: [old?.name ?? '', now.name],
        proof: { proved: true, text: `most Sentinels name ${now.name}, before ${old?.name}` },
        heal: once(async () => ({ proved: true, text: 'a failover by hand needs no heal' })),
      };
    },
  };
}

/** False where the Sentinel does not know the word, and has done nothing. */
async function failOverCoordinated(sentinel: TopologyNode, note: (text: string) => void): Promise<boolean> {
  try {
    await sentinel.control.call('SENTINEL', 'FAILOVER', SENTINEL_GROUP, 'COORDINATED');
    return true;
  } catch (error) {
    if (!/wrong number of arguments|syntax error/i.test(messageOf(error))) throw error;
    note(`no SENTINEL FAILOVER … COORDINATED (${messageOf(error)}): a plain SENTINEL FAILOVER instead`);
    return false;
  }
}
