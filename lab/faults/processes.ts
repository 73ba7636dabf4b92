import { readFileSync } from 'node:fs';
import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import type { RunningProcess } from '../hosts/host.ts';
import { pingOnce } from '../mesh/link-probe.ts';
import type { LabNode } from '../topology/topology.ts';
import type { FaultSurface, Proof } from './fault.ts';

/**
 * Ends the nodes' processes by a signal and waits until the kernel has confirmed each end, `withinMs` at most.
 * A process that had ended before proves nothing.
 */
export async function endProcesses(
  nodes: readonly LabNode[],
  signal: 'SIGKILL' | 'SIGTERM',
  withinMs: number,
): Promise<Proof> {
  const ends = await Promise.all(
    nodes.map(async ({ name, process }) => {
      if (process === null || process.exit !== null)
        return { proved: false, text: `${name} did not run before` };
      if (signal === 'SIGKILL') signalFamily(process, signal);
      else process.signal(signal);
      const exit = await Promise.race([process.exited, sleep(withinMs).then(() => null)]);
      if (exit === null) return { proved: false, text: `${name} still runs ${withinMs} ms after ${signal}` };
      return { proved: true, text: `${name} ended by ${exit.signal ?? `exit code ${exit.code}`}` };
    }),
  );
  return { proved: ends.every((end) => end.proved), text: ends.map((end) => end.text).join(', ') };
}

/**
 * Signals a process and those it has started: PostgreSQL serves each connection with a process of its own,
 * which goes on while the first is stopped. First the first, so that it starts no more meanwhile.
 */
export function signalFamily(first: RunningProcess, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  if (first.exit !== null) return;
  first.signal(signal);
  for (const pid of descendants(first.pid)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** How long that may take in ms: a database first reads through what it had not yet written in its place. */
const START_PROOF_MS = real(15_000);

/** Starts the nodes' processes again and waits until each accepts commands. */
export async function startProcesses(nodes: readonly LabNode[], data: 'kept' | 'lost'): Promise<Proof> {
  try {
    await Promise.all(
      nodes.map(async (node) => {
        await node.start(data);
        await node.accepting(START_PROOF_MS);
      }),
    );
    return { proved: true, text: `${namesOf(nodes)} accept commands again` };
  } catch (error) {
    return { proved: false, text: messageOf(error) };
  }
}

/** Whether each node answers a ping sent past the mesh within `withinMs`. */
export function answering(
  nodes: readonly LabNode[],
  surface: FaultSurface,
  withinMs: number,
): Promise<boolean[]> {
  return Promise.all(
    nodes.map(async ({ name, kind }) => {
      const { direct, ports } = surface.mesh.book.node(name);
      return (await pingOnce({ host: direct, port: ports.client ?? 0, kind }, withinMs)) !== null;
    }),
  );
}

/** "redis-1, redis-2". */
export function namesOf(nodes: readonly LabNode[]): string {
  return nodes.map((node) => node.name).join(', ');
}
