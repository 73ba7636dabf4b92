import { SLOT_COUNT } from '../common/key-slot.ts';
import type { SlotMember, SlotViews } from '../history/observations.ts';
import { slotRanges } from './slot-ranges.ts';

/** Neighbouring slots that were always owned together. */
export interface SlotSegment {
  /** The first slot, and the last one. */
  first: number;
  last: number;
}

/** The slots cut wherever any claim begins or ends. */
export function segmentsOf({ members }: SlotViews): SlotSegment[] {
  const cuts = new Set([0, SLOT_COUNT]);
  for (const { slots } of members)
    for (const [from, to] of slotRanges(slots)) {
      cuts.add(from);
      cuts.add(to + 1);
    }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((first, i) => ({ first, last: (sorted[i + 1] ?? SLOT_COUNT) - 1 }));
}

/** For each member the places of the segments that it owns. */
export function placesOfMembers(
  members: readonly SlotMember[],
  segments: readonly SlotSegment[],
): number[][] {
  const placeOf = new Map(segments.map(({ first }, place) => [first, place]));
  return members.map(({ slots }) =>
    slotRanges(slots).flatMap(([from, to]) => {
      const places: number[] = [];
      for (let place = placeOf.get(from) ?? 0; (segments[place]?.last ?? SLOT_COUNT) <= to; place++)
        places.push(place);
      return places;
    }),
  );
}
