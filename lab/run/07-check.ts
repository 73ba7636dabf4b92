import type { CheckSpec, JudgedCheck } from '../checkers/checker.ts';
import type { Expectation } from '../checkers/expectations.ts';
import { type Judgement, judge } from '../checkers/expectations.ts';
import { runChecks } from '../checkers/run-checks.ts';
import type { Observations } from '../history/observations.ts';
import type { ClientInfo } from '../history/operation.ts';
import { readHistory } from '../history/read-history.ts';
import { computeSeries, type SeriesAndErrors } from '../history/series.ts';

/** What checking yields, at the end of a run and again with `lab check`. */
export interface Checked extends SeriesAndErrors {
  checks: JudgedCheck[];
  judgement: Judgement;
  clients: readonly ClientInfo[];
}

/** Reads the history back from disk and judges it: everything that follows needs no network and no clock. */
export async function check(
  historyFile: string,
  seen: Observations,
  specs: readonly CheckSpec[],
  expect: readonly Expectation[],
): Promise<Checked> {
  const { history } = await readHistory(historyFile);
  const checks = runChecks(specs, { history, seen });
  const { durationMs } = seen;
  return {
    checks,
    judgement: judge(expect, checks),
    clients: history.clients,
    ...computeSeries({ operations: history.operations, clients: history.clients, durationMs }),
  };
}
