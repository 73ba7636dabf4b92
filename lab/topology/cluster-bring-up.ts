import { monotonicMs } from '../common/clock.ts';
import { real } from '../common/lab-speed.ts';
import { until } from '../common/until.ts';
import { placeholderId } from './cluster-birth.ts';
import type { PlannedShard } from './cluster-plan.ts';
import type { ClusterOpinion, ClusterView } from './cluster-view.ts';
import { QUICK_SYNC, withSettings } from './data-nodes.ts';
import { infoOf } from './info.ts';
import type { RedisNode } from './redis-node.ts';

/** A handshake is given up after the node timeout, so that is long while nodes meet. */
const MEETING_TIMEOUT_MS = 5000;
/** Until a cluster is ready nobody is promoted. */
const DISCOVERY = {
  ...QUICK_SYNC,
  'cluster-replica-no-failover': 'yes',
  'cluster-node-timeout': String(MEETING_TIMEOUT_MS),
} as const;
const WITHIN_MS = real(30_000);

/** A shard with its nodes. */
export interface Shard {
  planned: PlannedShard;
  primary: RedisNode;
}

/**
 * Starts all nodes side by side, each a replica of a placeholder (cluster-birth.ts); lets them meet; has the primaries
 * take over from the placeholders; and has the placeholders forgotten. Returns what has to be done when it is ready.
 */
export async function bringUp(
  nodes: readonly RedisNode[],
  shards: readonly Shard[],
  prefix: string,
  view: ClusterView,
): Promise<() => Promise<void>> {
  const restores = await Promise.all(
    nodes.map(async (node) => {
      await node.start('kept');
      await node.accepting(10_000);
      return withSettings(node, DISCOVERY);
    }),
  );
  await meet(nodes, view);
  await gossipOften(nodes);
  await Promise.all(shards.map(({ primary }, epoch) => takeOver(primary, epoch)));
  const placeholders = shards.map(({ planned }) => placeholderId(prefix, planned));
  await Promise.all(
    nodes.map((node) => {
      const { name } = node;
      const own = shards.find(({ planned }) => planned.replicas.includes(name.slice(prefix.length)));
      return until(() => forget(node, placeholders, own?.primary.name, view), {
        what: `${name} to know who owns the slots`,
        withinMs: WITHIN_MS,
        everyMs: 5,
      });
    }),
  );
  return async () => void (await Promise.all(restores.map((restore) => restore())));
}

/** Both ways, so that neither has to wait for the other's answer, and again where a handshake was given up. */
async function meet(nodes: readonly RedisNode[], view: ClusterView): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      let metAt = -Infinity;
      await until(
        async () => {
          const left = strangersOf(await view.opinion(node), nodes);
          if (left.length === 0) return true;
          if (monotonicMs() - metAt < MEETING_TIMEOUT_MS) return false;
          metAt = monotonicMs();
          await Promise.all(
            left.map(({ announced }) => node.control.call('CLUSTER', 'MEET', ...announced.split(':'))),
          );
          return false;
        },
        { what: `${node.name} to meet the other nodes`, withinMs: WITHIN_MS, everyMs: 10 },
      );
    }),
  );
}

/**
 * A node pings each other one of which it has heard nothing for half of the node timeout, and that is how they learn
 * who replicates whom. The more nodes, the more pings.
 */
async function gossipOften(nodes: readonly RedisNode[]): Promise<void> {
  const timeoutMs = Math.max(600, 50 * nodes.length);
  await Promise.all(nodes.map(({ control }) => control.config('SET', 'cluster-node-timeout', timeoutMs)));
}

/** Those to whom it has no connection after a handshake. */
function strangersOf(opinion: ClusterOpinion, nodes: readonly RedisNode[]): readonly RedisNode[] {
  const known = new Set(
    opinion.entries.flatMap(({ name, linked, flags }) =>
      linked && !flags.includes('handshake') ? [name] : [],
    ),
  );
  return nodes.filter((node) => !known.has(node.name));
}

/** Without a vote, so each waits until it has heard of the epoch that the one before has taken, and takes the next. */
async function takeOver({ name, control }: RedisNode, epoch: number): Promise<void> {
  await until(
    async () => {
      const info = infoOf(String(await control.call('CLUSTER', 'INFO')));
      return Number(info.cluster_current_epoch) >= epoch;
    },
    { what: `${name} to hear of epoch ${epoch}`, withinMs: WITHIN_MS, everyMs: 2 },
  );
  await control.call('CLUSTER', 'FAILOVER', 'TAKEOVER');
}

/**
 * Has a node forget the placeholders when they have nothing left, as it has it, and it replicates none of them. False as
 * long as that is not so. A replica may go back to its placeholder: two connections lead to it from a primary, and a message
 * from before the takeover that comes after one from behind it says that the primary is a replica again ("I'm a
 * sub-replica", cluster.c). Nobody can take over anything from the placeholder then any more, so the replica is told.
 */
export async function forget(
  node: RedisNode,
  placeholders: readonly string[],
  primary: string | undefined,
  view: Pick<ClusterView, 'opinion'>,
): Promise<boolean> {
  const { self, entries } = await view.opinion(node);
  const known = entries.filter(({ id }) => placeholders.includes(id));
  if (known.some(({ slots }) => slots.length > 0)) return false;
  if (self.slots.length > 0 || self.primary !== null) {
    await Promise.all(known.map(({ id }) => node.control.call('CLUSTER', 'FORGET', id)));
    return true;
  }
  const own = entries.find(({ name }) => name === primary);
  if (own !== undefined && own.slots.length > 0) await node.control.call('CLUSTER', 'REPLICATE', own.id);
  return false;
}
