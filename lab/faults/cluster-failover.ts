import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { clusterNodesOf } from '../topology/cluster-nodes.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault, Proof } from './fault.ts';
import { namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

/**
 * How a replica of a cluster takes over. `plain`: the primary stops writes until the replica has everything, then it
 * is elected; nothing is lost. `force`: without asking the primary, but elected by the others. `takeover`: without
 * anybody, under an epoch of its own. https://redis.io/docs/latest/commands/cluster-failover/
 */
export type ClusterFailoverForm = 'plain' | 'force' | 'takeover';

/** `CLUSTER FAILOVER` on replicas of a cluster. Default: on one of them. A replica that is refused proves nothing. */
export function clusterFailover(
  target: Targets = 'a replica',
  { form = 'plain', withinMs = 10_000 }: { form?: ClusterFailoverForm; withinMs?: number } = {},
): Fault {
  const command = ['FAILOVER', ...(form === 'plain' ? [] : [form.toUpperCase()])];
  const shown = ['CLUSTER', ...command].join(' ');
  return {
    name: 'cluster-failover',
    text: `failover to ${inWords(target)} by hand (${shown})`,
    aims: [target],
    only: { kinds: ['cluster'] },
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const proofs = await Promise.all(nodes.map((node) => takenOver(node, command, withinMs)));
      return {
        text: `${shown} on ${namesOf(nodes)}`,
        targets: namesOf(nodes).split(', '),
        proof: {
          proved: proofs.every(({ proved }) => proved),
          text: proofs.map(({ text }) => text).join(', '),
        },
        heal: once(async () => ({ proved: true, text: 'a failover by hand needs no heal' })),
      };
    },
  };
}

async function takenOver(node: TopologyNode, command: readonly string[], withinMs: number): Promise<Proof> {
  try {
    await node.control.call('CLUSTER', ...command);
    const self = await until(
      async () => {
        const lines = clusterNodesOf(String(await node.control.call('CLUSTER', 'NODES')));
        return lines.find(({ flags, slots }) => flags.includes('myself') && slots.length > 0);
      },
      { what: `${node.name} to own slots`, withinMs },
    );
    return { proved: true, text: `${node.name} owns slots under epoch ${self.configEpoch}` };
  } catch (error) {
    return { proved: false, text: `${node.name}: ${messageOf(error)}` };
  }
}
