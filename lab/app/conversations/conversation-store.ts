import { LRUCache } from 'lru-cache';
import type { AppConfig } from '../config.ts';
import { fateOf } from '../fate.ts';
import { HttpError } from '../http-error.ts';
import type { ColdTurns } from './cold-turns.ts';
import type { HotTurns } from './hot-turns.ts';
import type { Persister } from './persister.ts';
import type { Turn } from './turn.ts';

/** Where a turn was put, or where an answer's turns come from. */
export type Temperature = 'hot' | 'cold' | 'both';

export interface Recalled {
  turns: Turn[];
  from: Temperature;
  /** Redis was away: turns that were not persisted yet are missing. */
  isDegraded: boolean;
}

export interface ConversationStore {
  say(conversation: number, turn: Turn): Promise<Temperature>;
  /** The last `last` turns, or all (null). */
  recall(conversation: number, last: number | null): Promise<Recalled>;
  /** Redis may have lost what it had: a connection to it was lost, or begun. */
  doubt(): void;
}

/** For so long an answer is given from Redis alone after it was last compared with PostgreSQL. */
const TRUSTED_MS = 5000;
const MOST_TRUSTED = 10_000;

/**
 * A conversation's turns in two places. With `persistBeforeAnswer` off, a turn is acknowledged when Redis has it, and
 * goes to PostgreSQL with others, every `persistEveryTurns`. If Redis then loses its memory (a crash without a log,
 * a failover before it was replicated), a conversation loses at most the turns that were not in PostgreSQL: up to
 * persistEveryTurns − 1, and those whose persisting was under way or had failed (it is tried again every second, and
 * while PostgreSQL is away they grow in number). With it on, nothing.
 *
 * With Redis away turns go to PostgreSQL at once, and are read from there; what waited in Redis is missing until it is
 * back. An instance that reaches Redis may for 5 s not show what another, cut off from it, wrote there meanwhile.
 */
export function conversationStore(
  hot: HotTurns,
  cold: ColdTurns,
  persister: Pick<Persister, 'said'>,
  { hotTurns, persistBeforeAnswer }: AppConfig['conversations'],
): ConversationStore {
  const trusted = new LRUCache<number, true>({ max: MOST_TRUSTED, ttl: TRUSTED_MS });

  const append = async (conversation: number, turn: Turn, isPersisted: boolean) => {
    try {
      persister.said(conversation, await hot.append(conversation, turn, isPersisted));
      return 'there' as const;
    } catch (error) {
      const fate = fateOf(error);
      if (fate === null) throw error;
      return fate;
    }
  };

  const readHot = async (conversation: number) => {
    try {
      return await hot.read(conversation);
    } catch (error) {
      if (fateOf(error) === null) throw error;
      return null;
    }
  };

  return {
    doubt: () => trusted.clear(),
    async say(conversation, turn) {
      if (persistBeforeAnswer) {
        await cold.store(conversation, [turn]);
        return (await append(conversation, turn, true)) === 'there' ? 'both' : 'cold';
      }
      const hotFate = await append(conversation, turn, false);
      if (hotFate === 'there') return 'hot';
      try {
        await cold.store(conversation, [turn]);
        return 'cold';
      } catch (error) {
        if (hotFate === 'unknown')
          throw new HttpError(504, 'unknown-fate', 'No answer in time; the turn may have been kept.');
        throw error;
      }
    },
    async recall(conversation, last) {
      const inRedis = await readHot(conversation);
      const isWhole = inRedis !== null && holdsAll(inRedis, last);
      if (isWhole && trusted.has(conversation))
        return { turns: lastOf(inRedis, last), from: 'hot', isDegraded: false };
      let inDatabase: Turn[];
      try {
        inDatabase = await cold.read(conversation, last);
      } catch (error) {
        if (!isWhole) throw error;
        return { turns: lastOf(inRedis, last), from: 'hot', isDegraded: false };
      }
      if (inRedis === null) return { turns: inDatabase, from: 'cold', isDegraded: true };
      const known = new Set(inRedis.map(({ turn }) => turn));
      const missing = inDatabase.filter(({ turn }) => !known.has(turn));
      const turns = lastOf(
        [...inRedis, ...missing].sort((a, b) => a.turn - b.turn),
        last,
      );
      const recent = new Set(turns.slice(-hotTurns));
      const toKeep = missing.filter((turn) => recent.has(turn));
      if (toKeep.length > 0) await hot.rebuild(conversation, toKeep).catch(() => {});
      trusted.set(conversation, true);
      const from = missing.length === 0 ? 'hot' : inRedis.length === 0 ? 'cold' : 'both';
      return { turns, from, isDegraded: false };
    },
  };
}

/** Whether these turns are all that is asked for: without a gap, from the first one on or as many as wanted. */
function holdsAll(turns: readonly Turn[], last: number | null): boolean {
  const [first, end] = [turns[0]?.turn, turns.at(-1)?.turn];
  if (first === undefined || end === undefined || end - first + 1 !== turns.length) return false;
  return first === 1 || (last !== null && turns.length >= last);
}

function lastOf(turns: readonly Turn[], last: number | null): Turn[] {
  return last === null ? [...turns] : turns.slice(-last);
}
