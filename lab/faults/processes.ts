import { messageOf } from '../common/errors.ts';
import { pingOnce } from '../mesh/link-probe.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { type FaultSurface, HEAL_PROOF_MS, type Proof } from './fault.ts';

/** Ends the nodes' processes by a signal and waits until the kernel has confirmed each end. */
export async function endProcesses(
  nodes: readonly TopologyNode[],
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<Proof> {
  const exits = await Promise.all(
    nodes.map((node) => {
      node.process?.signal(signal);
      return node.process?.exited;
    }),
  );
  const how = exits.map(
    (exit, i) => `${nodes[i]?.name} ended by ${exit?.signal ?? `exit code ${exit?.code}`}`,
  );
  return { proved: true, text: how.join(', ') };
}

/** Starts the nodes' processes again and waits until each accepts commands. */
export async function startProcesses(nodes: readonly TopologyNode[], data: 'kept' | 'lost'): Promise<Proof> {
  try {
    await Promise.all(
      nodes.map(async (node) => {
        await node.start(data);
        await node.accepting(HEAL_PROOF_MS);
      }),
    );
    return { proved: true, text: `${namesOf(nodes)} accept commands again` };
  } catch (error) {
    return { proved: false, text: messageOf(error) };
  }
}

/** Whether each node answers a PING sent past the mesh within `withinMs`. */
export function answering(
  nodes: readonly TopologyNode[],
  surface: FaultSurface,
  withinMs: number,
): Promise<boolean[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const address = surface.mesh.book.node(node.name);
      return (await pingOnce({ host: address.direct, port: address.ports.client ?? 0 }, withinMs)) !== null;
    }),
  );
}

/** "redis-1, redis-2". */
export function namesOf(nodes: readonly TopologyNode[]): string {
  return nodes.map((node) => node.name).join(', ');
}
