import { existsSync } from 'node:fs';
import path from 'node:path';
import { documentOf, textOf } from '../../reports/data/run-document.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { junitXml } from '../../reports/reporters/junit-xml.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { slotOwnershipOf } from '../checkers/slot-ownership.ts';
import { LabError } from '../common/errors.ts';
import { type Checked, check } from '../run/07-check.ts';
import type { RunRecord } from '../run/record.ts';
import { differences } from './differences.ts';
import { exitCodeOf } from './exit-code.ts';
import { damage, type RunFolder, readRunFolder } from './run-folder.ts';
import type { Streams } from './setup.ts';
import { siblingOf } from './sibling.ts';

/**
 * `lab check`: judges a run again from run.json and history.jsonl alone, says what differs, and rewrites
 * run.json and the reports. Returns the outcome's exit code. UsageError for a folder that is no whole run's.
 */
export async function checkCommand(given: string, { stdout }: Streams): Promise<number> {
  const folder = readRunFolder(given);
  const { dir, file, document } = folder;
  const after = documentOf(judgedAgain(document, await judge(folder)));
  const changes = differences(document, after);
  writeWholeFile(file, textOf(after));
  const sibling = siblingOf(folder);
  const report = path.join(dir, 'report.html');
  writeWholeFile(report, renderReport(after, sibling === null ? {} : { sibling }));
  writeWholeFile(path.join(dir, 'junit.xml'), junitXml([{ dir, record: after }]));
  const { scenario, variant, seed, outcome, reason } = after;
  const lines = [
    `${scenario.name} ${variant} (seed ${seed}): ${outcome}: ${reason}`,
    ...after.checks.map(({ name, verdict, summary }) => `  ${name}: ${verdict}: ${summary}`),
    changes.length === 0
      ? 'nothing differs from the earlier judgement'
      : 'differs from the earlier judgement:',
    ...changes.map((change) => `  ${change}`),
    `report: ${report}`,
  ];
  for (const line of lines) stdout.write(`${line}\n`);
  return exitCodeOf([outcome]);
}

async function judge({ dir, document }: RunFolder): Promise<Checked> {
  const history = path.join(dir, 'history.jsonl');
  if (document.outcome === 'lab-failed' && !existsSync(history)) {
    throw new LabError('there is nothing to judge: the run failed before it recorded anything', {
      details: document.reason.split('\n'),
    });
  }
  const expected = document.expectations.map(({ met: _, found: __, ...expectation }) => expectation);
  try {
    return await check(history, document.seen, document.checkSpecs, expected);
  } catch (error) {
    throw damage(error);
  }
}

/** A run in which the lab failed stays one: its checks are worth reading, its claim was never put to the test. */
function judgedAgain(before: RunRecord, { checks, judgement, clients, series, errors }: Checked): RunRecord {
  const hasFailed = before.outcome === 'lab-failed';
  const ownership = slotOwnershipOf(before.seen);
  const conclusion = hasFailed ? before : judgement;
  return {
    ...before,
    outcome: conclusion.outcome,
    reason: conclusion.reason,
    checks,
    clients,
    ...(ownership === null ? {} : { ownership }),
    series,
    errors,
    expectations: hasFailed ? before.expectations : judgement.results,
  };
}
