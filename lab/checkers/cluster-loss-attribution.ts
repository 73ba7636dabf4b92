import { slotOf } from '../common/key-slot.ts';
import type { Observations } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
import { lastHit } from './last-hit.ts';
import { attributionAmong, type LossAttribution, type LossCause, type Turn } from './loss-attribution.ts';
import { type OpenMove, openMovesOf } from './open-moves.ts';
import { slotOwnersOf } from './slot-owners.ts';

/**
 * Attributes a cluster's lost writes as `lossAttribution` does, each among the owners that its key's slot had one after another
 * (`slotOwnersOf`), so that a promotion in one shard explains nothing in another. What differs:
 *
 * - `minority-primary` is also what a primary acknowledged from the fault that cut it off until another was promoted,
 *   and still took itself for one then: in a cluster it goes on for up to a node timeout. (Nobody was promoted by hand.)
 * - `stale-replica`: the promoted replica had heard nothing from its primary since before the write, and since before the
 *   fault that cost the primary its place: its connection was down (INFO's `master_link_status`, so by a probe's period), or
 *   hung, so that its offset stood still for a second or more while the primary's went on.
 * - `unreplicated`: the rest of what the primary acknowledged before another was promoted.
 * - `slot-moved`: the slot was moved after the write, or before it and the old owner still acknowledged it; and no write to the same
 *   key before it survived.
 * - `open-move`: the slot was on the move when its owner was replaced, and was not seen to have arrived. What had been carried over
 *   is on the move's target, where nobody looks for it: what the target acknowledged itself (after ASK), and what nothing
 *   else explains in keys of which no earlier write survived.
 *
 * Null without a cluster. Keys must be Redis keys.
 */
export function clusterLossAttribution(seen: Observations): LossAttribution | null {
  const owners = slotOwnersOf(seen);
  if (owners === null) return null;
  const tailOf = (lost: Operation, promotion: Turn) => tailCause(seen, lost, promotion);
  const attributions = new Map<number, LossAttribution>();
  const places = new Map<string, number>();
  const of = (key: string): LossAttribution => {
    let course = places.get(key);
    if (course === undefined) {
      course = owners.courseOf(slotOf(key));
      places.set(key, course);
    }
    let attribution = attributions.get(course);
    if (attribution === undefined) {
      const [first, ...rest] = owners.courses[course] ?? [];
      const turns = rest.map(
        ({ node, from, by }): Turn => ({ node, at: from, by: by === 'move' ? by : 'promotion' }),
      );
      attribution = attributionAmong(seen, first?.node, turns, tailOf);
      attributions.set(course, attribution);
    }
    return attribution;
  };
  const moves = openMovesOf(seen);
  const firstSurvivorOfKey = new Map<string, number>();
  /** The move that was open when the slot's owner was replaced after the write. */
  const leftOpen = ({ key, invoked }: Operation) => {
    const slot = slotOf(key);
    const promotion = owners.courses[owners.courseOf(slot)]?.find(
      ({ by, from }) => by === 'promotion' && from > invoked,
    );
    if (promotion === undefined) return undefined;
    return moves.findLast((move) => move.slot === slot && isOpenAt(seen, move, promotion.from));
  };
  return {
    survived: (operation) => {
      const { key, completed } = operation;
      const first = firstSurvivorOfKey.get(key);
      if (first === undefined || completed < first) firstSurvivorOfKey.set(key, completed);
      of(key).survived(operation);
    },
    causeOf: (operation) => {
      const cause = of(operation.key).causeOf(operation);
      const move = moves.length === 0 ? undefined : leftOpen(operation);
      if (move === undefined) return cause;
      const { key, node, invoked } = operation;
      const keyGone = !((firstSurvivorOfKey.get(key) ?? Number.POSITIVE_INFINITY) < invoked);
      return node === move.target || (keyGone && cause === 'unexplained') ? 'open-move' : cause;
    },
  };
}

/** Whether the move was last seen open in the period of views that ends with, or after, this moment. */
function isOpenAt({ slots }: Observations, { from, to, source }: OpenMove, at: number): boolean {
  if (from > at) return false;
  const next = slots?.views.find((view) => view.node === source && view.at > to);
  return next === undefined || next.at >= at;
}

function tailCause(seen: Observations, { node, invoked, completed }: Operation, promotion: Turn): LossCause {
  const before = seen.faults.filter(({ injectedAt }) => injectedAt <= promotion.at);
  const hit =
    (node === null ? undefined : lastHit(before, node, promotion.at)) ??
    latest(before.map((one) => one.injectedAt));
  const deafAt = Math.min(
    linkDownSince(seen, promotion),
    hungSince(seen, promotion.node, node, hit ?? promotion.at),
  );
  if (deafAt <= invoked && deafAt < (hit ?? Number.POSITIVE_INFINITY)) return 'stale-replica';
  const isCutOff =
    hit !== undefined &&
    completed >= hit &&
    isPrimaryAt(seen, node, promotion.at) &&
    !isByHand(seen, promotion);
  return isCutOff ? 'minority-primary' : 'unreplicated';
}

/** From when on the probes saw the promoted node's link to its primary down, without a break until the promotion. */
function linkDownSince({ samples }: Observations, { node, at }: Turn): number {
  let since = Number.POSITIVE_INFINITY;
  for (const sample of samples) {
    if (sample.node !== node || sample.at > at || sample.linkUp === null) continue;
    if (sample.linkUp) since = Number.POSITIVE_INFINITY;
    else since = Math.min(since, sample.at);
  }
  return since;
}

/** A replica that follows moves on with each write, and is asked several times a second. */
const HUNG_MS = 1000;

/** From when on a replica's offset stood still until `at` while the primary's went on; Infinity where that was but a moment. */
function hungSince({ samples }: Observations, replica: string, primary: string | null, at: number): number {
  let [since, offset, ahead] = [Number.POSITIVE_INFINITY, Number.NaN, 0];
  for (const sample of samples) {
    if (sample.at > at) continue;
    if (sample.node === primary) ahead = sample.offset;
    if (sample.node !== replica || sample.offset === offset) continue;
    since = sample.at;
    offset = sample.offset;
  }
  return at - since >= HUNG_MS && ahead > offset ? since : Number.POSITIVE_INFINITY;
}

function isPrimaryAt({ roles }: Observations, node: string | null, at: number): boolean {
  return roles.some((one) => one.node === node && one.role === 'primary' && one.from <= at && at < one.to);
}

/** How long a failover by hand may take: CLUSTER_MF_TIMEOUT of cluster.h. */
const BY_HAND_MS = 5000;

/** Whether somebody ordered this promotion, by CLUSTER FAILOVER in any of its forms. */
function isByHand({ events }: Observations, { node, at }: Turn): boolean {
  return events.some(
    ({ source, kind, at: told, data }) =>
      source === node &&
      ((kind === 'promotion' && told === at && data?.by === 'takeover') ||
        (kind === 'manual-failover' && data?.step === 'accepted' && told <= at && told > at - BY_HAND_MS)),
  );
}

function latest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.max(...times);
}
