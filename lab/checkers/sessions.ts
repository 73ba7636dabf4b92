import type { Checker, Finding, Verdict } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { type LogoutCause, logoutAttribution, logoutCauses } from './logout-attribution.ts';
import { readOptions, someOf } from './options.ts';
import { sessionCache } from './session-cache.ts';
import { judgeSession, type Logout, type OddVisit, type SessionFaults } from './session-judge.ts';
import { type Session, type SessionLedger, sessionLedger } from './sessions-ledger.ts';

const known = ['logouts', 'revoked', 'mixed-up', 'ttl'] as const;

/** What can be asserted of sessions. */
export type SessionProperty = (typeof known)[number];

/**
 * Sessions of an application's users (`login`, `visit`, `logout`, `revoke`; see history/application.ts).
 *
 * Options: `name`; `group`: only these clients' sessions; `staleMs` (default 0): how long after an acknowledged
 * logout or revoke a session may still be accepted, which a store with a local cache has to state; `ttlMs`: the
 * sliding time to live (default: no expiry is judged); `epsilonMs` (default 0): how much earlier or later than
 * that a session may end; `properties`: which decide the verdict, of `logouts`, `revoked`, `mixed-up`, `ttl`
 * (default: all; figures hold all either way).
 *
 * Figures: `logins`, `visits`, `refusals` (401), `logouts` (of the users' own, revokes among them), all as
 * answered; `sessions` (those with an acknowledged login); `unexpectedLogouts`, `loggedOutUsers`, `byCause`,
 * `firstLogoutAtMs`, `lastLogoutAtMs`; `lastLostLoginAfterFaultMs`: how long after the latest fault before it the
 * login was acknowledged that was the last one to be lost (0: none was acknowledged after a fault); `revokedAccepted` (visits), `longestAcceptedAfterRevokeMs` (within the
 * stated staleness too; 0: none), `resurrected` (sessions that were refused after their logout and later
 * accepted); `mixedUp` (visits); `acceptedAfterTtl` (visits), `longestOverdueMs`. By
 * the instances' own counts, null without them: `redisReads` (sessions looked up in Redis), `readsSavedShare` (share of
 * look-ups that local caches answered), `overtakenFills` (read, and not kept because an invalidation came meanwhile).
 */
export function sessions(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    group: 'text',
    staleMs: 'number',
    ttlMs: 'number',
    epsilonMs: 'number',
    properties: 'texts',
  } as const;
  const read = readOptions('sessions', options, schema);
  const { name = 'sessions', group, staleMs = 0, ttlMs, epsilonMs = 0 } = read;
  const properties = someOf('sessions', 'properties', read.properties, known);
  return {
    name,
    verifies: `Asserts, per session: ${known
      .filter((one) => properties.includes(one))
      .map((one) => words[one](staleMs, ttlMs))
      .join(
        '; ',
      )}. Each unexpected logout is attributed to a cause by joining it with promotions, restarts and counters.`,
    doesNotVerify:
      'Visits that ran beside a logout or revoke of their session, which may be answered either way; errors other than 401 (see availability); sessions whose login was not acknowledged. An attribution is inferred from times and from which sessions survived, not observed for the single session.',
    check: ({ history, seen }) => {
      const findings = collectFindings();
      const ledger = sessionLedger(history, group);
      const bounds = { staleMs, ttlMs, epsilonMs };
      const attribution = logoutAttribution(seen, staleMs);
      const tally = tallyOf(
        ledger,
        seen.faults.map(({ injectedAt }) => injectedAt),
        findings,
      );
      const loggedOut: { session: Session; logout: Logout }[] = [];
      for (const session of ledger.sessions) {
        const faults = judgeSession(session, bounds);
        tally.add(session, faults);
        for (const logout of faults.logouts) loggedOut.push({ session, logout });
        if (faults.logouts.every(({ foundAgain }) => foundAgain))
          attribution.survived(session, faults.lastSeen);
      }
      for (const { session, logout } of loggedOut)
        tally.logout(session, logout, attribution.causeOf(session, logout));
      const figures = { ...tally.figures(), ...sessionCache(seen.metrics ?? []) };
      const counts: Record<SessionProperty, number> = {
        logouts: figures.unexpectedLogouts,
        revoked: figures.revokedAccepted + figures.resurrected,
        'mixed-up': figures.mixedUp,
        ttl: figures.acceptedAfterTtl,
      };
      const broken = known.filter((one) => properties.includes(one) && counts[one] > 0);
      return {
        ...conclude(broken, figures),
        figures,
        ...findings.evidence(),
      };
    },
  };
}

const words: Readonly<Record<SessionProperty, (staleMs: number, ttlMs: number | undefined) => string>> = {
  logouts: (_, ttlMs) =>
    `a visit after an acknowledged login and before any logout finds the session${ttlMs === undefined ? '' : ` for ${ttlMs} ms after its last use`}`,
  revoked: (staleMs) =>
    `none that begins more than ${staleMs} ms after an acknowledged logout or revoke is accepted`,
  'mixed-up': () => 'none is answered with another user',
  ttl: (_, ttlMs) =>
    ttlMs === undefined
      ? 'expiry is not judged'
      : `none is accepted that begins later than ${ttlMs} ms after the last use`,
};

type Tally = ReturnType<typeof tallyOf>;

