import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { pingOnce } from '../mesh/link-probe.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { type FaultSurface, HEAL_PROOF_MS, type Proof } from './fault.ts';

/**
 * Ends the nodes' processes by a signal and waits until the kernel has confirmed each end, `withinMs` at most.
 * A process that had ended before proves nothing.
 */
export async function endProcesses(
  nodes: readonly TopologyNode[],
  signal: 'SIGKILL' | 'SIGTERM',
  withinMs: number,
): Promise<Proof> {
  const ends = await Promise.all(
    nodes.map(async ({ name, process }) => {
      if (process === null || process.exit !== null)
        return { proved: false, text: `${name} did not run before` };
      process.signal(signal);
      const exit = await Promise.race([process.exited, sleep(withinMs).then(() => null)]);
      if (exit === null) return { proved: false, text: `${name} still runs ${withinMs} ms after ${signal}` };
      return { proved: true, text: `${name} ended by ${exit.signal ?? `exit code ${exit.code}`}` };
    }),
  );
  return { proved: ends.every((end) => end.proved), text: ends.map((end) => end.text).join(', ') };
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
