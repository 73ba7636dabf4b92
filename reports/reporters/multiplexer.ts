import { messageOf } from '../../lab/common/errors.ts';
import type { RunEvent } from '../../lab/run/events.ts';
import type { EventOf, Reporter, RunInfo } from './reporter.ts';

/** A reporter that broke, and how. */
export interface ReporterFailure {
  reporter: string;
  error: unknown;
}

export interface Multiplexer {
  /** Where one run sends its events; a sink of its own for each of several runs at the same time. Never throws. */
  forRun(): (event: RunEvent) => void;
  /** To be called once, after all runs: waits for the reporters, says which of them broke, and gives them back. */
  end(): Promise<readonly ReporterFailure[]>;
}

/**
 * Hands every event to every reporter. One that breaks is left out from then on, the others go on, and `say`
 * (standard error by default) is told at the end, one line for each.
 */
export function multiplexer(
  reporters: readonly Reporter[],
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Multiplexer {
  const failures = new Map<Reporter, unknown>();
  /** What each reporter has still to do: its calls run one after the other, also the asynchronous ones. */
  const pending = new Map<Reporter, Promise<void>>();

  const break_ = (reporter: Reporter, error: unknown) => {
    if (!failures.has(reporter)) failures.set(reporter, error);
  };
  const call = (reporter: Reporter, action: (reporter: Reporter) => void | Promise<void>) => {
    const step = () => (failures.has(reporter) ? undefined : action(reporter));
    const before = pending.get(reporter);
    try {
      const result = before === undefined ? step() : before.then(step);
      if (result === undefined) return;
      const settled = result.catch((error) => break_(reporter, error));
      pending.set(reporter, settled);
      settled.then(() => pending.get(reporter) === settled && pending.delete(reporter));
    } catch (error) {
      break_(reporter, error);
    }
  };
  const all = (action: (reporter: Reporter) => void | Promise<void>) => {
    for (const reporter of reporters) call(reporter, action);
  };

  return {
    forRun() {
      let run: RunInfo | undefined;
      return (event) => {
        const known = event.type === 'run-started' ? event : (run ?? infoFrom(event));
        run = known;
        all((reporter) => dispatch(reporter, known, event));
      };
    },
    async end() {
      // One after the other: what a later reporter says at the end may stand on what an earlier one has written.
      for (const reporter of reporters) {
        call(reporter, (each) => each.onEnd?.());
        await pending.get(reporter);
      }
      const broken = [...failures].map(([reporter, error]) => ({ reporter: reporter.name, error }));
      for (const { reporter, error } of broken) {
        say(
          `The reporter "${reporter}" failed, what it should have told or written is missing: ${messageOf(error)}`,
        );
      }
      return broken;
    },
  };
}

function dispatch(reporter: Reporter, run: RunInfo, event: RunEvent): void | Promise<void> {
  switch (event.type) {
    case 'run-started':
      return reporter.onRunStarted?.(event);
    case 'phase':
      return reporter.onPhase?.(run, event);
    case 'progress':
      return reporter.onProgress?.(run, event);
    case 'event':
      return reporter.onEvent?.(run, event);
    case 'kept':
      return reporter.onKept?.(run, event);
    case 'run-ended':
      return reporter.onRunEnded?.(run, event);
  }
}

/** Who a run is when it failed before it could say that it had started. */
function infoFrom(event: Exclude<RunEvent, RunInfo>): RunInfo {
  const unknown = {
    scenario: 'unknown',
    title: '',
    claim: '',
    variant: 'vulnerable',
    timing: 'fast',
    speed: 1,
    seed: 0,
  } as const;
  if (event.type !== 'run-ended') return { type: 'run-started', ...unknown, dir: '', phases: [] };
  const { scenario, variant, timing, speed = 1, seed } = (event as EventOf<'run-ended'>).record;
  const { name, title, claim } = scenario;
  return {
    type: 'run-started',
    scenario: name,
    title,
    claim,
    variant,
    timing,
    speed,
    seed,
    dir: event.dir,
    phases: [],
  };
}
