import { once } from '../common/once.ts';
import { type Fault, HEAL_PROOF_MS } from './fault.ts';
import { endProcesses, namesOf, startProcesses } from './processes.ts';
import { inWords, nodesOf, type Targets } from './target.ts';

/** Kills server processes by SIGKILL: nothing is saved, the host stays. The heal starts them again with their files as they are, or without. */
export function kill(target: Targets, { data = 'kept' }: { data?: 'kept' | 'lost' } = {}): Fault {
  return {
    name: 'kill',
    text: `kill ${inWords(target)}`,
    aims: [target],
    async inject(surface) {
      const nodes = await nodesOf(target, surface);
      return {
        text: `kill ${namesOf(nodes)} by SIGKILL`,
        targets: nodes.map((node) => node.name),
        proof: await endProcesses(nodes, 'SIGKILL', HEAL_PROOF_MS),
        heal: once(() => startProcesses(nodes, data)),
      };
    },
  };
}
