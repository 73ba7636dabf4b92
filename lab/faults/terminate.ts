import { once } from '../common/once.ts';
import type { Fault } from './fault.ts';
import { endProcesses, namesOf, startProcesses } from './processes.ts';
import { inWords, nodesOf, type Targets } from './target.ts';

export interface TerminateOptions {
  /** What the heal starts the processes with. Default `kept`. */
  data?: 'kept' | 'lost';
  /** Milliseconds until it counts as not proved. Default 15,000: Redis waits up to 10 s for lagging replicas (shutdown-timeout). */
  withinMs?: number;
}

/** Ends server processes by SIGTERM: an orderly shutdown, which saves a dump where save points are configured. */
export function terminate(
  target: Targets,
  { data = 'kept', withinMs = 15_000 }: TerminateOptions = {},
): Fault {
  return {
    name: 'terminate',
    text: `shut ${inWords(target)} down`,
    aims: [target],
    async inject(surface) {
      const nodes = await nodesOf(target, surface);
      return {
        text: `shut ${namesOf(nodes)} down by SIGTERM`,
        targets: nodes.map((node) => node.name),
        proof: await endProcesses(nodes, 'SIGTERM', withinMs),
        heal: once(() => startProcesses(nodes, data)),
      };
    },
  };
}
