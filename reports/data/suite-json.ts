import type { Figures, Verdict } from '../../lab/checkers/checker.ts';
import type { RunOutcome, RunRecord, VariantName } from '../../lab/run/record.ts';
import { finiteFigures } from './run-document.ts';

/** What `--json FILE` holds: every run of one invocation, in the order in which they ended. */
export interface SuiteJson {
  runs: readonly SuiteRun[];
}

export interface SuiteRun {
  scenario: string;
  variant: VariantName;
  seed: number;
  outcome: RunOutcome;
  /** The run folder. */
  dir: string;
  /** In lab time, as every time here. */
  durationMs: number;
  /** Lab time per real time, and what the run really took; there where the speed was not 1. */
  speed?: number;
  realDurationMs?: number;
  readyMs: number;
  checks: readonly { name: string; verdict: Verdict; figures: Figures }[];
}

/** One finished run and the folder that it left. */
export interface FinishedRun {
  dir: string;
  record: RunRecord;
}

/** The body of `--json FILE`. */
export function suiteJson(runs: readonly FinishedRun[]): SuiteJson {
  return { runs: runs.map(suiteRun) };
}

/** What `--json FILE` holds of one run. */
export function suiteRun({ dir, record }: FinishedRun): SuiteRun {
  const { speed, realDurationMs } = record;
  return {
    scenario: record.scenario.name,
    variant: record.variant,
    seed: record.seed,
    outcome: record.outcome,
    dir,
    durationMs: record.durationMs,
    ...(speed === undefined ? {} : { speed }),
    ...(realDurationMs === undefined ? {} : { realDurationMs }),
    readyMs: record.readyMs,
    checks: record.checks.map(({ name, verdict, figures }) => ({
      name,
      verdict,
      figures: finiteFigures(figures),
    })),
  };
}
