import type { Observations } from '../history/observations.ts';
import { clockChangesOf } from './clock-changes.ts';
import { flushesOf } from './flushes.ts';
import { promotionsOf } from './promotions.ts';
import { rivalry } from './rivalry.ts';

/** Why more was admitted than the definition allows; what each means stands at `overCauses`. */
export const overAdmissionCauses = [
  'fail-open',
  'local-caps',
  'minority-primary',
  'failover',
  'flushed',
  'wiped',
  'evicted',
  'clock',
  'unexplained',
] as const;
export type OverAdmissionCause = (typeof overAdmissionCauses)[number];

/**
 * The cause of an excess admission that Redis gave at a time, where none of its window was admitted past Redis.
 * The first that fits:
 *
 * - `minority-primary`: two nodes were primary of the same keys at once, so each may have counted for itself.
 * - `failover`: another node was promoted within the window: what had not been replicated is forgotten.
 * - `flushed`: a node was emptied (FLUSHALL) within the window.
 * - `wiped`: a node's process started again within the window.
 * - `evicted`: a node's `evicted_keys` rose within the window, or until a second later (probes come now and then).
 * - `clock`: a host's time of day was wrong at some time within the window.
 * - `unexplained`.
 *
 * In a cluster nobody says on which shard a limit's key was, so what happened to any shard is taken for the cause.
 */
export function redisCauses(seen: Observations): (atMs: number, periodMs: number) => OverAdmissionCause {
  const promotions = promotionsOf(seen);
  const isRival = rivalry(seen);
  const starts = seen.events.filter(
    ({ kind, at, data }) => kind === 'process' && data?.action === 'start' && at > seen.loadWindow.from,
  );
  const flushes = flushesOf(seen);
  const clocks = clockChangesOf(seen);
  const evictions = risesOf(seen, 'evicted_keys');
  const primaries = seen.roles.filter(({ role }) => role === 'primary');
  return (at, periodMs) => {
    const within = (time: number) => time > at - periodMs && time <= at;
    const deposed = promotions.some(
      ({ node, at: promotedAt }) =>
        promotedAt <= at &&
        primaries.some((span) => isRival(span.node, node) && span.from < promotedAt && span.to > at),
    );
    if (deposed) return 'minority-primary';
    if (promotions.some((one) => within(one.at))) return 'failover';
    if (flushes.some(({ from, to }) => to > at - periodMs && from <= at)) return 'flushed';
    if (starts.some((one) => within(one.at))) return 'wiped';
    if (evictions.some((time) => time > at - periodMs && time <= at + 1000)) return 'evicted';
    if (clocks.some(({ from, to }) => to > at - periodMs && from <= at)) return 'clock';
    return 'unexplained';
  };
}

/** When a counter of INFO was seen to have risen. */
function risesOf(seen: Observations, counter: string): number[] {
  const last = new Map<string, number>();
  const rises: number[] = [];
  for (const { node, at, info } of seen.samples) {
    const value = info[counter];
    if (value === undefined) continue;
    if (value > (last.get(node) ?? value)) rises.push(at);
    last.set(node, value);
  }
  return rises;
}
