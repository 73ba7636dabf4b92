import type { AppConfig } from '../config.ts';
import type { RedisClient } from '../context.ts';
import { APPEND, PENDING, PERSISTED, REBUILD } from './hot-scripts.ts';
import type { Turn } from './turn.ts';

/** The last turns of conversations, in Redis. Everything rejects with ioredis' error while Redis is away. */
export interface HotTurns {
  /** Adds a turn unless its number is there; resolves with how many turns of the conversation wait to be persisted. */
  append(conversation: number, turn: Turn, isPersisted: boolean): Promise<number>;
  /** In order. Empty when there are none. */
  read(conversation: number): Promise<Turn[]>;
  /** Those that are not in PostgreSQL yet, oldest first, at most `PERSIST_AT_ONCE`. */
  pending(conversation: number): Promise<Turn[]>;
  /** Says that these are in PostgreSQL; resolves with how many still wait. */
  persisted(conversation: number, turns: readonly Turn[]): Promise<number>;
  /** Puts turns back that were read from PostgreSQL. */
  rebuild(conversation: number, turns: readonly Turn[]): Promise<void>;
}

/** Turns that one statement persists at most. */
export const PERSIST_AT_ONCE = 500;

type Command = (...args: (string | number)[]) => Promise<unknown>;

export function hotTurns(
  redis: RedisClient,
  { hotTurns: keep, ttlSeconds }: AppConfig['conversations'],
): HotTurns {
  const run = (name: string, lua: string) => {
    redis.defineCommand(name, { numberOfKeys: 2, lua });
    // defineCommand adds the method at run time; its types cannot know.
    const command = (redis as unknown as Record<string, Command>)[name] as Command;
    return (conversation: number, ...args: (string | number)[]) => {
      // Braces keep both keys in one slot of a cluster.
      const key = `conversation:{${conversation}}`;
      return command.call(redis, `${key}:turns`, `${key}:unpersisted`, ...args);
    };
  };
  const append = run('conversationAppend', APPEND);
  const pending = run('conversationPending', PENDING);
  const persisted = run('conversationPersisted', PERSISTED);
  const rebuild = run('conversationRebuild', REBUILD);
  return {
    append: async (conversation, { turn, text }, isPersisted) =>
      Number(await append(conversation, keep, ttlSeconds, isPersisted ? 1 : 0, turn, text)),
    read: async (conversation) =>
      (await redis.zrange(`conversation:{${conversation}}:turns`, '0', '-1')).map(parse),
    pending: async (conversation) => {
      const members = await pending(conversation, PERSIST_AT_ONCE);
      return Array.isArray(members) ? members.map(String).map(parse) : [];
    },
    persisted: async (conversation, turns) =>
      Number(await persisted(conversation, keep, ...turns.map(({ turn }) => turn))),
    async rebuild(conversation, turns) {
      const flat = turns.flatMap(({ turn, text }) => [turn, text]);
      await rebuild(conversation, keep, ttlSeconds, ...flat);
    },
  };
}

function parse(member: string): Turn {
  const colon = member.indexOf(':');
  return { turn: Number(member.slice(0, colon)), text: member.slice(colon + 1) };
}
