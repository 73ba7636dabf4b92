import { isAlive } from '../topology/sentinel-view.ts';
import type { RunningTopology } from '../topology/topology.ts';
import { keysOf } from '../workload/keys-of.ts';
import type { SetWorkload } from '../workload/spec.ts';
import type { Load } from './02-warm-up.ts';

/**
 * How many acknowledged adds the node that is now the primary does not have, by counting: what will be lost if it
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
    const primary = await topology.primary();
    if (primary === null || !isAlive(primary)) return null;
    const counts = await Promise.all(
      sets.flatMap((set) => keysOf(set).keys.map((key) => primary.control.scard(key))),
    );
    return Math.max(0, acknowledged - counts.reduce((sum, count) => sum + count, 0));
  } catch {
    return null;
  }
}
