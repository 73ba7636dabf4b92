import { SLOT_COUNT } from '../common/key-slot.ts';
import type { Observations, SlotMember, SlotView } from '../history/observations.ts';
import { type Promotion, promotionsOf } from './promotions.ts';
import { slotRanges } from './slot-ranges.ts';

/** From `from` on a node owned a slot by right: it claimed it with a higher config epoch than anybody before. */
export interface OwnerTurn {
  node: string;
  /** -Infinity for the first that was seen. */
  from: number;
  /** How it came to it: it was promoted, or the slot was moved to it. */
  by: 'first' | 'promotion' | 'move';
}

/** The owners by right of a cluster's slots over a run. */
export interface SlotOwners {
  /** Every course of ownership that some slots had, oldest turn first. */
  readonly courses: readonly (readonly OwnerTurn[])[];
  /** The place of a slot's course in that list. */
  courseOf(slot: number): number;
  ownerAt(slot: number, at: number): string | undefined;
}

/**
 * Who owned which slots by right, from what each node says of itself: a claim counts from the first view that has it
 * with a config epoch above that of the owner before, so that a deposed primary, whose epoch is lower, claims in vain.
 * A promotion has the time of its own event (see `promotionsOf`); a move may have happened since the new owner's view
 * before, and counts from then. Null without views.
 */
export function slotOwnersOf(seen: Observations): SlotOwners | null {
  const { slots } = seen;
  if (slots === undefined) return null;
  const promotions = promotionsOf(seen);
  const courses: OwnerTurn[][] = [[]];
  const courseOf = new Int32Array(SLOT_COUNT);
  const epochs = new Float64Array(SLOT_COUNT).fill(-1);
  const last = new Map<string, { at: number; claim: SlotMember }>();
  for (const view of slots.views) {
    const claim = claimOf(view, slots.members);
    const before = last.get(view.node);
    if (claim === undefined || before?.claim === claim) {
      if (claim !== undefined) last.set(view.node, { at: view.at, claim });
      continue;
    }
    last.set(view.node, { at: view.at, claim });
    if (claim.role === 'primary') take(claim, turnOf(view, before, promotions));
  }
  return {
    courses,
    courseOf: (slot) => courseOf[slot] ?? 0,
    ownerAt: (slot, at) => courses[courseOf[slot] ?? 0]?.findLast(({ from }) => from <= at)?.node,
  };

  function take({ node, slots: claimed, epoch }: SlotMember, turn: OwnerTurn) {
    const taken = new Map<number, number>();
    for (const [from, to] of slotRanges(claimed))
      for (let slot = from; slot <= to; slot++) {
        if (epoch <= (epochs[slot] ?? 0)) continue;
        epochs[slot] = epoch;
        const course = courseOf[slot] ?? 0;
        const owner = courses[course]?.at(-1)?.node;
        if (owner === node) continue;
        let next = taken.get(course);
        if (next === undefined) {
          const one: OwnerTurn =
            owner === undefined ? { ...turn, from: Number.NEGATIVE_INFINITY, by: 'first' } : turn;
          next = courses.push([...(courses[course] ?? []), one]) - 1;
          taken.set(course, next);
        }
        courseOf[slot] = next;
      }
  }
}

/** What a node says of itself. */
export function claimOf(view: SlotView, members: readonly SlotMember[]): SlotMember | undefined {
  return members[claimPlaceOf(view, members)];
}

/** Where that stands in the list of members; -1 where it says nothing. */
export function claimPlaceOf({ node, members: places }: SlotView, members: readonly SlotMember[]): number {
  return places.find((place) => members[place]?.node === node) ?? -1;
}

function turnOf(
  { node, at }: SlotView,
  before: { at: number; claim: SlotMember } | undefined,
  promotions: readonly Promotion[],
): OwnerTurn {
  const wasReplica = before?.claim.role === 'replica';
  const promoted = promotions.findLast((one) => one.node === node && one.at <= at);
  // Within a view's period a node may be promoted and begin to claim; the log's time is the better one.
  if (promoted !== undefined && (wasReplica || promoted.at > (before?.at ?? 0)))
    return { node, from: promoted.at, by: 'promotion' };
  if (wasReplica) return { node, from: at, by: 'promotion' };
  return { node, from: before?.at ?? at, by: 'move' };
}
