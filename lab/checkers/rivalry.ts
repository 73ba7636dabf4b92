import type { Observations } from '../history/observations.ts';
import { slotOwnersOf } from './slot-owners.ts';

/** Whether a node that is a primary beside a promoted one is so for the same keys. */
export type Rivalry = (node: string, promoted: string) => boolean;

/**
 * Where there is one primary at a time, any other is a rival of the promoted one. In a cluster it is who owned slots that the promoted
 * node took over; the primaries of other shards are none.
 */
export function rivalry(seen: Observations): Rivalry {
  const owners = slotOwnersOf(seen);
  if (owners === null) return (node, promoted) => node !== promoted;
  const pairs = new Set(
    owners.courses.flatMap((course) => course.slice(1).map(({ node }, i) => `${course[i]?.node} ${node}`)),
  );
  return (node, promoted) => node !== promoted && pairs.has(`${node} ${promoted}`);
}
