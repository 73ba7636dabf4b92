import { type Session, visitKinds, visitWidth } from './sessions-ledger.ts';

/** What a session is held to. Milliseconds; `ttlMs` undefined: no expiry is judged. */
export interface SessionBounds {
  staleMs: number;
  ttlMs: number | undefined;
  epsilonMs: number;
}

/** A visit that was answered otherwise than it should have been. */
export interface OddVisit {
  invoked: number;
  completed: number;
  /** Index of the instance that answered; -1: unknown. */
  instance: number;
}

/** An unexpected logout: the first visit that was refused, and whether a later one found the session again. */
export interface Logout extends OddVisit {
  /** When the last visit (or the login) was invoked that had still found it. */
  lastSeen: number;
  foundAgain: boolean;
}

/** What is wrong with one session. */
export interface SessionFaults {
  logouts: Logout[];
  /** Accepted although a logout or revoke had been acknowledged more than the stated staleness before. */
  revokedAccepted: (OddVisit & { afterMs: number })[];
  /** Of those, the first that came after a visit had been refused already. */
  resurrected: OddVisit | null;
  /** Answered with another user: the user. */
  mixedUp: (OddVisit & { user: number })[];
  /** Accepted although nothing had used it for longer than its time to live. */
  overdue: (OddVisit & { afterMs: number })[];
  /** The longest time after an acknowledged logout or revoke at which a visit began that was accepted; 0: none. */
  longestAcceptedAfterRevokeMs: number;
  /** When the last visit (or the login) was invoked that found the session; -Infinity without a login. */
  lastSeen: number;
}

/**
 * Judges the visits of one session, in order. Those that ran beside a logout or revoke may be answered either
 * way; of overlapping visits neither proves anything about the other.
 */
export function judgeSession(session: Session, bounds: SessionBounds): SessionFaults {
  const { visits, login, endBegun, ended, user } = session;
  const { staleMs, ttlMs = Number.POSITIVE_INFINITY, epsilonMs } = bounds;
  const faults: SessionFaults = {
    logouts: [],
    revokedAccepted: [],
    resurrected: null,
    mixedUp: [],
    overdue: [],
    longestAcceptedAfterRevokeMs: 0,
    lastSeen: login?.invoked ?? Number.NEGATIVE_INFINITY,
  };
  let open: Logout | null = null;
  // When a visit completed that was refused after the logout.
  let refusedAfterEnd = Number.POSITIVE_INFINITY;
  // The earliest and the latest moment at which the session's time may have begun anew.
  let touchedFrom = login?.invoked ?? Number.POSITIVE_INFINITY;
  let touchedTo = login?.completed ?? Number.POSITIVE_INFINITY;
  // Uses whose end is not before the visit at hand do not yet count as having happened.
  const pending: { invoked: number; completed: number }[] = [];

  for (let i = 0; i < visits.length; i += visitWidth) {
    const invoked = visits[i] as number;
    const completed = visits[i + 1] as number;
    const kind = visits[i + 2] as number;
    const visit = () => ({ invoked, completed, instance: visits[i + 4] as number });
    for (let p = pending.length - 1; p >= 0; p--) {
      const use = pending[p] as { invoked: number; completed: number };
      if (use.completed > invoked) continue;
      touchedFrom = Math.max(touchedFrom, use.invoked);
      pending.splice(p, 1);
    }
    if (kind === visitKinds.accepted) {
      const answered = visits[i + 3] as number;
      if (user !== null && !Number.isNaN(answered) && answered !== user)
        faults.mixedUp.push({ ...visit(), user: answered });
      if (invoked > ended) {
        const afterMs = invoked - ended;
        faults.longestAcceptedAfterRevokeMs = Math.max(faults.longestAcceptedAfterRevokeMs, afterMs);
        if (afterMs > staleMs) {
          faults.revokedAccepted.push({ ...visit(), afterMs });
          if (invoked >= refusedAfterEnd) faults.resurrected ??= visit();
        }
      }
      if (invoked > touchedTo + ttlMs + epsilonMs)
        faults.overdue.push({ ...visit(), afterMs: invoked - touchedTo });
      if (open !== null && invoked >= open.completed) {
        open.foundAgain = true;
        open = null;
      }
      pending.push({ invoked, completed });
      touchedTo = Math.max(touchedTo, completed);
      faults.lastSeen = invoked;
    } else if (kind === visitKinds.unknown) {
      touchedTo = Math.max(touchedTo, completed);
    } else if (invoked >= ended) {
      refusedAfterEnd = Math.min(refusedAfterEnd, completed);
    } else if (
      open === null &&
      login !== null &&
      invoked >= login.completed &&
      completed <= endBegun &&
      completed < touchedFrom + ttlMs - epsilonMs
    ) {
      open = { ...visit(), lastSeen: faults.lastSeen, foundAgain: false };
      faults.logouts.push(open);
    }
  }
  return faults;
}
