import type { ProcessExit } from '../hosts/host.ts';

/** The lab's own process, wherever it runs; it has been told its job. */
export interface LabChild {
  /** Closed with us: the process ends then. */
  readonly stdin: NodeJS.WritableStream;
  /** One RunEvent a line. */
  readonly events: NodeJS.ReadableStream;
  /** What else it prints. */
  readonly output: readonly NodeJS.ReadableStream[];
  /** How it ended, once all its streams have been read. Rejects with LabError when it could not be started. */
  readonly ended: Promise<ProcessExit>;
  /** The process whose only child is the sandbox's first process; undefined where there is none. */
  readonly pid: number | undefined;
  /** Name of the container in which it runs; undefined where it runs in none, or not yet. */
  readonly container: string | undefined;
  /** Ends it, and everything of the run with it, at once. */
  kill(): void;
}
