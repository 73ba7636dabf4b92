import { appendFileSync } from 'node:fs';
import type { RunOutcome, RunRecord } from '../../lab/run/record.ts';
import { annotation, stepSummary } from './github-text.ts';
import type { TextStream } from './paint.ts';
import type { Reporter } from './reporter.ts';

export interface GithubOptions {
  /** Default: process.stdout. */
  stream?: Pick<TextStream, 'write'>;
  /** The file that GitHub shows on the job's page, `GITHUB_STEP_SUMMARY`; without one none is written. */
  summaryFile: string | undefined;
}

/** What the summary needs to know of a run. */
export type GithubRun = Pick<RunRecord, 'variant' | 'seed' | 'outcome' | 'reason' | 'commands'> & {
  scenario: Pick<RunRecord['scenario'], 'name' | 'title' | 'file'>;
};

const levels: Readonly<Partial<Record<RunOutcome, 'error' | 'warning'>>> = {
  unexpected: 'error',
  'lab-failed': 'error',
  inconclusive: 'warning',
};

/**
 * For GitHub Actions: an annotation at the scenario's file for each run that did not come out as expected, and at the end
 * the matrix of all runs on the job's page.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReporter({ stream = process.stdout, summaryFile }: GithubOptions): Reporter {
  const runs: GithubRun[] = [];
  return {
    name: 'GitHub',
    onRunEnded(_, { record }) {
      const { variant, seed, outcome, reason, commands, scenario } = record;
      const { name, title, file } = scenario;
      runs.push({ variant, seed, outcome, reason, commands, scenario: { name, title, file } });
      const level = levels[outcome];
      if (level === undefined) return;
      const text = `${reason}\n${commands.replay}`;
      stream.write(`${annotation(level, { title: `${name} ${variant}: ${outcome}`, file }, text)}\n`);
    },
    onEnd() {
      if (summaryFile !== undefined) appendFileSync(summaryFile, stepSummary(runs));
    },
  };
}
