import type { LabEvent } from '../history/observations.ts';
import type { Answer } from './order.ts';
import type { RunRecord, TimingName, VariantName } from './record.ts';

/** Where a run stands, several times a second while it has load. */
export interface Progress {
  /** Milliseconds since the run's start. */
  at: number;
  phase: string;
  /** One line for each fault in force. */
  faults: readonly string[];
  /** Operations that ended `ok`, per second, over the last interval. */
  opsPerSecond: number;
  ok: number;
  fail: number;
  info: number;
  /** Acknowledged writes that the node that is now the primary does not have, by counting; null where nobody can tell. */
  lost: number | null;
}

/** What a run tells its reporters, in the order in which it happens. */
export type RunEvent =
  | {
      type: 'run-started';
      scenario: string;
      title: string;
      claim: string;
      variant: VariantName;
      timing: TimingName;
      /** Lab time per real time: all times are lab time. */
      speed: number;
      seed: number;
      /** The run folder. */
      dir: string;
      /** How many phases will come, in order. */
      phases: readonly string[];
    }
  | { type: 'phase'; name: string; at: number }
  | { type: 'progress'; progress: Progress }
  | { type: 'event'; event: LabEvent }
  /**
   * A run that was asked to stay (`--keep`) is over, and everything still stands. `pid` is the sandbox's first
   * process, seen from inside; `look` is how to look inside, a line each, told by whoever sees it from outside.
   */
  | { type: 'kept'; pid: number; look?: readonly string[] }
  /** What the run had come to when somebody asked to see it (`--watch`, `lab up`): not judged, its bulk thinned out. */
  | { type: 'snapshot'; record: RunRecord }
  /** What came of the order of this number. */
  | { type: 'answer'; id: number; answer: Answer }
  | { type: 'run-ended'; dir: string; record: RunRecord };
