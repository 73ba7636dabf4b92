import { once } from '../common/once.ts';
import type { Fault } from './fault.ts';
import { answering, namesOf, signalFamily } from './processes.ts';
import { inWords, nodesOf, type Targets } from './target.ts';

/** Silence of a stopped process on a path that answers in well under a millisecond otherwise. */
const SILENCE_MS = 30;

/** Stops server processes by SIGSTOP: they hang with all connections open. The heal continues them. */
export function pause(target: Targets): Fault {
  return {
    name: 'pause',
    text: `freeze ${inWords(target)}`,
    aims: [target],
    async inject(surface) {
      const nodes = await nodesOf(target, surface);
      const before = await answering(nodes, surface, 1000);
      for (const node of nodes) {
        if (node.process !== null) signalFamily(node.process, 'SIGSTOP');
        surface.paused(node.name, true);
      }
      const after = await answering(nodes, surface, SILENCE_MS);
      return {
        text: `freeze ${namesOf(nodes)} by SIGSTOP`,
        targets: nodes.map((node) => node.name),
        proof: {
          proved: before.every(Boolean) && !after.some(Boolean),
          text: `${namesOf(nodes)}: answered before: ${before.join(', ')}; within ${SILENCE_MS} ms after: ${after.join(', ')}`,
        },
        heal: once(async () => {
          for (const node of nodes) {
            if (node.process !== null) signalFamily(node.process, 'SIGCONT');
            surface.paused(node.name, false);
          }
          const again = await answering(nodes, surface, 2000);
          return {
            proved: again.every(Boolean),
            text: `${namesOf(nodes)} answering again: ${again.join(', ')}`,
          };
        }),
      };
    },
  };
}
