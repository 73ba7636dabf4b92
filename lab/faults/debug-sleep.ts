import { sleep } from '../common/clock.ts';
import { once } from '../common/once.ts';
import type { Fault } from './fault.ts';
import { answering, namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

const SILENCE_MS = 30;

/** Blocks data nodes inside Redis by `DEBUG SLEEP`, as a slow command does: the process lives, its event loop stands. It ends by itself. */
export function debugSleep(target: Targets, { seconds }: { seconds: number }): Fault {
  return {
    name: 'debug-sleep',
    text: `block ${inWords(target)} for ${seconds} s`,
    aims: [target],
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const before = await answering(nodes, surface, 1000);
      const over = Promise.all(
        // The connection times out while the server sleeps; what matters is that the order was sent.
        nodes.map((node) => node.control.call('DEBUG', 'SLEEP', String(seconds)).catch(() => {})),
      ).then(() => sleep(0));
      await sleep(5);
      const answers = await answering(nodes, surface, Math.min(SILENCE_MS, seconds * 500));
      return {
        text: `block ${namesOf(nodes)} by DEBUG SLEEP ${seconds}`,
        targets: nodes.map((node) => node.name),
        proof: {
          proved: before.every(Boolean) && !answers.some(Boolean),
          text: `answered before: ${before.join(', ')}; while blocked: ${answers.join(', ')}`,
        },
        heal: once(async () => {
          await over;
          const again = await answering(nodes, surface, seconds * 1000 + 1000);
          return { proved: again.every(Boolean), text: `answering again: ${again.join(', ')}` };
        }),
      };
    },
  };
}
