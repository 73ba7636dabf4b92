import { createInterface } from 'node:readline';
import type Docker from 'dockerode';
import { LabError } from '../common/errors.ts';
import { HOST_LABEL, PROCESS_LABEL, RUN_LABEL } from '../docker/labels.ts';
import { signalName } from './container-exit.ts';

export interface ForeignOrdersOptions {
  /** The lab's name. */
  lab: string;
  /** Whether the lab itself has asked for it. */
  isOwn(container: string): boolean;
  /** Called with what somebody has had the daemon do to one of its containers. */
  onOrder(error: LabError): void;
}

interface DaemonEvent {
  Action: string;
  Actor: { Attributes: Record<string, string> };
}

/**
 * Tells of signals and pauses that the daemon was asked for: the lab signals its processes itself, so these are
 * somebody else's (`docker kill`, `stop`, `restart`, `rm -f`, `pause`), and programs that end politely when they are
 * asked to would otherwise pass for ones that ended by themselves. Resolves once it listens, with what ends it.
 */
export async function foreignOrders(
  docker: Docker,
  { lab, isOwn, onOrder }: ForeignOrdersOptions,
): Promise<() => void> {
  const stream = await docker.getEvents({
    filters: { type: ['container'], event: ['kill', 'pause'], label: [`${RUN_LABEL}=${lab}`] },
  });
  // Of a daemon that goes we hear by whatever else we ask it.
  stream.on('error', () => {});
  createInterface({ input: stream }).on('line', (line) => {
    const event = JSON.parse(line) as DaemonEvent;
    const { name = '' } = event.Actor.Attributes;
    // What is frozen cannot be ended.
    if (event.Action === 'pause')
      void docker
        .getContainer(name)
        .unpause()
        .catch(() => {});
    if (!isOwn(name)) onOrder(errorOf(event));
  });
  return () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
}

function errorOf({ Action, Actor }: DaemonEvent): LabError {
  const { name, signal, [PROCESS_LABEL]: process, [HOST_LABEL]: host } = Actor.Attributes;
  const what =
    process === undefined || host === undefined ? 'the lab’s own container' : containerOf(process, host);
  const done = Action === 'pause' ? 'frozen' : `sent ${signalName(Number(signal))}`;
  return new LabError(`${what} was ${done} in the middle of the run, and not by the lab`, {
    details: [`somebody outside had the Docker daemon do that to ${name}`],
  });
}

/** "the container of redis-1 on host-1", "the container of the host host-1". */
export function containerOf(process: string, host: string): string {
  return `the container of ${process === host ? `the host ${host}` : `${process} on ${host}`}`;
}
