import type { AppConfig } from '../config.ts';
import type { Listener } from '../redis/listen.ts';
import { type LocalSession, localSessions } from './local-sessions.ts';
import type { PlainStore } from './plain-store.ts';
import type { SessionMetrics } from './session-metrics.ts';
import type { SessionStore } from './store.ts';

/** The share of a session's time to live after which a use of it is told to Redis, and the longest time (ms). */
const TOUCH_SHARE = 0.1;
const TOUCH_AT_MOST_EVERY_MS = 60_000;

/** A store with a local cache, and what its subscription has to call. */
export interface ClusteredStore extends SessionStore {
  readonly listener: Listener;
  /** Tells Redis of every use that it does not know yet. */
  settle(): Promise<void>;
}

/**
 * Local first, Redis second. Logins and revocations go to Redis at once; a revocation is told to all instances.
 *
 * Staleness. A session may be accepted for S after its revocation was acknowledged:
 * S = min(2 × `pingEveryMs`, `local.ttlMs`), with `flushAfterGap`, `guardFills` and reads from the primary;
 * without one of these, or with `pingEveryMs` null, S = `local.ttlMs` (plus the replica's lag).
 * While the subscription is alive it is what a message takes to arrive. As in the plain store, a revocation that
 * Redis itself forgets in a failover, or that a deposed primary never hears of, is not covered.
 *
 * Expiry. A use that is answered from here is told to Redis in the background, with the visits since, once
 * X = min(10 % of the time to live, 60 s) have passed since Redis was last told. So a session may end up to X
 * earlier than its last use says, never later: the local copy knows when Redis would drop it. While Redis cannot
 * be told, it ends when Redis' own time is up. A crash or an interrupted subscription may lose the count of the
 * visits since Redis was last told. While nothing is kept here every use goes to Redis, as in the plain store.
 */
export function clusteredStore(
  remote: PlainStore,
  settings: AppConfig['sessions'],
  metrics: SessionMetrics,
): ClusteredStore {
  const sessionTtlMs = settings.ttlSeconds * 1000;
  const touchEveryMs = Math.min(TOUCH_SHARE * sessionTtlMs, TOUCH_AT_MOST_EVERY_MS);
  const { flushAfterGap } = settings.local;

  const touch = async (session: LocalSession): Promise<void> => {
    const visits = session.unsaved;
    const { touchedAt } = session;
    session.unsaved = 0;
    // At once, so that others that come meanwhile do not do the same.
    session.touchedAt = performance.now();
    const sentAt = session.touchedAt;
    try {
      const saved = await remote.saveVisits({ ...session, visits: session.visits - visits }, visits);
      if (saved === null) return local.drop(session.id);
      session.visits = Math.max(session.visits, saved + session.unsaved);
      session.goodUntil = Math.min(session.keptUntil, sentAt + sessionTtlMs);
    } catch {
      metrics.lostTouches.inc();
      session.unsaved += visits;
      session.touchedAt = touchedAt;
    }
  };

  // What leaves takes along the visits that Redis does not know.
  const local = localSessions(settings, metrics, (session) => {
    if (session.unsaved > 0) void touch(session);
  });
  if (!flushAfterGap) local.open();

  return {
    create: (user) => remote.create(user),
    async read(id) {
      const here = local.get(id);
      if (here !== undefined) {
        metrics.hits.inc();
        return here;
      }
      metrics.misses.inc();
      const fill = local.begin(id);
      let found = null;
      try {
        found = await remote.readStored(id);
      } finally {
        found = local.end(fill, found);
      }
      return found;
    },
    async save(session) {
      // What `read` gave.
      const used = session as LocalSession;
      // Dropped or pushed out meanwhile, or never kept: only Redis knows whether it still is one.
      if (!local.holds(used)) return remote.saveVisits(used, 1);
      used.visits++;
      used.unsaved++;
      if (performance.now() - used.touchedAt >= touchEveryMs) void touch(used);
      return used.visits;
    },
    async revoke(id) {
      local.drop(id);
      try {
        await remote.revoke(id);
      } finally {
        local.drop(id);
      }
    },
    async revokeAll(user) {
      local.dropUser(user);
      try {
        await remote.revokeAll(user);
      } finally {
        local.dropUser(user);
      }
    },
    async settle() {
      await Promise.all([...local.all()].filter((one) => one.unsaved > 0).map(touch));
    },
    listener: {
      onMessage(message) {
        const ids = message.split(' ');
        metrics.invalidations.inc(ids.length);
        for (const id of ids) local.drop(id);
      },
      onGap() {
        if (!flushAfterGap) return;
        metrics.flushes.inc();
        local.close();
      },
      onListening() {
        if (flushAfterGap) local.open();
      },
    },
  };
}
