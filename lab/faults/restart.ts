import { sleep } from '../common/clock.ts';
import { once } from '../common/once.ts';
import { type Fault, HEAL_PROOF_MS } from './fault.ts';
import { endProcesses, namesOf, startProcesses } from './processes.ts';
import { inWords, nodesOf, type Targets } from './target.ts';

export interface RestartOptions {
  /** Whether the process finds its files again. `lost` is a node without persistence, or on a new disk. */
  data: 'kept' | 'lost';
  /** Milliseconds between the end and the new start. Default 0: a supervisor that restarts at once. */
  downMs?: number;
}

/** Kills server processes and starts them again, as a supervisor does. There is nothing left to heal. */
export function restart(target: Targets, { data, downMs = 0 }: RestartOptions): Fault {
  const how = data === 'kept' ? 'with whatever is on its disk' : 'with an empty disk';
  return {
    name: 'restart',
    text: `restart ${inWords(target)} ${how}`,
    aims: [target],
    async inject(surface) {
      const nodes = await nodesOf(target, surface);
      const ended = await endProcesses(nodes, 'SIGKILL', HEAL_PROOF_MS);
      if (downMs > 0) await sleep(downMs);
      const started = await startProcesses(nodes, data);
      return {
        text: `restart ${namesOf(nodes)} ${how}`,
        targets: nodes.map((node) => node.name),
        proof: { proved: ended.proved && started.proved, text: `${ended.text}; ${started.text}` },
        heal: once(async () => ({ proved: true, text: 'a restart heals itself' })),
      };
    },
  };
}
