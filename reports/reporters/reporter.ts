import type { RunEvent } from '../../lab/run/events.ts';

/** The event of one type. */
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** Which run an event belongs to: several may be under way at the same time. The same object for all of a run's events. */
export type RunInfo = EventOf<'run-started'>;

/**
 * Listens to runs. Every method is optional, and may be asynchronous; a reporter that throws or rejects is not
 * called again, and the others go on (see multiplexer.ts).
 */
export interface Reporter {
  /** For the message when it breaks. */
  name: string;
  onRunStarted?(run: RunInfo): void | Promise<void>;
  onPhase?(run: RunInfo, event: EventOf<'phase'>): void | Promise<void>;
  onProgress?(run: RunInfo, event: EventOf<'progress'>): void | Promise<void>;
  onEvent?(run: RunInfo, event: EventOf<'event'>): void | Promise<void>;
  /** A run that was asked to stay (`--keep`) is over, and everything still stands. */
  onKept?(run: RunInfo, event: EventOf<'kept'>): void | Promise<void>;
  onRunEnded?(run: RunInfo, event: EventOf<'run-ended'>): void | Promise<void>;
  /** Every run of the invocation has ended; nothing comes after it. */
  onEnd?(): void | Promise<void>;
}
