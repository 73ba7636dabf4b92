import type { Interruption } from './interruption.ts';
import { type Machine, prepareMachine } from './machine.ts';
import { hasApplication, labClockOf, type PlannedRun } from './plan-runs.ts';
import type { Streams } from './setup.ts';
import { setupDisplay } from './setup-display.ts';

/** What this machine gives to these runs, with a display of what has to be brought. Null when it was interrupted meanwhile. */
export async function machineFor(
  plans: readonly PlannedRun[],
  { redis }: { redis?: string },
  { stdout }: Streams,
  { signal }: Pick<Interruption, 'signal'>,
): Promise<Machine | null> {
  const display = setupDisplay(stdout);
  try {
    return await prepareMachine({
      application: plans.some(hasApplication),
      labClock: plans.map(labClockOf).find((each) => each !== 'none') ?? 'none',
      signal,
      onProgress: (progress) => display.show(progress),
      ...(redis === undefined ? {} : { redis }),
    });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    display.end();
  }
}
