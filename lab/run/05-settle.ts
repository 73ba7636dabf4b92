import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import type { Provisioned } from './01-provision.ts';
import type { Load } from './02-warm-up.ts';
import type { RunContext } from './context.ts';

const DEFAULT_AFTER_MS = 1000;
const GRACE_MS = 1000;

/** Waits until the system is whole again, lets the load run on for a while, and stops it. Returns when it was stopped. */
export async function settle(run: RunContext, { topology }: Provisioned, load: Load): Promise<number> {
  const { experiment, timing } = run;
  try {
    await topology.settled(experiment.settleWithinMs ?? timing.failoverBoundMs);
  } catch (error) {
    run.signal.throwIfAborted();
    run.events.record({ at: run.clock.now(), source: 'lab', kind: 'note', text: messageOf(error) });
  }
  await sleep(experiment.load?.afterMs ?? DEFAULT_AFTER_MS, run.signal);
  const stoppedAt = run.clock.now();
  await Promise.all(load.groups.map((group) => group.stop(GRACE_MS)));
  run.signal.throwIfAborted();
  return stoppedAt;
}
