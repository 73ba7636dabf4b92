import { LabError } from '../common/errors.ts';
import { slotOf } from '../common/key-slot.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import { firstSystem } from '../topology/systems.ts';
import type { RunningTopology, TopologyNode } from '../topology/topology.ts';
import { keysOf } from '../workload/keys-of.ts';
import type { SetWorkload } from '../workload/spec.ts';
import type { Load } from './02-warm-up.ts';

/**
 * How many acknowledged adds the nodes that are now primaries of their keys do not have, by counting: what will be lost if it
 * stays so. Null where nobody can tell: no set is written, or there is no primary that answers. Counts of clients
 * are up to 100 ms old, so it errs towards too few; the checker judges by ids.
 */
export async function missingWrites(
  topology: RunningTopology,
  load: Load,
  sets: readonly SetWorkload[],
): Promise<number | null> {
  if (sets.length === 0) return null;
  const acknowledged = load.groups
    .filter(({ name }) => sets.some((workload) => workload.name === name))
    .reduce((sum, { tally }) => sum + tally.ok, 0);
  try {
    const primaryOf = await primariesOf(firstSystem(topology));
    // Whom to ask is known of all keys before anybody is asked.
    const asked = sets.flatMap((set) => keysOf(set).keys.map((key) => ({ key, node: primaryOf(key) })));
    const counts = await Promise.all(asked.map(({ key, node }) => node.control.scard(key)));
    return Math.max(0, acknowledged - counts.reduce((sum, count) => sum + count, 0));
  } catch {
    return null;
  }
}

/** Who has a key now; throws LabError where nobody that runs does. In a cluster each key's slot has an owner of its own. */
async function primariesOf({
  cluster,
  nodes,
  primary,
}: RunningTopology): Promise<(key: string) => TopologyNode> {
  const owners = await cluster?.slots();
  const only = owners === undefined ? await primary() : null;
  return (key) => {
    const owner = owners?.find(({ from, to }) => from <= slotOf(key) && slotOf(key) <= to)?.owner;
    const node = owners === undefined ? only : nodes.find(({ name }) => name === owner);
    if (node == null || !isAlive(node)) throw new LabError(`nobody has ${key} now`);
    return node;
  };
}
