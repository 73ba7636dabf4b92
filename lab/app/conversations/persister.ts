import type { FastifyBaseLogger } from 'fastify';
import type { ColdTurns } from './cold-turns.ts';
import { type HotTurns, PERSIST_AT_ONCE } from './hot-turns.ts';

/** Brings turns from Redis to PostgreSQL in the background, one conversation's at a time in this process. */
export interface Persister {
  /** A turn was added, and so many of its conversation wait now. */
  said(conversation: number, waiting: number): void;
  /** Persists whatever this process knows to be waiting. */
  flush(): Promise<void>;
  /** Conversations that wait for their turn to be persisted. */
  size(): number;
  close(): Promise<void>;
}

/** After so long without a new turn, fewer than `everyTurns` are persisted too: nothing waits until it expires. */
const IDLE_MS = 10_000;
const RETRY_MS = 1000;
const LOOK_EVERY_MS = 500;
/** Conversations that are remembered as waiting; beyond, the oldest are left to their next turn. */
const MOST_DUE = 100_000;

/** `count` hears of turns that were persisted, and of failures. */
export function persister(
  hot: HotTurns,
  cold: ColdTurns,
  everyTurns: number,
  log: Pick<FastifyBaseLogger, 'warn'>,
  count: { persisted(turns: number): void; failed(): void },
): Persister {
  const running = new Map<number, Promise<void>>();
  /** Conversations to look at once more when what runs has ended: it may have read before their last turn came. */
  const again = new Set<number>();
  /** When a conversation is to be persisted at the latest. */
  const due = new Map<number, number>();

  const remember = (conversation: number, at: number) => {
    due.delete(conversation);
    due.set(conversation, at);
    const [oldest] = due.keys();
    if (due.size > MOST_DUE && oldest !== undefined) due.delete(oldest);
  };

  const atOnce = Math.min(everyTurns, PERSIST_AT_ONCE);
  const persist = async (conversation: number, atLeast: number) => {
    try {
      let waiting = 0;
      do {
        const turns = await hot.pending(conversation);
        if (turns.length === 0) return;
        if (turns.length < atLeast) return remember(conversation, performance.now() + IDLE_MS);
        await cold.store(conversation, turns);
        waiting = await hot.persisted(conversation, turns);
        count.persisted(turns.length);
        // Some may have come meanwhile; as long as they are few, they wait for others.
      } while (waiting >= atOnce);
      if (waiting > 0) remember(conversation, performance.now() + IDLE_MS);
    } catch (error) {
      count.failed();
      log.warn({ conversation, reason: String(error) }, 'turns not persisted');
      remember(conversation, performance.now() + RETRY_MS);
    }
  };

  /** `atLeast`: fewer turns wait on for others. */
  const start = (conversation: number, atLeast = 1): Promise<void> => {
    const already = running.get(conversation);
    if (already !== undefined) {
      again.add(conversation);
      return already;
    }
    due.delete(conversation);
    const one = persist(conversation, atLeast).then(() => {
      running.delete(conversation);
      if (again.delete(conversation)) return start(conversation, atOnce);
    });
    running.set(conversation, one);
    return one;
  };

  const look = setInterval(() => {
    const now = performance.now();
    for (const [conversation, at] of due) if (at <= now) void start(conversation);
  }, LOOK_EVERY_MS);
  look.unref();

  const flush = async () => {
    await Promise.all(running.values());
    await Promise.all([...due.keys()].map((conversation) => start(conversation)));
  };
  return {
    said(conversation, waiting) {
      if (waiting === 0) return;
      remember(conversation, performance.now() + IDLE_MS);
      if (waiting >= everyTurns) void start(conversation);
    },
    flush,
    size: () => due.size + running.size,
    async close() {
      clearInterval(look);
      await flush();
    },
  };
}
