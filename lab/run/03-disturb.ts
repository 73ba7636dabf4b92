import { messageOf } from '../common/errors.ts';
import { Nemesis } from '../nemesis/nemesis.ts';
import type { Provisioned } from './01-provision.ts';
import type { RunContext } from './context.ts';

/** Runs the schedule. A fault that cannot be injected ends the disturbance; what it means the checks decide. */
export function nemesisOf(
  run: RunContext,
  { hosts, clientHosts, mesh, topology, services, probes }: Provisioned,
): Nemesis {
  const surface = {
    hosts,
    clientHosts,
    mesh,
    topology,
    services: services.nodes,
    random: run.random.fork('targets'),
    note: run.note,
    paused: (node: string, paused: boolean) => probes.paused(node, paused),
  };
  return new Nemesis(surface, run.clock, run.events, run.signal);
}

export async function disturb(run: RunContext, nemesis: Nemesis): Promise<void> {
  try {
    await nemesis.run(run.experiment.nemesis);
  } catch (error) {
    run.signal.throwIfAborted();
    const text = `the disturbance ended early: ${messageOf(error)}`;
    run.events.record({ at: run.clock.now(), source: 'lab', kind: 'note', text });
  }
}
