import type { FaultWindow, Observations } from '../history/observations.ts';
import { promotionsOf } from './promotions.ts';
import { attemptsUntil, type Steps } from './recovery-steps.ts';
import { slotTimelineOf } from './slot-timeline.ts';

/** The steps of a cluster's failover, in their order. */
export const clusterStepNames = {
  pfail: 'a node suspects it',
  fail: 'a majority of primaries has declared it failing',
  election: 'a replica asks for votes',
  promotion: 'a replica becomes primary',
  coverage: 'every slot is served again',
} as const;

/**
 * What happened after a fault in a cluster; null without one. Suspicion is that of the node which was declared failing first
 * (by views, and by logs where a server logs it), coverage the end of the first time without it, after the promotion where there was one.
 */
export function clusterSteps(fault: FaultWindow, seen: Observations): Steps | null {
  const { injectedAt } = fault;
  const until = attemptsUntil(fault, seen.faults);
  const timeline = slotTimelineOf(seen);
  if (timeline === null) return null;
  const events = seen.events.filter(({ at }) => at >= injectedAt).toSorted((a, b) => a.at - b.at);
  const failed = events.find(({ kind }) => kind === 'fail');
  const node = failed?.data?.node;
  const promotions = promotionsOf(seen).filter(({ at }) => at >= injectedAt);
  const promotion = promotions[0]?.at ?? null;
  const pfail = earliest(
    events.find((one) => one.kind === 'pfail' && (node === undefined || one.data?.node === node))?.at,
    flaggedAt(seen, injectedAt, node, /\bpfail\b/),
  );
  const fail = earliest(failed?.at, flaggedAt(seen, injectedAt, node, /\bfail\b/));
  // Views are asked now and then, so suspicion may be seen only when the log has the failure already.
  const suspected = pfail !== null && fail !== null ? Math.min(pfail, fail) : (pfail ?? fail);
  const gone = timeline.steps.find(({ at, share }) => at >= injectedAt && share < 1)?.at ?? null;
  const since = gone === null ? null : Math.max(gone, promotion ?? gone);
  return {
    times: {
      pfail: suspected,
      fail,
      election: events.find(({ kind }) => kind === 'election-started')?.at ?? null,
      promotion,
      coverage: since === null ? null : fullAgainAt(timeline.steps, since),
    },
    failovers: promotions.length,
    attempts: events.filter(({ kind, at }) => at < until && kind === 'election-started').length,
    aborted: events.filter(
      ({ kind, data, at }) => at < until && kind === 'failover-blocked' && /expired/.test(String(data?.why)),
    ).length,
  };
}

/** When coverage was whole at or after `since`: null where it never was. */
function fullAgainAt(steps: readonly { at: number; share: number }[], since: number): number | null {
  const already = steps.findLast(({ at }) => at <= since);
  if (already?.share === 1) return since;
  return steps.find(({ at, share }) => at > since && share === 1)?.at ?? null;
}

/** The first view in which somebody has a node, or `node`, flagged so. */
function flaggedAt({ slots }: Observations, from: number, node: unknown, flag: RegExp): number | undefined {
  const members = slots?.members ?? [];
  return slots?.views.find(
    ({ at, members: places }) =>
      at >= from &&
      places.some((place) => {
        const member = members[place];
        return (
          member !== undefined && flag.test(member.flags) && (node === undefined || member.node === node)
        );
      }),
  )?.at;
}

function earliest(...times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}
