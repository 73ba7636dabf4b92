import type { AppConfig } from '../config.ts';
import type { RedisClient } from '../context.ts';
import { createScript, readScript, revokeAllScript, revokeScript, saveScript } from './scripts.ts';
import { indexKey, newSessionId, sessionKey, userOf } from './session-id.ts';
import type { SessionMetrics } from './session-metrics.ts';
import type { Session, SessionStore } from './store.ts';

/** Where the stores tell of revoked sessions: their ids with a space between them. */
export const REVOKED_CHANNEL = 'session:revoked';

/** Fewer replicas than the setting `acknowledgedBy` had the login in time. The session was removed again. */
export class TooFewReplicas extends Error {
  constructor(wanted: number, got: number, withinMs: number) {
    super(`expected ${wanted} replicas to have the login within ${withinMs} ms, got ${got}`);
    this.name = 'TooFewReplicas';
  }
}

/** What a session's hash says, and how long it has left (ms). */
export interface StoredSession extends Session {
  remainingMs: number;
}

/** The store on Redis alone, and what the clustered one needs of it besides. */
export interface PlainStore extends SessionStore {
  readStored(id: string): Promise<StoredSession | null>;
  /** Saves so many visits at once; answers like `save`. */
  saveVisits(session: Session, visits: number): Promise<number | null>;
}

export interface PlainStoreParts {
  settings: AppConfig['sessions'];
  /** Commands to the primary. */
  primary: RedisClient;
  /** Where sessions are looked up: the primary, or replicas. */
  reader: RedisClient;
  /** A connection for logins alone: WAIT holds up what comes behind it. */
  logins: RedisClient;
  metrics: SessionMetrics;
}

/** Every request reads Redis, and saves to it. */
export function plainStore({ settings, primary, reader, logins, metrics }: PlainStoreParts): PlainStore {
  const ttlMs = settings.ttlSeconds * 1000;
  const { acknowledgedBy, acknowledgeWithinMs } = settings;

  const store: PlainStore = {
    async create(user) {
      const id = newSessionId(user);
      const keys = [sessionKey(id), indexKey(user)];
      metrics.redisWrites.inc();
      if (acknowledgedBy === 0) {
        await createScript.run(primary, keys, [id, ttlMs, user]);
        return { id, user, visits: 0 };
      }
      // WAIT is about what its own connection wrote, and in a cluster has to go to the same node: hence the pipeline.
      const answers = await logins
        .pipeline()
        .eval(createScript.lua, 2, ...keys, id, ttlMs, user)
        .wait(acknowledgedBy, acknowledgeWithinMs)
        .exec();
      const [created, waited] = answers ?? [];
      if (created === undefined || waited === undefined) throw new Error('expected two answers, got none');
      if (created[0] !== null) throw created[0];
      const replicas = waited[0] === null ? Number(waited[1]) : 0;
      if (replicas < acknowledgedBy) {
        await store.revoke(id);
        throw new TooFewReplicas(acknowledgedBy, replicas, acknowledgeWithinMs);
      }
      return { id, user, visits: 0 };
    },
    async readStored(id) {
      metrics.redisReads.inc();
      const answer = await readScript.run(reader, [sessionKey(id)], []);
      const [user, visits, remainingMs] = answer as [string | null, string | null, number];
      if (user === null) return null;
      return { id, user: Number(user), visits: Number(visits), remainingMs };
    },
    async read(id) {
      metrics.redisReads.inc();
      const [user, visits] = await reader.hmget(sessionKey(id), 'user', 'visits');
      if (user === null || user === undefined) return null;
      return { id, user: Number(user), visits: Number(visits) };
    },
    save: (session) => store.saveVisits(session, 1),
    async saveVisits(session, visits) {
      metrics.redisWrites.inc();
      const { id, user } = session;
      if (settings.save === 'existing-only') {
        const saved = await saveScript.run(primary, [sessionKey(id), indexKey(user)], [id, ttlMs, visits]);
        return Number(saved) === 0 ? null : Number(saved);
      }
      // The careless way, kept to show what it is worth not to: the whole session is written back, there or not.
      const total = session.visits + visits;
      const key = sessionKey(id);
      const answers = await primary.multi().hset(key, { user, visits: total }).pexpire(key, ttlMs).exec();
      const failed = answers?.find(([error]) => error !== null)?.[0];
      if (failed !== null && failed !== undefined) throw failed;
      return total;
    },
    async revoke(id) {
      metrics.redisWrites.inc();
      await revokeScript.run(primary, [sessionKey(id), indexKey(userOf(id))], [id, REVOKED_CHANNEL]);
    },
    async revokeAll(user) {
      metrics.redisWrites.inc();
      await revokeAllScript.run(primary, [indexKey(user)], [REVOKED_CHANNEL]);
    },
  };
  return store;
}
