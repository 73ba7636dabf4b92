import { monotonicMs, sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { clusterNodesOf as readNodes } from '../topology/cluster-nodes.ts';
import { infoOf } from '../topology/info.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { clusterIn } from './cluster-target.ts';
import { type Fault, HEAL_PROOF_MS, type Proof } from './fault.ts';
import { namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

/**
 * Has the other running nodes of a cluster forget nodes (`CLUSTER FORGET`), which themselves go on as before. A
 * replica refuses to forget its primary and stands in `refusedBy`. The heal has them met again (`CLUSTER MEET`); from
 * Redis 7.2 and in Valkey that takes a minute, for which nodes tell each other whom they have been told to forget.
 */
export function forget(target: Targets): Fault {
  return {
    name: 'forget',
    text: `have ${inWords(target)} forgotten by the other nodes (CLUSTER FORGET)`,
    aims: [target],
    only: { kinds: ['cluster'] },
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const others = clusterIn(surface.topology).nodes.filter((one) => isAlive(one) && !nodes.includes(one));
      const refusals = new Map<TopologyNode, string>();
      for (const node of nodes) {
        const id = String(await node.control.call('CLUSTER', 'MYID'));
        await Promise.all(
          others.map(async (other) => {
            await other.control
              .call('CLUSTER', 'FORGET', id)
              .catch((error: unknown) => refusals.set(other, messageOf(error)));
          }),
        );
      }
      const toldAtMs = monotonicMs();
      const told = others.filter((other) => !refusals.has(other));
      const refused = [...refusals].map(([other, why]) => `; ${other.name}: ${why}`).join('');
      const known = await Promise.all(told.map((other) => knows(other, nodes)));
      return {
        text: `CLUSTER FORGET of ${namesOf(nodes)} on ${namesOf(others)}`,
        targets: nodes.map(({ name }) => name),
        refusedBy: [...refusals.keys()].map(({ name }) => name),
        proof: {
          proved: told.length > 0 && known.every((some) => !some.any),
          text: `unknown to ${namesOf(told)}${refused}`,
        },
        heal: once(async () => {
          // Whoever meets them earlier forgets them again with the next gossip.
          if (await tellsOthers(nodes)) await sleep(Math.max(0, toldAtMs + FORGOTTEN_MS - monotonicMs()));
          return metAgain(nodes, others);
        }),
      };
    },
  };
}

/** How long a node keeps a forgotten one out (cluster.c, CLUSTER_BLACKLIST_TTL), and a little. */
const FORGOTTEN_MS = 62_000;

/** Whether these are servers whose gossip tells whom to forget, for as long as they keep them out: from 7.2 on. */
async function tellsOthers([node]: readonly TopologyNode[]): Promise<boolean> {
  // Valkey says here which Redis it is compatible with.
  const version = infoOf((await node?.control.info('server')) ?? '').redis_version ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 7 || (major === 7 && minor >= 2);
}

async function metAgain(nodes: readonly TopologyNode[], others: readonly TopologyNode[]): Promise<Proof> {
  try {
    await Promise.all(
      others.map(async (other) => {
        if ((await knows(other, nodes)).all) return;
        for (const { announced } of nodes)
          await other.control.call('CLUSTER', 'MEET', ...announced.split(':'));
        await until(async () => (await knows(other, nodes)).all, {
          what: `${other.name} to know ${namesOf(nodes)} again`,
          withinMs: HEAL_PROOF_MS,
        });
      }),
    );
    return { proved: true, text: `${namesOf(nodes)} known to ${namesOf(others)} again` };
  } catch (error) {
    return { proved: false, text: messageOf(error) };
  }
}

/** Whether it knows one of these by more than an address that it has been told, and whether it knows all. */
async function knows(
  { control }: TopologyNode,
  nodes: readonly TopologyNode[],
): Promise<{ any: boolean; all: boolean }> {
  const lines = readNodes(String(await control.call('CLUSTER', 'NODES')));
  const known = new Set(
    lines.filter(({ flags }) => !flags.includes('handshake')).map(({ ip, port }) => `${ip}:${port}`),
  );
  const found = nodes.map(({ announced }) => known.has(announced));
  return { any: found.some(Boolean), all: found.every(Boolean) };
}
