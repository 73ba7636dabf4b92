import type { Database } from '../context.ts';
import type { Turn } from './turn.ts';

/** Turns in PostgreSQL. Everything rejects with the database's error while it is away. */
export interface ColdTurns {
  /** Stores turns, each once: a number that is there stays as it is. */
  store(conversation: number, turns: readonly Turn[]): Promise<void>;
  /** The last `last` turns, or all, in order. */
  read(conversation: number, last: number | null): Promise<Turn[]>;
}

const STORE = `
INSERT INTO turns (conversation, turn, text)
SELECT $1, t.turn, t.text FROM unnest($2::integer[], $3::text[]) AS t (turn, text)
ON CONFLICT (conversation, turn) DO NOTHING`;

const READ = 'SELECT turn, text FROM turns WHERE conversation = $1 ORDER BY turn DESC LIMIT $2';

export function coldTurns(database: Database): ColdTurns {
  return {
    async store(conversation, turns) {
      const columns = [turns.map(({ turn }) => turn), turns.map(({ text }) => text)];
      await database.query('turns-store', STORE, [conversation, ...columns]);
    },
    // LIMIT NULL is no limit.
    read: async (conversation, last) =>
      (await database.query<Turn>('turns-read', READ, [conversation, last])).reverse(),
  };
}
