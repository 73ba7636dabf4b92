import type { NodeSample, Observations } from '../history/observations.ts';
import { flushesOf } from './flushes.ts';
import type { Order } from './jobs-ledger.ts';
import { firstPrimary, primaryAt, promotionsOf } from './promotions.ts';
import { rivalry } from './rivalry.ts';
import { slotOwnersOf } from './slot-owners.ts';

/** Why an acknowledged order was not processed; what each means stands at `jobsAttribution`. */
export const jobLossCauses = [
  'waiting',
  'failed',
  'minority-primary',
  'unreplicated',
  'flushed',
  'wiped',
  'evicted',
  'unexplained',
] as const;
export type JobLossCause = (typeof jobLossCauses)[number];

/** What happened to the queue's primary, when, and which of the waiting orders it outlived. */
interface Break {
  at: number;
  cause: 'unreplicated' | 'flushed' | 'wiped';
  /** When the latest order was begun that waited in the queue before this and was processed after it. */
  lastCrossing: number;
}

/**
 * Attributes acknowledged orders that were never processed. The first that fits:
 *
 * - `waiting`, `failed`: the queue's own last count (the application's gauge `jobs_queue_depth`, by state) says
 *   that so many jobs were still in it when the run ended, not yet worked on, or after their last attempt, except for
 *   those that failed because their data was gone (`jobs_without_data_total`), which have another cause. The latest
 *   lost orders are taken for them, since a queue is worked off from its oldest end.
 * - `minority-primary`: acknowledged when another node had been promoted, and an old primary still believed
 *   itself to be one.
 * - `unreplicated`, `flushed`, `wiped`: the next thing that happened to the queue's primary after the order was that
 *   another node was promoted, that somebody emptied it (FLUSHALL), or that the primary itself started again; and no
 *   order begun later was in the queue across it. (Replication and a log are prefixes of what was written; what is
 *   flushed is all of it, but a worker ends what it had at hand.)
 * - `evicted`: a node's `evicted_keys` rose after it was begun.
 * - `unexplained`: none of these.
 *
 * In a cluster nobody says on which shard the queue was: what happened to a shard counts as long as no order was in
 * the queue across it. `nodes`: those of the queue's Redis, where the lab runs several groups; default all.
 */
export function jobsAttribution(
  whole: Observations,
  nodes: readonly string[] | undefined,
  orders: readonly Order[],
): (lost: readonly Order[]) => JobLossCause[] {
  const seen = only(whole, nodes);
  const promotions = promotionsOf(seen);
  const breaks = breaksOf(seen);
  for (const { invoked, acknowledged, processedAt } of orders)
    for (const one of breaks)
      if (one.cause !== 'flushed' && acknowledged < one.at && processedAt !== null && processedAt > one.at)
        one.lastCrossing = Math.max(one.lastCrossing, invoked);
  const evictedAt = lastEviction(seen.samples);

  const isRival = rivalry(seen);
  const byMinority = (at: number) => {
    if (seen.slots !== undefined)
      return promotions.some(
        (promotion) =>
          promotion.at <= at &&
          seen.roles.some(
            ({ node, role, from, to }) =>
              role === 'primary' &&
              isRival(node, promotion.node) &&
              from < promotion.at &&
              from <= at &&
              at < to,
          ),
      );
    if (!promotions.some((promotion) => promotion.at <= at)) return false;
    const rightful = primaryAt(seen, promotions, at);
    return seen.roles.some(
      ({ node, role, from, to }) => role === 'primary' && node !== rightful && from <= at && at < to,
    );
  };
  const causeOf = ({ acknowledged, invoked }: Order): JobLossCause => {
    if (byMinority(acknowledged)) return 'minority-primary';
    // What was in the queue across a break of a cluster proves that this one hit another shard.
    const next = breaks.find(
      ({ at, lastCrossing }) => at > invoked && (seen.slots === undefined || acknowledged >= lastCrossing),
    );
    if (next !== undefined && acknowledged >= next.lastCrossing) return next.cause;
    return evictedAt >= invoked ? 'evicted' : 'unexplained';
  };
  return (lost) => {
    const waiting = lastDepth(whole, 'waiting') + lastDepth(whole, 'active') + lastDepth(whole, 'delayed');
    const failed = Math.max(0, lastDepth(whole, 'failed') - withoutData(whole));
    const latestFirst = lost.map((_, i) => i).sort((a, b) => at(lost, b) - at(lost, a));
    const causes = lost.map(causeOf);
    for (const [rank, i] of latestFirst.entries()) {
      if (rank < waiting) causes[i] = 'waiting';
      else if (rank < waiting + failed) causes[i] = 'failed';
    }
    return causes;
  };
}