function tallyOf(
  { sessions: all, instances, counts }: SessionLedger,
  faultsAt: readonly number[],
  findings: Findings,
) {
  const byCause = Object.fromEntries(logoutCauses.map((cause) => [cause, 0])) as Record<LogoutCause, number>;
  const users = new Set<number | null>();
  const figures = {
    ...counts,
    sessions: all.filter(({ login }) => login !== null).length,
    unexpectedLogouts: 0,
    loggedOutUsers: 0,
    firstLogoutAtMs: null as number | null,
    lastLogoutAtMs: null as number | null,
    lastLostLoginAfterFaultMs: 0,
    revokedAccepted: 0,
    longestAcceptedAfterRevokeMs: 0,
    resurrected: 0,
    mixedUp: 0,
    acceptedAfterTtl: 0,
    longestOverdueMs: 0,
  };
  const note = ({ key, client, user }: Session, visit: OddVisit, kind: string, cause: string, text: string) =>
    findings.offer(visit.invoked, cause, (): Finding => {
      const node = instances[visit.instance] ?? null;
      const who = `${key} of user ${user}, at ${node ?? 'an unknown instance'}`;
      const value = user === null ? {} : { value: user };
      return { at: visit.invoked, kind, cause, text: `${who}: ${text}`, client, node, key, ...value };
    });
  return {
    add(session: Session, faults: SessionFaults) {
      const { revokedAccepted, resurrected, mixedUp, overdue, longestAcceptedAfterRevokeMs } = faults;
      figures.longestAcceptedAfterRevokeMs = Math.max(
        figures.longestAcceptedAfterRevokeMs,
        toMicroseconds(longestAcceptedAfterRevokeMs),
      );
      figures.revokedAccepted += revokedAccepted.length;
      for (const visit of revokedAccepted)
        note(session, visit, 'revoked', 'revoked-accepted', `accepted ${ms(visit.afterMs)} after its logout`);
      if (resurrected !== null) {
        figures.resurrected++;
        note(session, resurrected, 'revoked', 'resurrected', 'accepted again after it had been refused');
      }
      figures.mixedUp += mixedUp.length;
      for (const visit of mixedUp)
        note(session, visit, 'mixed-up', 'mixed-up', `answered as user ${visit.user}`);
      figures.acceptedAfterTtl += overdue.length;
      for (const visit of overdue) {
        figures.longestOverdueMs = Math.max(figures.longestOverdueMs, toMicroseconds(visit.afterMs));
        note(session, visit, 'ttl', 'accepted-after-ttl', `accepted ${ms(visit.afterMs)} after its last use`);
      }
    },
    logout(session: Session, logout: Logout, cause: LogoutCause) {
      const at = logout.invoked;
      byCause[cause]++;
      users.add(session.user);
      figures.unexpectedLogouts++;
      figures.firstLogoutAtMs = Math.min(figures.firstLogoutAtMs ?? at, at);
      figures.lastLogoutAtMs = Math.max(figures.lastLogoutAtMs ?? at, at);
      const loginAt = session.login?.completed ?? 0;
      const faultAt = Math.max(...faultsAt.filter((one) => one <= loginAt));
      if (cause !== 'replica-lag' && faultAt > Number.NEGATIVE_INFINITY)
        figures.lastLostLoginAfterFaultMs = Math.max(
          figures.lastLostLoginAfterFaultMs,
          toMicroseconds(loginAt - faultAt),
        );
      note(session, logout, 'logout', cause, reasons[cause]);
    },
    figures: () => ({ ...figures, loggedOutUsers: users.size, byCause }),
  };
}

const reasons: Readonly<Record<LogoutCause, string>> = {
  'replica-lag': 'refused, and found again later: it was read where it had not yet arrived',
  flushed: 'logged out: the data had been flushed',
  'minority-primary': 'logged out: the login was acknowledged when another node had been promoted',
  wiped: 'logged out: the primary started again with less data',
  unreplicated: 'logged out: the login had not been replicated when another node was promoted',
  evicted: 'logged out: keys were evicted since it was last seen',
  clock: 'logged out by a clock that is wrong: keys expired by it since it was last seen',
  'expired-early': 'logged out before its time: keys expired since it was last seen',
  unexplained: 'logged out, and nothing that was seen explains why',
};

function conclude(
  broken: readonly SessionProperty[],
  figures: ReturnType<Tally['figures']>,
): { verdict: Verdict; summary: string } {
  const { sessions: count, visits, unexpectedLogouts, loggedOutUsers, byCause } = figures;
  if (broken.length > 0) {
    const why = logoutCauses
      .filter((cause) => byCause[cause] > 0)
      .map((cause) => `${byCause[cause]} ${cause}`);
    const told: Record<SessionProperty, string> = {
      logouts: `${unexpectedLogouts} unexpected logouts of ${loggedOutUsers} users (${why.join(', ')})`,
      revoked: `${figures.revokedAccepted} visits accepted after a logout, up to ${ms(figures.longestAcceptedAfterRevokeMs)} after it, ${figures.resurrected} sessions resurrected`,
      'mixed-up': `${figures.mixedUp} visits answered as another user`,
      ttl: `${figures.acceptedAfterTtl} visits accepted up to ${ms(figures.longestOverdueMs)} after the last use`,
    };
    const all = broken.map((one) => told[one]).join('; ');
    return { verdict: 'invalid', summary: `of ${count} sessions with ${visits} visits: ${all}` };
  }
  if (count === 0) return { verdict: 'unknown', summary: 'no login was acknowledged' };
  if (visits + figures.refusals === 0) return { verdict: 'unknown', summary: 'no visit was answered' };
  const late = figures.longestAcceptedAfterRevokeMs;
  const after = figures.logouts === 0 ? '' : `, ${figures.logouts} logouts`;
  const stale = late > 0 ? `; the last acceptance came ${ms(late)} after a logout, as stated` : '';
  return {
    verdict: 'valid',
    summary: `${count} sessions, ${visits} visits${after}: each as it should be${stale}`,
  };
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function toMicroseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
