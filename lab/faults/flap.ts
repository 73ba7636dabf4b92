import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import type { Fault, InjectedFault } from './fault.ts';

/** Injects and heals another fault over and over: in force for `onMs`, gone for `offMs`, until it is healed. */
export function flap(fault: Fault, { onMs, offMs }: { onMs: number; offMs: number }): Fault {
  const text = `${fault.text}, flapping (${onMs} ms on, ${offMs} ms off)`;
  return {
    ...fault,
    name: 'flap',
    text,
    async inject(surface) {
      const stop = new AbortController();
      const first = await fault.inject(surface);
      let current: InjectedFault = first;
      let times = 1;
      let failed: unknown;
      const cycle = (async () => {
        for (;;) {
          await sleep(onMs, stop.signal);
          await current.heal();
          await sleep(offMs, stop.signal);
          current = await fault.inject(surface);
          times++;
        }
      })().catch((error: unknown) => {
        if (!stop.signal.aborted) failed = error;
      });
      return {
        text: `${first.text}, flapping (${onMs} ms on, ${offMs} ms off)`,
        targets: first.targets,
        proof: first.proof,
        heal: once(async () => {
          stop.abort();
          await cycle;
          const proof = await current.heal();
          if (failed !== undefined)
            return { proved: false, text: `stopped flapping by itself: ${messageOf(failed)}` };
          return { ...proof, text: `${proof.text}, after ${times} times` };
        }),
      };
    },
  };
}
