import { SLOT_COUNT } from '../common/key-slot.ts';
import type { Observations, SlotMember, SlotView } from '../history/observations.ts';
import { slotMomentsOf } from './slot-moments.ts';
import { claimPlaceOf } from './slot-owners.ts';
import { placesOfMembers, type SlotSegment, segmentsOf } from './slot-segments.ts';

/** How much of the slots was served from `at` on. */
export interface CoverageStep {
  at: number;
  /** Share of the 16384 slots. */
  share: number;
}

export interface SlotTimeline {
  segments: readonly SlotSegment[];
  /** Ascending, each from its time until the next. */
  steps: readonly CoverageStep[];
  /** Times without service: which segment (its place in the list), from when to when; the run's end where it never ended. */
  gaps: readonly { segment: number; from: number; to: number }[];
  /** Times in which more than one running node took itself for the owner of a segment and served it. */
  doubles: readonly { segment: number; from: number; to: number }[];
}

/**
 * Which slots somebody served when, by what the nodes said. A slot is served while its owner by right (who claims it with
 * the highest config epoch) runs and says `cluster_state:ok`, and a majority of all owners by right runs, holds that node for the
 * slot's owner, and has it flagged neither `pfail` nor `fail`. Null without views.
 */
export function slotTimelineOf(seen: Observations): SlotTimeline | null {
  const { slots, durationMs } = seen;
  if (slots === undefined) return null;
  const segments = segmentsOf(slots);
  const placesOf = placesOfMembers(slots.members, segments);
  const weights = segments.map(({ first, last }) => last - first + 1);
  const steps: CoverageStep[] = [];
  const gaps = spanRecorder(segments.length);
  const doubles = spanRecorder(segments.length);
  for (const { at, views, away } of slotMomentsOf(seen, slots)) {
    const { served, claims } = serviceOf(slots.members, placesOf, views, away, segments.length);
    let covered = 0;
    for (let segment = 0; segment < segments.length; segment++) {
      const isServed = served[segment] === 1;
      if (isServed) covered += weights[segment] ?? 0;
      gaps.set(segment, !isServed, at);
      doubles.set(segment, (claims[segment] ?? 0) > 1, at);
    }
    const share = covered / SLOT_COUNT;
    if (steps.at(-1)?.share !== share) steps.push({ at, share });
  }
  return { segments, steps, gaps: gaps.close(durationMs), doubles: doubles.close(durationMs) };
}

function serviceOf(
  members: readonly SlotMember[],
  placesOf: readonly (readonly number[])[],
  views: ReadonlyMap<string, SlotView>,
  away: ReadonlySet<string>,
  count: number,
): { served: Uint8Array; claims: Uint8Array } {
  const owner: (string | undefined)[] = new Array(count);
  const epochs = new Float64Array(count).fill(-1);
  const claims = new Uint8Array(count);
  for (const [node, view] of views) {
    const index = claimPlaceOf(view, members);
    const claim = members[index];
    if (claim === undefined || claim.role !== 'primary') continue;
    for (const place of placesOf[index] ?? []) {
      if (!away.has(node) && view.state === 'ok') claims[place] = (claims[place] ?? 0) + 1;
      if (claim.epoch <= (epochs[place] ?? 0)) continue;
      epochs[place] = claim.epoch;
      owner[place] = node;
    }
  }
  const voters = new Set(owner);
  voters.delete(undefined);
  const votes = new Uint16Array(count);
  for (const voter of voters) {
    const view = voter === undefined || away.has(voter) ? undefined : views.get(voter);
    for (const index of view?.members ?? []) {
      const member = members[index];
      if (member === undefined || /\bp?fail\b/.test(member.flags)) continue;
      for (const place of placesOf[index] ?? [])
        if (owner[place] === member.node) votes[place] = (votes[place] ?? 0) + 1;
    }
  }
  const served = new Uint8Array(count);
  for (let place = 0; place < count; place++) {
    const node = owner[place];
    const runs = node !== undefined && !away.has(node) && views.get(node)?.state === 'ok';
    served[place] = runs && (votes[place] ?? 0) * 2 > voters.size ? 1 : 0;
  }
  return { served, claims };
}

function spanRecorder(count: number) {
  const since = new Float64Array(count).fill(Number.NaN);
  const spans: { segment: number; from: number; to: number }[] = [];
  const end = (segment: number, to: number) => {
    const from = since[segment] ?? Number.NaN;
    if (to > from) spans.push({ segment, from, to });
    since[segment] = Number.NaN;
  };
  return {
    set(segment: number, holds: boolean, at: number) {
      const isOpen = !Number.isNaN(since[segment]);
      if (holds && !isOpen) since[segment] = at;
      if (!holds && isOpen) end(segment, at);
    },
    close(to: number) {
      for (let segment = 0; segment < count; segment++) end(segment, to);
      return spans;
    },
  };
}
