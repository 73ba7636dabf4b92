import {
  defineScenario,
  type Experiment,
  type ExperimentContext,
  type Fault,
  type Scenario,
} from 'failover-lab';

/** A bug, and the same without it, as a scenario: the vulnerable variant has the bug. */
export interface PlantedBug {
  /** The file's name without `.scenario.ts`. */
  name: string;
  /** What is planted, in a sentence. */
  bug: string;
  experiment(context: ExperimentContext): Experiment;
}

/** Fills in what a scenario has for its readers, which a planted bug has none of. */
export function planted({ name, bug, experiment }: PlantedBug): Scenario {
  return defineScenario({
    name,
    title: `Planted: ${name}`,
    claim: bug,
    variants: { vulnerable: bug, hardened: 'The same without it.' },
    advice: 'None: this tries the checkers.',
    settings: [],
    experiment,
  });
}

/** One primary, one replica, one Sentinel: the smallest group that can replicate and fail over. */
export const SMALLEST = { replicas: 1, sentinels: 1, quorum: 1 } as const;

/** Load for no longer than a checker needs. */
export const SHORT = { beforeMs: 300, afterMs: 500 } as const;

/** A fault that sends one command to the primary, past the mesh. Proved by an answer other than 0. */
export function command(...words: [string, ...string[]]): Fault {
  const [name, ...args] = words;
  return {
    name: 'command',
    text: `send ${words.join(' ')} to the primary`,
    async inject({ topology }) {
      const primary = await topology.primary();
      if (primary === null) throw new Error('there is no primary to send a command to');
      const answer = await primary.control.call(name, ...args);
      return {
        text: `send ${words.join(' ')} to ${primary.name}`,
        targets: [primary.name],
        proof: { proved: answer !== 0, text: `it answered ${String(answer)}` },
        heal: async () => ({ proved: true, text: 'a command cannot be taken back' }),
      };
    },
  };
}
