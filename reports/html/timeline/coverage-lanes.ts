import type { SlotOwnership } from '../../../lab/run/record.ts';
import { html, type Markup } from '../markup.ts';
import { servedText } from '../slots/slot-words.ts';
import { count, number, seconds } from '../units.ts';
import { bar, chart, type Frame, lane, laneNote } from './lane.ts';

type Steps = SlotOwnership['coverage'];

/** Shards with a lane of their own: those that were without service for longest. The table has them all. */
const drawn = 8;

/** A lane for all slots, and one for each shard whose slots were not always served, where shards differ. */
export function coverageLanes(frame: Frame, { coverage, shards, from }: SlotOwnership): Markup[] {
  const { durationMs } = frame.axis;
  const lowest = Math.min(...coverage.map(({ share }) => share));
  const told = lowest === 1 ? 'all of them all the time' : `${servedText(lowest)} at the least`;
  const y = (share: number) => Math.round((1 - share) * 1000) / 10;
  const steps = spansOf(coverage, durationMs).map((span) => `V${y(span.share)}H${span.to}`);
  const all = lane(frame, {
    label: 'slots served',
    note: `share of the 16 384, ${told}`,
    describe: `Slots served: ${told}`,
    heightPx: 40,
    charts: [chart(frame.axis, html`<path class="served" d="M${from} 100${steps.join('')}V100Z"/>`)],
    content: spansOf(coverage, durationMs)
      .filter(({ share }) => share < 1)
      .map(
        (span) =>
          html`<rect class="unserved" ${frame.axis.span(span.from, span.to)} height="${y(span.share)}%"/>`,
      ),
  });
  const differ = new Set(shards.map((shard) => JSON.stringify(shard.coverage))).size > 1;
  const lacking = shards
    .map((shard) => ({ ...shard, ...missingOf(shard.coverage, durationMs) }))
    .filter(({ missingMs }) => differ && missingMs > 0);
  const worst = lacking.toSorted((a, b) => b.missingMs - a.missingMs).slice(0, drawn);
  const rest = lacking.length - worst.length;
  return [
    all,
    ...lacking.filter((one) => worst.includes(one)).map((one) => shardLane(frame, one)),
    ...(rest > 0
      ? [laneNote(`${count(rest, 'more shards')} lacked service for less time: see the table`)]
      : []),
  ];
}

function shardLane(frame: Frame, { shard, count: slots, coverage }: SlotOwnership['shards'][number]): Markup {
  const spans = spansOf(coverage, frame.axis.durationMs);
  const texts = spans.filter(({ share }) => share < 1).map(spanText);
  return lane(frame, {
    label: `${number(slots)} slots of ${shard}`,
    describe: `Slots of ${shard}: ${texts.join(', ')}`,
    heightPx: 18,
    content: spans.map(({ from, to, share }) =>
      bar(frame.axis, {
        from,
        to,
        className: share === 1 ? 'served' : 'unserved',
        y: 1,
        heightPx: 16,
        text: share === 1 ? '' : share === 0 ? `${seconds(to - from)} without` : servedText(share),
        ...(share === 0 ? { short: seconds(to - from) } : {}),
        title: `${shard}: ${spanText({ from, to, share })}`,
      }),
    ),
  });
}

interface Span {
  from: number;
  to: number;
  share: number;
}

/** Steps as spans. */
export function spansOf(steps: Steps, durationMs: number): Span[] {
  return steps.map(({ at, share }, i) => ({ from: at, to: steps[i + 1]?.at ?? durationMs, share }));
}

function missingOf(steps: Steps, durationMs: number) {
  const lacking = spansOf(steps, durationMs).filter(({ share }) => share < 1);
  return { missingMs: lacking.reduce((sum, { from, to }) => sum + to - from, 0) };
}

function spanText({ from, to, share }: Span): string {
  return `${servedText(share)} served from ${seconds(from)} to ${seconds(to)}`;
}
