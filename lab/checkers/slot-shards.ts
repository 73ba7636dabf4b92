import type { Observations } from '../history/observations.ts';
import { slotOwnersOf } from './slot-owners.ts';

/** The shard of each slot: the name of the node that owned it when the load began; `none` where nobody did. */
export function slotShardsOf(seen: Observations): (slot: number) => string {
  const owners = slotOwnersOf(seen);
  const { from } = seen.loadWindow;
  const names = new Map<number, string>();
  return (slot) => {
    const course = owners?.courseOf(slot) ?? 0;
    let shard = names.get(course);
    if (shard === undefined) {
      shard = owners?.ownerAt(slot, from) ?? 'none';
      names.set(course, shard);
    }
    return shard;
  };
}
