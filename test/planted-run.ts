import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Figures, type RunOutcome, runScenario, type Verdict } from 'failover-lab';

/** What came of a run of a planted bug: only what the checkers said, not what the scenario expected. */
export interface PlantedRun {
  outcome: RunOutcome;
  reason: string;
  verdict: Verdict;
  figures: Figures;
}

/** A figure as a number; NaN, which no comparison accepts, where there is none. */
export function figure(figures: Figures, name: string, part?: string): number {
  const value = figures[name];
  if (typeof value === 'number') return value;
  return part === undefined || value == null ? Number.NaN : (value[part] ?? Number.NaN);
}

/** Runs one variant of `planted/<name>.scenario.ts`, and looks at one check. */
export async function plantedRun(
  name: string,
  variant: 'vulnerable' | 'hardened',
  check: string,
): Promise<PlantedRun> {
  const out = mkdtempSync(path.join(tmpdir(), 'lab-planted-'));
  try {
    const file = new URL(`./planted/${name}.scenario.ts`, import.meta.url);
    const { outcome, reason, record } = await runScenario(file, { variant, out });
    const found = record.checks.find((one) => one.name === check);
    if (found === undefined) throw new Error(`${name} ${variant}: ${outcome}: ${reason}`);
    return { outcome, reason, verdict: found.verdict, figures: found.figures };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
