import { slotOf } from '../common/key-slot.ts';
import type { Observations } from '../history/observations.ts';
import { clockChangesOf } from './clock-changes.ts';
import { clusterLossAttribution } from './cluster-loss-attribution.ts';
import { flushesOf } from './flushes.ts';
import { lossAttribution } from './loss-attribution.ts';
import { promotionsOf } from './promotions.ts';
import { type Rivalry, rivalry } from './rivalry.ts';
import type { Logout } from './session-judge.ts';
import type { Session } from './sessions-ledger.ts';
import { slotOwnersOf } from './slot-owners.ts';

/** Why somebody was logged out; what each means stands at `logoutAttribution`. */
export const logoutCauses = [
  'replica-lag',
  'flushed',
  'clock',
  'minority-primary',
  'wiped',
  'unreplicated',
  'evicted',
  'expired-early',
  'unexplained',
] as const;
export type LogoutCause = (typeof logoutCauses)[number];

export interface LogoutAttribution {
  /** First: every session that was found by a visit, with when the last such visit was invoked. They rule causes out. */
  survived(session: Session, lastSeen: number): void;
  /** Then: the cause of one logout. */
  causeOf(session: Session, logout: Logout): LogoutCause;
}

/**
 * Attributes logouts by joining the session's life with what was seen of Redis. The users' history names the
 * instance that answered, not the Redis node that it asked, so a minority primary is inferred from roles.
 * The first that fits:
 *
 * - `replica-lag`: a later visit found the session again, so it was there, but not yet where it was looked for.
 * - `flushed`: a node was emptied (FLUSHALL, see flushes.ts) between the last visit that found it and the refusal.
 * - `clock`: `expired_keys` rose on a node in between, and a host's time of day was wrong: what a failover loses does not
 *   expire.
 * - `minority-primary`: the login was acknowledged when another node had been promoted and the one before still took itself for a primary.
 * - `wiped`, `unreplicated`: as `lossAttribution` has it for writes; the login is the write.
 *   `wiped` too when a node started between the last visit that found it and the refusal and took itself for a primary
 *   before the refusal: for a while it answers with what it came back with, also where the failover saves the data.
 * - `evicted`, `expired-early`: `evicted_keys` or `expired_keys` rose on a node in between.
 * - `unexplained`: none of these.
 */
export function logoutAttribution(seen: Observations, staleMs: number): LogoutAttribution {
  const writes = clusterLossAttribution(seen) ?? lossAttribution(seen);
  const owners = slotOwnersOf(seen);
  const promotions = promotionsOf(seen);
  /** Whether a promotion was in the shard of a session. */
  const concerns = (node: string, session: Session) =>
    owners === null ||
    (owners.courses[owners.courseOf(slotOf(keyOf(session)))] ?? []).some((turn) => turn.node === node);
  const isRival = rivalry(seen);
  const starts = seen.events.filter(({ kind, data }) => kind === 'process' && data?.action === 'start');
  const turns = [
    ...promotions.map(({ node, at }) => ({ at, over: soleFrom(seen, isRival, node, at) })),
    ...starts.map(({ at }) => ({ at, over: at })),
  ].sort((a, b) => a.at - b.at);
  const flushes = flushesOf(seen);
  const evictions = risesOf(seen, 'evicted_keys');
  const clocks = clockChangesOf(seen);
  const expiries = risesOf(seen, 'expired_keys');

  return {
    survived(session, lastSeen) {
      // What nobody saw after the next failover or restart says nothing about having survived it.
      const next = turns.find(({ at }) => at > (session.login?.completed ?? 0));
      if (session.login !== null && (next === undefined || lastSeen > next.over + staleMs))
        writes.survived(loginOf(session, session.login));
    },
    causeOf(session, logout) {
      const { login } = session;
      if (logout.foundAgain || login === null) return logout.foundAgain ? 'replica-lag' : 'unexplained';
      const from = logout.lastSeen - staleMs;
      const to = logout.completed;
      if (within(flushes, from, to)) return 'flushed';
      if (within(expiries, from, to) && within(clocks, from, to)) return 'clock';
      const ofShard = promotions.filter(({ node }) => concerns(node, session));
      if (ofShard.some((promotion) => promotion.at <= login.completed && rivalAt(promotion.node, login)))
        return 'minority-primary';
      const cause = writes.causeOf(loginOf(session, login));
      if (cause === 'wiped' && starts.some(({ at }) => at <= to)) return 'wiped';
      // A stale replica is one that had not got it for long.
      const isMissing = cause === 'unreplicated' || cause === 'stale-replica';
      if (isMissing && ofShard.some(({ at }) => at <= to)) return 'unreplicated';
      if (starts.some(({ at, data }) => at >= from && at <= to && ruledFrom(String(data?.node), at, to)))
        return 'wiped';
      if (within(evictions, from, to)) return 'evicted';
      if (within(expiries, from, to)) return 'expired-early';
      return 'unexplained';
    },
  };

  /** Whether a node took itself for a primary at some time after its start, by the probes. */
  function ruledFrom(started: string, at: number, until: number) {
    return seen.roles.some(
      ({ node, role, from, to }) => node === started && role === 'primary' && to > at && from <= until,
    );
  }

  function rivalAt(promoted: string, { invoked, completed }: { invoked: number; completed: number }) {
    const since = promotions.findLast(({ node, at }) => node === promoted && at <= completed)?.at ?? 0;
    return seen.roles.some(
      ({ node, role, from, to }) =>
        isRival(node, promoted) && role === 'primary' && from < since && to > invoked && from <= completed,
    );
  }
}

/** A session's key in Redis up to its secret, as the application names it: it decides on the slot. */
function keyOf({ key, user }: Session): string {
  return user === null ? key : `session:{${user}}:${key}`;
}

function loginOf(session: Session, { invoked, completed }: NonNullable<Session['login']>) {
  const ok = { outcome: 'ok', node: null, error: null } as const;
  const { client, user } = session;
  return { client, f: 'login', key: keyOf(session), value: user, invoked, completed, ...ok };
}

/** From when on nobody else takes itself for a primary: a deposed one may go on answering for a while. */
function soleFrom({ roles }: Observations, isRival: Rivalry, promoted: string, at: number): number {
  const rivals = roles.filter(
    (one) => isRival(one.node, promoted) && one.role === 'primary' && one.from < at,
  );
  return Math.max(at, ...rivals.filter(({ to }) => to > at).map(({ to }) => to));
}

/** When a counter rose on any node: between which two samples. */
function risesOf({ samples }: Observations, counter: string): { from: number; to: number }[] {
  const last = new Map<string, { at: number; value: number }>();
  const rises: { from: number; to: number }[] = [];
  for (const { at, node, info } of samples) {
    const value = info[counter];
    if (value === undefined) continue;
    const before = last.get(node);
    // Smaller than before: the process started again, and counts from 0.
    if (before !== undefined && (value > before.value || (value < before.value && value > 0)))
      rises.push({ from: before.at, to: at });
    last.set(node, { at, value });
  }
  return rises;
}

function within(rises: readonly { from: number; to: number }[], from: number, to: number): boolean {
  return rises.some((rise) => rise.from <= to && rise.to >= from);
}
