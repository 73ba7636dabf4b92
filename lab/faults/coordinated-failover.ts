import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { infoOf } from '../topology/info.ts';
import { SENTINEL_GROUP } from '../topology/sentinel-options.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { RunningTopology, TopologyNode } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './processes.ts';
import type { FailoverOptions } from './sentinel-failover.ts';
import { serversOf, systemOf } from './target.ts';

/**
 * A coordinated failover, `FAILOVER` on the primary (Redis ≥ 6.2): it stops writes, waits until a replica has
 * everything, and hands over; nothing is lost. https://redis.io/docs/latest/commands/failover/
 *
 * Sentinel does not follow by itself: it takes the old primary, which now says that it is a replica, for broken
 * (`+sdown` after down-after + 2 INFO periods) and fails over again, as tried with Redis 7.0.15 to the third node,
 * which throws away what the heir has accepted meanwhile (redis/redis#13118). So this does what a careful operator
 * does: right after the hand-over the other replicas are pointed to the heir (they would stay behind the old primary,
 * where no Sentinel finds them), every Sentinel forgets the group, and only when all have, they monitor the heir
 * with the settings they were configured with (one that still knew the old primary under a higher epoch would
 * turn the others back), and then the old primary's clients are disconnected, as Sentinel does, for
 * FAILOVER leaves them where they are. There is no `+switch-master`, and until the Sentinels have met again
 * (two hello periods) there is no quorum.
 */
export function coordinatedFailover({
  system,
  timeoutMs = 5000,
}: FailoverOptions & { timeoutMs?: number } = {}): Fault {
  const of = system === undefined ? '' : ` ${system}`;
  return {
    name: 'coordinated-failover',
    text: `fail over${of} in a coordinated way (FAILOVER)`,
    only: { kinds: ['sentinel', 'standalone'], of: system },
    async inject(surface) {
      const topology = systemOf(system, surface.topology);
      const ofSystem = { ...surface, topology };
      const [old] = await serversOf('primary', ofSystem);
      const [heir] = await serversOf('a replica', ofSystem);
      if (!old || !heir) throw new RangeError('a failover needs a primary and a replica');
      const [host = '', port = ''] = heir.announced.split(':');
      await old.control.call('FAILOVER', 'TO', host, port, 'TIMEOUT', String(timeoutMs));
      const text = `FAILOVER: ${old.name} → ${heir.name}`;
      const targets = [old.name, heir.name];
      const heal = once(async () => ({ proved: true, text: 'a failover by hand needs no heal' }));
      try {
        await handedOver(old, heir, 2 * timeoutMs);
        await pointReplicasTo(heir, old, topology);
        const told = await pointSentinelsTo(heir, topology);
        for (const type of ['normal', 'pubsub']) await old.control.call('CLIENT', 'KILL', 'TYPE', type);
        const proof = `${heir.name} is primary and ${old.name} its replica; ${told} monitor ${heir.name}`;
        return { text, targets, heal, proof: { proved: true, text: proof } };
      } catch (error) {
        return { text, targets, heal, proof: { proved: false, text: messageOf(error) } };
      }
    },
  };
}

async function handedOver(old: TopologyNode, heir: TopologyNode, withinMs: number): Promise<void> {
  await until(
    async () => {
      const [a, b] = await Promise.all(
        [old, heir].map(async (node) => infoOf(await node.control.info('replication'))),
      );
      return a?.role === 'slave' && b?.role === 'master';
    },
    { what: `${old.name} to hand over to ${heir.name}`, withinMs },
  );
}

async function pointReplicasTo(
  heir: TopologyNode,
  old: TopologyNode,
  topology: RunningTopology,
): Promise<void> {
  const [host = '', port = ''] = heir.announced.split(':');
  const others = topology.nodes.filter(
    (node) => node.kind === 'redis' && node !== heir && node !== old && isAlive(node),
  );
  await Promise.all(others.map(({ control }) => control.replicaof(host, port)));
}

/** Makes all running Sentinels monitor another primary, with the settings of their configuration. Returns their names. */
async function pointSentinelsTo(heir: TopologyNode, topology: RunningTopology): Promise<string> {
  const [host = '', port = ''] = heir.announced.split(':');
  const sentinels = topology.nodes.filter((node) => node.kind === 'sentinel' && isAlive(node));
  await Promise.all(sentinels.map(({ control }) => control.call('SENTINEL', 'REMOVE', SENTINEL_GROUP)));
  await Promise.all(
    sentinels.map(async ({ control, configuration }) => {
      const { quorum, settings } = settingsOf(configuration);
      await control.call('SENTINEL', 'MONITOR', SENTINEL_GROUP, host, port, quorum);
      for (const setting of settings) await control.call('SENTINEL', 'SET', SENTINEL_GROUP, ...setting);
    }),
  );
  return namesOf(sentinels);
}

/** What a sentinel.conf says of the group. */
function settingsOf(configuration: string): { quorum: string; settings: string[][] } {
  const lines = configuration.split('\n').map((line) => line.trim().split(/\s+/));
  const own = lines.filter(([first, , group]) => first === 'sentinel' && group === SENTINEL_GROUP);
  const monitor = own.find(([, name]) => name === 'monitor');
  return {
    quorum: monitor?.at(-1) ?? '1',
    settings: own.filter((line) => line !== monitor).map(([, name = '', , ...values]) => [name, ...values]),
  };
}
