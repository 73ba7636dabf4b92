import type { FaultWindow } from '../history/observations.ts';

/** What a standing lab can be told to do. */
export type Order =
  /** Injects a fault, in the words of `lab fault`: `['kill', 'primary', '--data', 'lost']`. */
  | { do: 'inject'; words: readonly string[] }
  /** Heals the fault of this id, or with null all that are in force, the last first. */
  | { do: 'heal'; id: string | null };

/** What came of an order: the faults as they are now; or why nothing was done, `usage` where the order made no sense. */
export type Answer =
  | { ok: true; faults: readonly FaultWindow[] }
  | { ok: false; usage: boolean; message: string; details: readonly string[] };
