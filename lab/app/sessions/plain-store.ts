import type { AppConfig } from '../config.ts';
import type { RedisClient } from '../context.ts';
import type { Announcements } from './announcements.ts';
import {
  createScript,
  readScript,
  revokeAllScript,
  revokeScript,
  type Script,
  saveScript,
} from './scripts.ts';
import { indexKey, newSessionId, sessionKey, userOf } from './session-id.ts';
import type { SessionMetrics } from './session-metrics.ts';
import type { Session, SessionStore } from './store.ts';

/** Fewer replicas than the setting `acknowledgedBy` had a login or a revocation in time. A login was removed again. */
export class TooFewReplicas extends Error {
  constructor(wanted: number, got: number, withinMs: number) {
    super(`expected ${wanted} replicas to have it within ${withinMs} ms, got ${got}`);
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
  /** A connection for logins and revocations alone: WAIT holds up what comes behind it. */
  logins: RedisClient;
  announcements: Announcements;
  metrics: SessionMetrics;
}

/** Every request reads Redis, and saves to it. */
export function plainStore(parts: PlainStoreParts): PlainStore {
  const { settings, primary, reader, logins, announcements, metrics } = parts;
  const ttlMs = settings.ttlSeconds * 1000;
  const { acknowledgedBy, acknowledgeWithinMs } = settings;

  /** Runs a script whose effect must outlive a failover; its answer, and what is wrong when that effect may not. */
  const runToStay = async (
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<{ answer: unknown; tooFew: TooFewReplicas | null }> => {
    metrics.redisWrites.inc();
    if (acknowledgedBy === 0) return { answer: await script.run(primary, keys, args), tooFew: null };
    // WAIT is about what its own connection wrote, and in a cluster has to go to the same node: hence the pipeline.
    const answers = await logins
      .pipeline()
      .eval(script.lua, keys.length, ...keys, ...args)
      .wait(acknowledgedBy, acknowledgeWithinMs)
      .exec();
    const [run, waited] = answers ?? [];
    if (run === undefined || waited === undefined) throw new Error('expected two answers, got none');
    if (run[0] !== null) throw run[0];
    const replicas = waited[0] === null ? Number(waited[1]) : 0;
    const isEnough = replicas >= acknowledgedBy;
    const tooFew = isEnough ? null : new TooFewReplicas(acknowledgedBy, replicas, acknowledgeWithinMs);
    return { answer: run[1], tooFew };
  };

  /** The script answers the ids that it has removed; they are told of however many replicas know it. */
  const revokeBy = async (
    script: Script,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<void> => {
    const { answer, tooFew } = await runToStay(script, keys, [...args, announcements.scriptChannel]);
    await announcements.tell(answer as string[]);
    if (tooFew !== null) throw tooFew;
  };

  return {
    async create(user) {
      const id = newSessionId(user);
      const keys = [sessionKey(id), indexKey(user)];
      const { tooFew } = await runToStay(createScript, keys, [id, ttlMs, user]);
      if (tooFew !== null) {
        metrics.redisWrites.inc();
        // Nobody has been given the id, so nobody needs to be told.
        await revokeScript.run(primary, keys, [id, '']);
        throw tooFew;
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
    save: (session) => saveVisits(session, 1),
    saveVisits,
    async revoke(id) {
      await revokeBy(revokeScript, [sessionKey(id), indexKey(userOf(id))], [id]);
    },
    async revokeAll(user) {
      await revokeBy(revokeAllScript, [indexKey(user)], []);
    },
  };

  async function saveVisits(session: Session, visits: number): Promise<number | null> {
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
  }
}
