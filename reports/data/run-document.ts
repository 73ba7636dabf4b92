import type { CheckResult, Figures } from '../../lab/checkers/checker.ts';
import type { RunRecord } from '../../lab/run/record.ts';

/** What stands in the `format` field of every run.json. */
export const runFormat = 'failover-lab/run';

/** The version of run.json that this code writes and reads. */
export const runVersion = 1;

/** run.json: one run's record, under a format and a version. */
export interface RunDocument extends RunRecord {
  readonly format: typeof runFormat;
  readonly version: typeof runVersion;
}

/**
 * The document of a finished run. A figure that is no number (a share of nothing) becomes null: JSON knows
 * neither NaN nor Infinity.
 */
export function documentOf(record: RunRecord): RunDocument {
  return {
    format: runFormat,
    version: runVersion,
    ...record,
    checks: record.checks.map((check) => ({ ...check, figures: finiteFigures(check.figures) })),
  };
}

/** The text of run.json. Lone surrogates in keys and errors are escaped by JSON itself. */
export function textOf(document: RunDocument): string {
  return `${JSON.stringify(document)}\n`;
}

/** A check's figures with everything that JSON cannot hold replaced by null. */
export function finiteFigures(figures: CheckResult['figures']): Figures {
  const finite = ([name, value]: [string, Figures[string]]) =>
    typeof value === 'number' && !Number.isFinite(value) ? [name, null] : [name, value];
  return Object.fromEntries(Object.entries(figures).map(finite));
}
