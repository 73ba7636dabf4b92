import type { BackendName } from '../run/place.ts';
import type { Interruption } from './interruption.ts';
import { type Machine, prepareMachine } from './machine.ts';
import { hasApplication, labClockOf, type PlannedRun } from './plan-runs.ts';
import type { Streams } from './setup.ts';
import { setupDisplay } from './setup-display.ts';

/** What this machine gives to these runs, with a display of what has to be brought. Null when it was interrupted meanwhile. */
export async function machineFor(
  plans: readonly PlannedRun[],
  { redis, backend }: { redis?: string; backend?: BackendName | 'auto' },
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
      say: (why) => void stdout.write(`${why}\n`),
      ...(redis === undefined ? {} : { redis }),
      ...(backend === undefined ? {} : { backend }),
    });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    display.end();
  }
}

/** The same with each server that these runs name, by what was given as --redis. Null when it was interrupted meanwhile. */
export async function machinesFor(
  plans: readonly PlannedRun[],
  options: { redis?: string; backend?: BackendName | 'auto' },
  streams: Streams,
  interrupted: Pick<Interruption, 'signal'>,
): Promise<ReadonlyMap<string | undefined, Machine> | null> {
  const machines = new Map<string | undefined, Machine>();
  // One after the other: what all of them need is brought for the first.
  for (const [redis, own] of Map.groupBy(plans, (plan) => plan.redis ?? options.redis)) {
    const { backend } = options;
    const chosen = {
      ...(redis === undefined ? {} : { redis }),
      ...(backend === undefined ? {} : { backend }),
    };
    const machine = await machineFor(own, chosen, streams, interrupted);
    if (machine === null) return null;
    machines.set(redis, machine);
  }
  return machines;
}