function at(orders: readonly Order[], i: number): number {
  return (orders[i] as Order).acknowledged;
}

function only(seen: Observations, nodes: readonly string[] | undefined): Observations {
  if (nodes === undefined) return seen;
  const named = new Set(nodes);
  const concerns = ({ source, data }: Observations['events'][number]) =>
    [source, data?.node, data?.newPrimary].some((name) => typeof name === 'string' && named.has(name));
  return {
    ...seen,
    nodes,
    roles: seen.roles.filter(({ node }) => named.has(node)),
    samples: seen.samples.filter(({ node }) => named.has(node)),
    events: seen.events.filter(concerns),
  };
}

/** Promotions, flushes, and starts of whoever was the primary then, oldest first. */
function breaksOf(seen: Observations): Break[] {
  const none = Number.NEGATIVE_INFINITY;
  const promotions = promotionsOf(seen);
  const breaks: Break[] = promotions.map(({ at }) => ({ at, cause: 'unreplicated', lastCrossing: none }));
  for (const { to, nodes } of flushesOf(seen))
    if (nodes.some((node) => seen.nodes.includes(node)))
      breaks.push({ at: to, cause: 'flushed', lastCrossing: none });
  const owners = slotOwnersOf(seen);
  const ruled = (node: string, at: number) =>
    owners === null
      ? node === (primaryAt(seen, promotions, at) ?? firstPrimary(seen))
      : owners.courses.some((course) => course.findLast(({ from }) => from <= at)?.node === node);
  for (const { kind, at, data } of seen.events) {
    if (kind !== 'process' || data?.action !== 'start' || at <= seen.loadWindow.from) continue;
    if (ruled(String(data.node), at)) breaks.push({ at, cause: 'wiped', lastCrossing: none });
  }
  return breaks.sort((a, b) => a.at - b.at);
}

/** When `evicted_keys` was last seen to have risen on any node; -Infinity when it never did. */
function lastEviction(samples: readonly NodeSample[]): number {
  const last = new Map<string, number>();
  let risenAt = Number.NEGATIVE_INFINITY;
  for (const { at, node, info } of samples) {
    const evicted = info.evicted_keys;
    if (evicted === undefined) continue;
    if (evicted > (last.get(node) ?? evicted)) risenAt = Math.max(risenAt, at);
    last.set(node, evicted);
  }
  return risenAt;
}

/** Jobs that any instance found without data; what one counted before it started anew is included. */
function withoutData(seen: Observations): number {
  let sum = 0;
  for (const { name, values } of seen.metrics ?? [])
    if (/(^|_)jobs_without_data_total$/.test(name)) {
      const known = values.filter((value) => !Number.isNaN(value));
      known.forEach((value, i) => {
        const before = known[i - 1] ?? 0;
        sum += value >= before ? value - before : value;
      });
    }
  return sum;
}

/** The queue's depth in this state as it was last told by any instance; 0 when nobody told it. */
function lastDepth(seen: Observations, state: string): number {
  let [latest, depth] = [Number.NEGATIVE_INFINITY, 0];
  for (const { name, labels, at, values } of seen.metrics ?? []) {
    if (!/(^|_)jobs_queue_depth$/.test(name) || labels.state !== state) continue;
    const [time, value] = [at.at(-1), values.at(-1)];
    if (time === undefined || value === undefined || Number.isNaN(value) || time <= latest) continue;
    [latest, depth] = [time, value];
  }
  return depth;
}
