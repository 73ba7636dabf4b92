import { monotonicMs, sleep } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { paceProbe } from '../probes/pace-probe.ts';
import { provision } from './01-provision.ts';
import { warmUp } from './02-warm-up.ts';
import { disturb, nemesisOf } from './03-disturb.ts';
import { settle } from './05-settle.ts';
import { collect } from './06-collect.ts';
import { check } from './07-check.ts';
import { collectApplication } from './application-state.ts';
import { recordOf } from './build-record.ts';
import { byHand } from './by-hand.ts';
import { checksOf } from './checks-of.ts';
import type { RunContext } from './context.ts';
import { reportProgress } from './progress.ts';
import { observationsOf, type Progressed } from './progressed.ts';
import type { RunRecord } from './record.ts';

/** The phases in order, as reporters announce them. */
export const PHASES = ['provision', 'warm up', 'disturb', 'heal', 'settle', 'collect', 'check'] as const;

/** How long everything may take to be undone. */
const TEAR_DOWN_MS = real(10_000);

/**
 * Runs one variant of one scenario from nothing to a verdict. `state` begins as `nothingYet()` and tells all the while how
 * far the run is; `keep` is awaited with everything still standing.
 */
export async function run(
  context: RunContext,
  state: Progressed,
  keep: () => Promise<void>,
): Promise<RunRecord> {
  try {
    await phases(context, state, keep);
  } catch (error) {
    state.failure = context.signal.aborted ? asError(context.signal.reason) : asError(error);
  } finally {
    await tearDown(context, state);
  }
  return recordOf(context, state);
}

async function phases(context: RunContext, state: Progressed, keep: () => Promise<void>): Promise<void> {
  const phase = async <T>(name: (typeof PHASES)[number], work: () => Promise<T>): Promise<T> => {
    context.signal.throwIfAborted();
    const entry = { name, from: context.clock.now(), to: context.clock.now() };
    state.phases.push(entry);
    context.emit({ type: 'phase', name, at: entry.from });
    try {
      return await work();
    } finally {
      entry.to = context.clock.now();
    }
  };

  const provisioned = await phase('provision', () => provision(context));
  state.provisioned = provisioned;
  const nemesis = nemesisOf(context, provisioned);
  state.nemesis = nemesis;
  const load = await phase('warm up', () => warmUp(context, provisioned));
  state.load = load;
  const pace = context.job.speed === 1 ? null : paceProbe(context.job.speed);
  if (pace !== null) provisioned.probes.onAnswer = pace.answered;
  using _progress = reportProgress(context, state, load, nemesis);
  await phase('disturb', () =>
    context.job.standing === undefined ? disturb(context, nemesis) : byHand(context, nemesis),
  );
  await phase('heal', () => nemesis.healAll());
  state.loadEndedAt = await phase('settle', () => settle(context, provisioned, load));
  state.pace = pace?.end() ?? null;
  await phase('collect', async () => {
    await collect(context, provisioned);
    await collectApplication(context, provisioned, load.table);
  });
  state.endedAt = context.clock.now();
  await keep();
  await tearDown(context, state);
  state.checked = await phase('check', () =>
    check(context.historyFile, observationsOf(context, state), checksOf(context), context.experiment.expect),
  );
}

/** Undoes everything in reverse, within its own deadline; a second call does nothing. */
async function tearDown(context: RunContext, state: Progressed): Promise<void> {
  const startedAt = monotonicMs();
  const late = sleep(TEAR_DOWN_MS).then(() => {
    throw new LabError(`tear-down took longer than ${TEAR_DOWN_MS} ms`);
  });
  late.catch(() => {});
  try {
    await Promise.race([context.undo.disposeAsync(), late]);
    state.tearDownMs ??= monotonicMs() - startedAt;
  } catch (error) {
    state.failure ??= asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new LabError(String(error));
}
