import { SLOT_COUNT, slotOf } from '../common/key-slot.ts';
import type { Observations } from '../history/observations.ts';
import type { History } from '../history/operation.ts';
import type { Checker, CheckResult, Finding } from './checker.ts';
import { readOptions } from './options.ts';
import { isRedisOperation } from './redis-operations.ts';
import { slotShardsOf } from './slot-shards.ts';
import { type SlotTimeline, slotTimelineOf } from './slot-timeline.ts';

/**
 * Which of a cluster's slots somebody served when, as its nodes saw it (`slotTimelineOf`), and how long clients had to do
 * without each shard (`slotShardsOf`).
 *
 * Options: `name`; `maxUncoveredMs`: no slot is without service for longer at a time; `minCoveredShare`: of all slots over
 * the time of the load; `minAvailableShare`: for the clients of each shard; `maxTwoOwnersMs`: no slot is served by
 * two nodes at once for longer; `group`: only these clients; `gapMs` (default 250): a shorter time without a success is no outage.
 *
 * Figures, within the load: `coveredShare`, `lowestCoveredShare` (at any moment), `fullCoverageShare` (of the time),
 * `longestUncoveredMs` and `longestUncoveredMsByShard`, `longestTwoOwnersMs`; of operations on keys of a shard, of all clients
 * together: `availableShareByShard`, `longestOutageMsByShard`, `okByShard`; `shards`.
 */
export function slotCoverage(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    maxUncoveredMs: 'number',
    minCoveredShare: 'number',
    minAvailableShare: 'number',
    maxTwoOwnersMs: 'number',
    group: 'text',
    gapMs: 'number',
  } as const;
  const read = readOptions('slot-coverage', options, schema);
  const { name = 'slot-coverage', group, gapMs = 250 } = read;
  const { maxUncoveredMs, minCoveredShare, minAvailableShare, maxTwoOwnersMs } = read;
  const asserted = [
    ...(maxUncoveredMs === undefined ? [] : [`no slot without service for more than ${maxUncoveredMs} ms`]),
    ...(minCoveredShare === undefined ? [] : [`at least ${minCoveredShare} of the slots served`]),
    ...(minAvailableShare === undefined ? [] : [`each shard available at least ${minAvailableShare}`]),
    ...(maxTwoOwnersMs === undefined ? [] : [`no slot with two owners for more than ${maxTwoOwnersMs} ms`]),
  ];
  return {
    name,
    verifies: `Which slots somebody served: its owner by the highest config epoch ran and took its cluster for sound, and a majority of the owners saw it so and none of them as failing; and for each shard how long its keys could be used. Asserted: ${asserted.join(', ') || 'nothing, it measures'}.`,
    doesNotVerify: `What a node did between two answers to the probe. A client that cannot reach an owner which the majority reaches. An owner that is cut off counts as serving until the majority suspects it. Reads that a node allows while its cluster is down. Outages of at most ${gapMs} ms, and of shards on whose keys nobody tried anything.`,
    check: ({ history, seen }): CheckResult => {
      const timeline = slotTimelineOf(seen);
      const { from, to } = seen.loadWindow;
      if (timeline === null || !(from < to))
        return {
          verdict: 'unknown',
          summary: 'nobody was asked who owns which slots',
          figures: {},
          findings: [],
        };
      const shardOf = slotShardsOf(seen);
      const shards = timeline.segments.map(({ first }) => shardOf(first));
      const coverage = coverageOf(timeline, shards, from, to);
      const use = useOf(history, seen, shardOf, group, gapMs);
      const lowestAvailable = Math.min(1, ...Object.values(use.availableShareByShard));
      const broken =
        (maxUncoveredMs !== undefined && coverage.longestUncoveredMs > maxUncoveredMs) ||
        (minCoveredShare !== undefined && coverage.coveredShare < minCoveredShare) ||
        (minAvailableShare !== undefined && lowestAvailable < minAvailableShare) ||
        (maxTwoOwnersMs !== undefined && coverage.longestTwoOwnersMs > maxTwoOwnersMs);
      const { findings, ...figures } = coverage;
      const isUndecided = !broken && minAvailableShare !== undefined && use.shards === 0;
      return {
        verdict: broken ? 'invalid' : isUndecided ? 'unknown' : 'valid',
        summary: `${percentText(figures.coveredShare)} of the slots were served, at the least ${percentText(figures.lowestCoveredShare)}; the longest time without was ${Math.round(figures.longestUncoveredMs)} ms${use.shards === 0 ? '' : `; the shards' clients could work ${percentText(lowestAvailable)} of the time or more`}`,
        figures: { ...figures, ...use },
        findings,
      };
    },
  };
}

