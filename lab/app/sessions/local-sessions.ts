import { LRUCache } from 'lru-cache';
import type { AppConfig } from '../config.ts';
import type { StoredSession } from './plain-store.ts';
import { userOf } from './session-id.ts';
import type { SessionMetrics } from './session-metrics.ts';

/** A session in the process. Times by performance.now(). */
export interface LocalSession {
  readonly id: string;
  readonly user: number;
  visits: number;
  /** Visits that Redis has not been told of. */
  unsaved: number;
  /** When Redis last began its time to live anew. */
  touchedAt: number;
  /** Until when it may be answered without asking Redis. */
  goodUntil: number;
  /** When the local copy ends, whatever Redis says. */
  readonly keptUntil: number;
}

/** A lookup in Redis that is under way: what comes of it is kept only if nothing overtook it. */
export interface Fill {
  readonly id: string;
  overtaken: boolean;
}

export interface LocalSessions {
  /** The session, if it may be answered from here. */
  get(id: string): LocalSession | undefined;
  /** Before Redis is asked. */
  begin(id: string): Fill;
  /** After it has answered (null: there is none, or it failed). The session as kept, or as it would have been. */
  end(fill: Fill, found: StoredSession | null): LocalSession | null;
  /** Whether this very copy is the one that is kept. */
  holds(session: LocalSession): boolean;
  /** Forgets a session, also what is being read of it. */
  drop(id: string): void;
  /** The same for all sessions of a user. */
  dropUser(user: number): void;
  all(): Iterable<LocalSession>;
  /** Forgets everything, and keeps nothing until `open`. */
  close(): void;
  /** Forgets everything, and keeps what is read from now on. */
  open(): void;
}

/**
 * A bounded cache of sessions; nothing stays longer than `local.ttlMs`, or than the session itself in Redis.
 * `onLeave` hears of each that was pushed out or whose time was up, not of those that were dropped.
 */
export function localSessions(
  settings: AppConfig['sessions'],
  metrics: SessionMetrics,
  onLeave: (session: LocalSession) => void,
): LocalSessions {
  const { entries, ttlMs, guardFills } = settings.local;
  const sessionTtlMs = settings.ttlSeconds * 1000;
  const kept = new LRUCache<string, LocalSession>({
    max: entries,
    dispose: (session, _, reason) => {
      if (reason !== 'evict') return;
      metrics.evictions.inc();
      onLeave(session);
    },
  });
  const fills = new Map<string, Set<Fill>>();
  let open = false;

  const forgetAll = () => {
    kept.clear();
    for (const set of fills.values()) for (const fill of set) fill.overtaken = true;
  };
  return {
    get(id) {
      const session = kept.get(id);
      if (session === undefined || performance.now() < session.goodUntil) return session;
      kept.delete(id);
      onLeave(session);
      return undefined;
    },
    begin(id) {
      const fill = { id, overtaken: false };
      const others = fills.get(id);
      if (others === undefined) fills.set(id, new Set([fill]));
      else others.add(fill);
      return fill;
    },
    end(fill, found) {
      const { id } = fill;
      const others = fills.get(id);
      others?.delete(fill);
      if (others?.size === 0) fills.delete(id);
      if (found === null) return null;
      const { user, visits, remainingMs } = found;
      const now = performance.now();
      const keptUntil = now + ttlMs;
      const goodUntil = Math.min(keptUntil, now + remainingMs);
      const touchedAt = now + remainingMs - sessionTtlMs;
      const session = { id, user, visits, unsaved: 0, touchedAt, goodUntil, keptUntil };
      if (fill.overtaken && guardFills) metrics.overtaken.inc();
      else if (open) kept.set(id, session);
      return session;
    },
    holds: (session) => kept.peek(session.id) === session,
    drop(id) {
      kept.delete(id);
      for (const fill of fills.get(id) ?? []) fill.overtaken = true;
    },
    dropUser(user) {
      for (const session of [...kept.values()]) if (session.user === user) kept.delete(session.id);
      for (const [id, set] of fills) if (userOf(id) === user) for (const fill of set) fill.overtaken = true;
    },
    all: () => kept.values(),
    close() {
      open = false;
      forgetAll();
    },
    open() {
      forgetAll();
      open = true;
    },
  };
}
