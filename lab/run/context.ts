import type { Prng } from '../common/prng.ts';
import type { HostBackend } from '../hosts/host.ts';
import type { EventLog } from '../probes/event-log.ts';
import type { RunClock } from '../probes/run-clock.ts';
import type { Experiment, Scenario } from '../scenario/scenario.ts';
import type { Timing } from '../topology/timing.ts';
import type { LabTime } from '../workload/load/load-protocol.ts';
import type { RunEvent } from './events.ts';
import type { RunJob } from './job.ts';
import type { OrderDesk } from './order-desk.ts';
import type { ServerDifference } from './record.ts';

/** What every phase of a run is given. */
export interface RunContext {
  readonly job: RunJob;
  readonly scenario: Scenario;
  readonly experiment: Experiment;
  /** Present where this server is known to behave otherwise than the claim says; `experiment` expects what it does. */
  readonly knownDifference: ServerDifference | null;
  readonly timing: Timing;
  readonly clock: RunClock;
  /** Where the lab has a clock of its own: how its time follows from real time. */
  readonly labTime: LabTime | undefined;
  readonly events: EventLog;
  readonly random: Prng;
  readonly backend: HostBackend;
  /** Directory of all processes' logs. */
  readonly logs: string;
  readonly historyFile: string;
  /** The nemesis in words. */
  readonly scheduleText: readonly string[];
  /** Aborted by Ctrl-C and by anything that makes going on pointless. */
  readonly signal: AbortSignal;
  /** Ends the run as failed. */
  readonly abort: (error: Error) => void;
  /** What has been set up and must be undone, whatever happens; undone in reverse. */
  readonly undo: AsyncDisposableStack;
  /** Where a standing lab's orders arrive. */
  readonly orders: OrderDesk;
  /** Resolves when a run that was kept, or a standing lab, is to end in order. */
  readonly released: Promise<void>;
  /** Records once that a server does not offer something, and what is done instead. */
  note(text: string): void;
  emit(event: RunEvent): void;
}
