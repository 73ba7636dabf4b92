import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { validateAims } from '../faults/validate-aims.ts';
import { faultFromWords } from '../faults/words/fault-from-words.ts';
import type { FaultWindow } from '../history/observations.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import { worldOf } from '../scenario/planned-world.ts';
import type { RunContext } from './context.ts';
import type { Order } from './order.ts';

/**
 * The disturb phase of a standing lab: faults come as orders from outside, until it is released. Rejects when the run is
 * aborted. What is in force then is healed by the next phase, as after a schedule.
 */
export async function byHand(run: RunContext, nemesis: Nemesis): Promise<void> {
  const { orders, released, signal } = run;
  orders.open((order) => serve(order, run, nemesis));
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await Promise.race([released, aborted]);
  signal.throwIfAborted();
  await Promise.race([orders.close(), aborted]);
  signal.throwIfAborted();
}

async function serve(order: Order, run: RunContext, nemesis: Nemesis): Promise<readonly FaultWindow[]> {
  if (order.do === 'heal') return healed(order.id, nemesis);
  const { fault, endsItself } = faultFromWords(order.words);
  validateAims(fault, worldOf(run.experiment));
  const window = { ...(await nemesis.inject(fault)) };
  // Nobody will heal what needs no healing; where it lasts a while, that is waited for beside other orders.
  if (endsItself) void nemesis.heal(window.id);
  return [window];
}

async function healed(id: string | null, nemesis: Nemesis): Promise<readonly FaultWindow[]> {
  const inForce = nemesis.idsInForce();
  if (id === null) {
    await nemesis.healAll();
    return nemesis.windows.filter((window) => inForce.includes(window.id));
  }
  const window = await nemesis.heal(id);
  if (window !== null) return [window];
  const message = `there is no fault ${JSON.stringify(id)} in force`;
  throw new UsageError(
    inForce.length === 0 ? `${message}, nor any other` : withNearest(message, id, inForce),
  );
}
