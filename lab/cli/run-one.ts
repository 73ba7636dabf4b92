import { randomInt } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { htmlReporter } from '../../reports/reporters/html.ts';
import { junitReporter } from '../../reports/reporters/junit.ts';
import { multiplexer } from '../../reports/reporters/multiplexer.ts';
import { runJsonReporter } from '../../reports/reporters/run-json.ts';
import { LabError, messageOf, UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { findScenarios } from '../scenario/catalogue.ts';
import { loadScenario } from '../scenario/load-scenario.ts';
import { isSpeed, SPEEDS } from '../time/speed.ts';
import { executeRun } from './execute-run.ts';
import { prepareMachine } from './machine.ts';
import { randomSeeds, timingNames } from './option-values.ts';
import { hasApplication, labClockOf, planRuns } from './plan-runs.ts';
import { defaultOut, runFolders } from './run-folders.ts';
import type { RunScenarioOptions, ScenarioResult } from './run-scenario.ts';

/** See runScenario, which loads this. */
export async function runOne(scenario: string | URL, options: RunScenarioOptions): Promise<ScenarioResult> {
  const { variant, timing, speed, seed = randomInt(randomSeeds), redis, backend, signal, onEvent } = options;
  validate(timing, seed, speed);
  const loaded =
    scenario instanceof URL ? [await loadScenario(fileURLToPath(scenario))] : await findScenarios([scenario]);
  const [plan] = planRuns(loaded, { variants: [variant], timing, speed, seed, repeat: 1 });
  if (plan === undefined) throw new UsageError(`there is no scenario ${String(scenario)}`);
  const withRedis = redis === undefined ? {} : { redis };
  const machine = await prepareMachine({
    application: hasApplication(plan),
    labClock: labClockOf(plan),
    ...withRedis,
    ...(backend === undefined ? {} : { backend }),
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  const dir = runFolders(options.out ?? defaultOut()).make(`${plan.scenario.name}-${variant}`);
  // One run needs no index over all of them.
  const { onEnd: _, ...html } = htmlReporter(path.join(dir, 'index.html'));
  const reports = multiplexer([runJsonReporter(), html, junitReporter()], () => {});
  const tell = reports.forRun();
  let thrown: { error: unknown } | undefined;
  const run = executeRun(plan, machine, {
    dir,
    keep: false,
    ...withRedis,
    onEvent: (event) => {
      tell(event);
      try {
        onEvent?.(event);
      } catch (error) {
        thrown ??= { error };
      }
    },
  });
  const stop = () => run.interrupt(messageOf(signal?.reason));
  signal?.addEventListener('abort', stop);
  const record = await run.record;
  signal?.removeEventListener('abort', stop);
  // The run itself must not suffer from its listener; but that it broke is said.
  if (thrown !== undefined) throw thrown.error;
  const [broken] = await reports.end();
  if (broken !== undefined) {
    throw new LabError(`${broken.reporter} of ${dir} could not be written: ${messageOf(broken.error)}`, {
      cause: broken.error,
    });
  }
  return { outcome: record.outcome, reason: record.reason, dir, record };
}

function validate(timing: string | undefined, seed: number, speed: number | undefined): void {
  const among = (what: string, name: string, known: readonly string[]) => {
    if (!known.includes(name))
      throw new UsageError(withNearest(`there is no ${what} ${JSON.stringify(name)}`, name, known));
  };
  if (timing !== undefined) among('timing', timing, timingNames);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError(`seed: expected a whole number of at least 0, got ${seed}`);
  if (speed !== undefined && !isSpeed(speed)) throw new UsageError(`speed: expected ${SPEEDS}, got ${speed}`);
}
