import { sleep } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import { once } from '../common/once.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { namesOf, startProcesses } from './processes.ts';
import { systemOf } from './target.ts';

export interface KillLeaderOptions {
  /** Which of several systems. Default: the first, or the only one. */
  system?: string;
  /** How long to wait for an election in ms; something has to bring it about. */
  withinMs: number;
}

/**
 * Waits for Sentinels to elect a leader, which dies of its election before it does anything
 * (`SENTINEL SIMULATE-FAILURE crash-after-election`, sentinel.c). The others live. The heal starts it again.
 */
export function killLeader({ system, withinMs }: KillLeaderOptions): Fault {
  return {
    name: 'kill-leader',
    text: 'kill the Sentinel that is elected to lead the failover, right after its election',
    only: { kinds: ['sentinel'], of: system },
    async inject(surface) {
      const running = systemOf(system, surface.topology).nodes.filter(
        (node) => node.kind === 'sentinel' && node.process?.exit === null,
      );
      if (running.length === 0) throw new LabError('no Sentinel is running that could be elected');
      await Promise.all(running.map((node) => tell(node, 'crash-after-election')));
      const ends = running.flatMap((node) => node.process?.exited.then(() => node) ?? []);
      const dead = await Promise.race([...ends, sleep(withinMs).then(() => null)]);
      // `help` sets nothing and so takes back what was set.
      const alive = running.filter((node) => node !== dead && node.process?.exit === null);
      await Promise.all(alive.map((node) => tell(node, 'help')));
      const hit = running.filter((node) => !alive.includes(node));
      return {
        text: `kill ${dead === null ? 'nobody: no Sentinel' : namesOf(hit)}, right after its election`,
        targets: hit.map((node) => node.name),
        proof:
          dead === null
            ? { proved: false, text: `no Sentinel was elected within ${withinMs} ms` }
            : { proved: hit.length === 1, text: `${namesOf(hit)} ended` },
        heal: once(() => startProcesses(hit, 'kept')),
      };
    },
  };
}

async function tell(node: TopologyNode, failure: 'crash-after-election' | 'help'): Promise<void> {
  await node.control.call('SENTINEL', 'SIMULATE-FAILURE', failure);
}
