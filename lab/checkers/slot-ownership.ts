import type { Observations } from '../history/observations.ts';
import { type SlotBelief, slotBeliefsOf } from './slot-beliefs.ts';
import type { SlotSegment } from './slot-segments.ts';
import { slotShardsOf } from './slot-shards.ts';
import { type CoverageStep, type SlotTimeline, slotTimelineOf } from './slot-timeline.ts';

/** Slots about which the same was said all the time. */
export interface SlotGroup {
  /** `0-5460 5462`, and how many they are. */
  slots: string;
  count: number;
  /** Who owned them according to whom, by time and without holes. */
  beliefs: readonly SlotBelief[];
  /** When two running nodes served them at once. */
  doubles: readonly { from: number; to: number }[];
}

/** One shard's slots, by what `slotShardsOf` calls it. */
export interface ShardCoverage {
  shard: string;
  count: number;
  /** Share of its slots. */
  coverage: readonly CoverageStep[];
}

/** Who owned and who served which slots of a cluster, merged from its nodes' views, as the report shows it. */
export interface SlotOwnership {
  /** When all nodes had told their view for the first time; nothing before it is known. */
  from: number;
  /** Share of all slots that somebody served, each step until the next. */
  coverage: readonly CoverageStep[];
  /** By their first slot. */
  shards: readonly ShardCoverage[];
  /** By their first slot. */
  groups: readonly SlotGroup[];
}

/** Null without a cluster. What "served" means stands at `slotTimelineOf`. */
export function slotOwnershipOf(seen: Observations): SlotOwnership | null {
  const { slots, durationMs } = seen;
  const timeline = slotTimelineOf(seen);
  if (slots === undefined || timeline === null || slots.views.length === 0) return null;
  const from = beginOf(slots.views, seen.loadWindow.from);
  const { segments } = timeline;
  const beliefs = slotBeliefsOf(seen, slots, segments).map((each) => since(each, from));
  return {
    from,
    coverage: stepsSince(timeline.steps, from),
    shards: shardsOf(timeline, slotShardsOf(seen), from, durationMs),
    groups: groupsOf(segments, beliefs, doublesOf(timeline, from)),
  };
}

/** When all had told it, though not later than the load, which waits for nobody. */
function beginOf(views: readonly { at: number; node: string }[], loadFrom: number): number {
  const first = new Map(views.toReversed().map(({ node, at }) => [node, at]));
  const all = Math.max(...first.values());
  return loadFrom > 0 ? Math.min(all, loadFrom) : all;
}

function since<T extends { from: number; to: number }>(spans: readonly T[], from: number): T[] {
  return spans.filter(({ to }) => to > from).map((span) => (span.from < from ? { ...span, from } : span));
}

function stepsSince(steps: readonly CoverageStep[], from: number): CoverageStep[] {
  const later = steps.filter(({ at }) => at > from);
  const share = steps.findLast(({ at }) => at <= from)?.share ?? 0;
  return [{ at: from, share }, ...later];
}

function shardsOf(
  { segments, gaps }: SlotTimeline,
  shardOf: (slot: number) => string,
  from: number,
  to: number,
): ShardCoverage[] {
  const sizes = segments.map(({ first, last }) => last - first + 1);
  const names = segments.map(({ first }) => shardOf(first));
  return [...new Set(names)].map((shard) => {
    const own = since(gaps, from).filter(({ segment }) => names[segment] === shard);
    const count = sizes.reduce((sum, size, i) => (names[i] === shard ? sum + size : sum), 0);
    const changes = own.flatMap((gap) => [
      { at: gap.from, slots: -(sizes[gap.segment] ?? 0) },
      { at: gap.to, slots: sizes[gap.segment] ?? 0 },
    ]);
    return { shard, count, coverage: stepsOf(count, changes, from, to) };
  });
}

function stepsOf(
  count: number,
  changes: readonly { at: number; slots: number }[],
  from: number,
  to: number,
): CoverageStep[] {
  let served = count;
  const steps: CoverageStep[] = [{ at: from, share: 1 }];
  for (const { at, slots } of changes.toSorted((a, b) => a.at - b.at)) {
    served += slots;
    if (at >= to) break;
    if (steps.at(-1)?.at === at) steps.pop();
    if (steps.at(-1)?.share !== served / count) steps.push({ at, share: served / count });
  }
  return steps;
}

function doublesOf({ segments, doubles }: SlotTimeline, from: number): { from: number; to: number }[][] {
  const bySegment = Map.groupBy(since(doubles, from), ({ segment }) => segment);
  return segments.map((_, i) => (bySegment.get(i) ?? []).map((one) => ({ from: one.from, to: one.to })));
}

function groupsOf(
  segments: readonly SlotSegment[],
  beliefs: readonly (readonly SlotBelief[])[],
  doubles: readonly SlotGroup['doubles'][],
): SlotGroup[] {
  const alike = Map.groupBy(segments.keys(), (i) => JSON.stringify([beliefs[i], doubles[i]]));
  return [...alike.values()].map((places): SlotGroup => {
    const [first = 0] = places;
    const parts = places.flatMap((i) => segments[i] ?? []);
    return {
      slots: rangesText(parts),
      count: parts.reduce((sum, one) => sum + one.last - one.first + 1, 0),
      beliefs: beliefs[first] ?? [],
      doubles: doubles[first] ?? [],
    };
  });
}

/** Ascending segments as ranges; those that touch are one. */
function rangesText(segments: readonly SlotSegment[]): string {
  const ranges: SlotSegment[] = [];
  for (const { first, last } of segments) {
    const before = ranges.at(-1);
    if (before !== undefined && before.last + 1 === first) before.last = last;
    else ranges.push({ first, last });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
}
