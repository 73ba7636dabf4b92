/**
 * Scenarios as vitest tests. A test file is two lines:
 *
 *     import { scenarioTests } from 'failover-lab/vitest';
 *     scenarioTests(new URL('./mine.scenario.ts', import.meta.url));
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { type RunScenarioOptions, runScenario } from './cli/run-scenario.ts';
import type { VariantName } from './run/record.ts';
import { loadScenario } from './scenario/load-scenario.ts';

export interface ScenarioTestsOptions extends Pick<RunScenarioOptions, 'seed' | 'timing' | 'out' | 'redis'> {
  /** Default: vulnerable and hardened. */
  variants?: readonly VariantName[];
  /** Milliseconds for each variant. Default 120 000, with the production timing 900 000. */
  timeoutMs?: number;
}

/**
 * Registers one test for each variant of a scenario, given by its file's path or URL. A test passes when the run
 * came out as expected; otherwise its error says why, where the report is and how to run it again. A test that
 * takes too long, or is cancelled, stops its run.
 */
export function scenarioTests(file: string | URL, options: ScenarioTestsOptions = {}): void {
  const absolute = path.resolve(file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file);
  const { variants = ['vulnerable', 'hardened'], timeoutMs, ...runOptions } = options;
  const timeout = timeoutMs ?? (options.timing === 'production' ? 900_000 : 120_000);
  describe(path.basename(absolute), async () => {
    const { scenario } = await loadScenario(absolute);
    describe(scenario.name, () => {
      for (const variant of variants) {
        test(variant, { timeout }, async ({ signal }) => {
          const { outcome, reason, record, dir } = await runScenario(absolute, {
            variant,
            signal,
            ...runOptions,
          });
          if (outcome === 'as-expected') return;
          const again = `seed ${record.seed}\nrun it again: ${record.commands.replay}`;
          const report = path.join(dir, 'report.html');
          throw new Error(`${scenario.name} ${variant}: ${outcome}: ${reason}\nreport: ${report}\n${again}`);
        });
      }
    });
  });
}
