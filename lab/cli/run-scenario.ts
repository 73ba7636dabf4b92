import type { RunEvent } from '../run/events.ts';
import type { BackendName } from '../run/place.ts';
import type { RunOutcome, RunRecord, TimingName, VariantName } from '../run/record.ts';

export interface RunScenarioOptions {
  variant: VariantName;
  /** A whole number; default: random. It fixes what is drawn, not how the operating system schedules. */
  seed?: number;
  /** Default: `fast`, or what the scenario has instead. */
  timing?: TimingName;
  /** Lab time per real time (docs/lab-time.md). Default: the scenario's own, else 1. */
  speed?: number;
  /** Where the run folder is made. Default: as with `lab run`. */
  out?: string;
  /** redis-server, or the directory that holds it. Default: found or brought, as with `lab setup`. */
  redis?: string;
  /** Where its hosts are made. Default: `auto`, namespaces where they can be made, else containers. */
  backend?: BackendName | 'auto';
  /** Called with everything that happens, in order. */
  onEvent?: (event: RunEvent) => void;
  /** Aborting it stops the run, whose outcome is then `lab-failed`. */
  signal?: AbortSignal;
}

/** What came of a run. */
export interface ScenarioResult {
  outcome: RunOutcome;
  /** Why, in a sentence. */
  reason: string;
  /** The run folder: run.json, history.jsonl, report.html, junit.xml, logs/. */
  dir: string;
  record: RunRecord;
}

/**
 * Runs one variant of one scenario, given by its name in `lab list`, by its file's path, or by its file's URL: a
 * run has a process of its own, which loads the file itself. Resolves with what came of it, whatever that is.
 * Throws UsageError when there is no such scenario or an option makes no sense, LabError when nothing could be
 * run at all.
 */
export async function runScenario(
  scenario: string | URL,
  options: RunScenarioOptions,
): Promise<ScenarioResult> {
  // Scenarios import the module that exports this, in every run: what it takes is loaded when it is called.
  const { runOne } = await import('./run-one.ts');
  return runOne(scenario, options);
}