function coverageOf(timeline: SlotTimeline, shardOf: readonly string[], from: number, to: number) {
  let covered = 0;
  let fullMs = 0;
  let lowest = 1;
  for (const [i, { at, share }] of timeline.steps.entries()) {
    const ms = Math.min(to, timeline.steps[i + 1]?.at ?? to) - Math.max(from, at);
    if (ms <= 0) continue;
    covered += share * ms;
    lowest = Math.min(lowest, share);
    if (share === 1) fullMs += ms;
  }
  const longest: Record<string, number> = Object.fromEntries(
    [...new Set(shardOf)].sort().map((one) => [one, 0]),
  );
  const gaps = clipped(timeline.gaps, from, to);
  for (const { segment, ms } of gaps) {
    const shard = shardOf[segment] ?? 'none';
    longest[shard] = Math.max(longest[shard] ?? 0, rounded(ms));
  }
  const doubles = clipped(timeline.doubles, from, to);
  return {
    coveredShare: sixDigits(covered / (to - from)),
    lowestCoveredShare: sixDigits(lowest),
    fullCoverageShare: sixDigits(fullMs / (to - from)),
    longestUncoveredMs: Math.max(0, ...Object.values(longest)),
    longestUncoveredMsByShard: longest,
    longestTwoOwnersMs: doubles.reduce((most, { ms }) => Math.max(most, rounded(ms)), 0),
    findings: [
      ...findingsOf('uncovered', gaps, timeline, shardOf, 'nobody served them'),
      ...findingsOf('two-owners', doubles, timeline, shardOf, 'two nodes served them at once'),
    ].sort((a, b) => a.at - b.at),
  };
}

interface Span {
  segment: number;
  from: number;
  to: number;
  ms: number;
}

function clipped(spans: SlotTimeline['gaps'], from: number, to: number): Span[] {
  return spans
    .map((span) => ({ segment: span.segment, from: Math.max(from, span.from), to: Math.min(to, span.to) }))
    .map((span) => ({ ...span, ms: span.to - span.from }))
    .filter(({ ms }) => ms > 0);
}

/** One for all segments of a shard that were without at the same time. */
function findingsOf(
  kind: string,
  spans: readonly Span[],
  { segments }: SlotTimeline,
  shardOf: readonly string[],
  what: string,
): Finding[] {
  const together = new Map<string, Span & { shard: string; slots: number }>();
  for (const span of spans) {
    const shard = shardOf[span.segment] ?? 'none';
    const { first = 0, last = 0 } = segments[span.segment] ?? {};
    const id = `${shard} ${span.from} ${span.to}`;
    const one = together.get(id) ?? { ...span, shard, slots: 0 };
    one.slots += last - first + 1;
    together.set(id, one);
  }
  return [...together.values()].map(({ shard, slots, from, to, ms }) => {
    const text = `${slots} of ${SLOT_COUNT} slots (${shard}): ${what} for ${Math.round(ms)} ms`;
    return { at: from, to, kind, text, node: shard };
  });
}

function useOf(
  history: History,
  seen: Observations,
  shardOf: (slot: number) => string,
  group: string | undefined,
  gapMs: number,
) {
  const { from, to } = seen.loadWindow;
  const members = new Set(
    history.clients.filter((one) => group === undefined || one.group === group).map(({ name }) => name),
  );
  const shardOfKey = new Map<string, string>();
  const successes = new Map<string, number[]>();
  for (const operation of history.operations) {
    const { client, key, invoked, completed, outcome } = operation;
    if (!isRedisOperation(operation) || !members.has(client) || completed < from || invoked > to) continue;
    let shard = shardOfKey.get(key);
    if (shard === undefined) {
      shard = shardOf(slotOf(key));
      shardOfKey.set(key, shard);
    }
    const times = successes.get(shard) ?? [];
    successes.set(shard, times);
    if (outcome === 'ok' && completed <= to) times.push(completed);
  }
  const shards = [...successes].sort(([a], [b]) => (a < b ? -1 : 1));
  const each = (figure: (times: readonly number[]) => number): Record<string, number> =>
    Object.fromEntries(shards.map(([shard, times]) => [shard, figure(times)]));
  for (const [, times] of shards) times.sort((a, b) => a - b);
  return {
    availableShareByShard: each((times) => sixDigits(1 - outages(times, from, to, gapMs).sum / (to - from))),
    longestOutageMsByShard: each((times) => rounded(outages(times, from, to, gapMs).longest)),
    okByShard: each((times) => times.length),
    shards: shards.length,
  };
}

function outages(times: readonly number[], from: number, to: number, gapMs: number) {
  let last = from;
  let [sum, longest] = [0, 0];
  for (const time of [...times, to]) {
    const ms = time - last;
    if (ms > gapMs) {
      sum += ms;
      longest = Math.max(longest, ms);
    }
    last = time;
  }
  return { sum, longest };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function sixDigits(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}

/** With one digit behind the point; what is not all is never 100 %. */
function percentText(share: number): string {
  return share === 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
