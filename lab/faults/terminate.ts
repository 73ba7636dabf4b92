import { type Fault, healOnce } from './fault.ts';
import { endProcesses, namesOf, startProcesses } from './processes.ts';
import { inWords, nodesOf, type Targets } from './target.ts';

/** Ends server processes by SIGTERM: an orderly shutdown, which saves a dump where save points are configured. */
export function terminate(target: Targets, { data = 'kept' }: { data?: 'kept' | 'lost' } = {}): Fault {
  return {
    name: 'terminate',
    text: `shut ${inWords(target)} down`,
    async inject(surface) {
      const nodes = await nodesOf(target, surface);
      return {
        text: `shut ${namesOf(nodes)} down by SIGTERM`,
        targets: nodes.map((node) => node.name),
        proof: await endProcesses(nodes, 'SIGTERM'),
        heal: healOnce(() => startProcesses(nodes, data)),
      };
    },
  };
}
