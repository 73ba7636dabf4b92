import type { validateSchedule } from '../nemesis/validate-schedule.ts';
import { servicesPlan } from '../services/services-plan.ts';
import type { Experiment } from './scenario.ts';

type PlannedWorld = Parameters<typeof validateSchedule>[1];

/** What there will be in a run of the experiment: whom its faults can hit. */
export function worldOf({ topology, workloads, app, clientHosts = [] }: Experiment): PlannedWorld {
  const plan = topology.plan();
  const services = servicesPlan(app);
  const known = [...plan.hosts, ...services.hosts];
  // Each host once, though several workloads may name it: the first to name it says of which zone it is.
  const named = new Map(
    [...clientHosts, ...workloads.map(({ on }) => ({ name: on }))]
      .toReversed()
      .map((host) => [host.name, host]),
  );
  const clients = [...named.values()]
    .toReversed()
    .filter(({ name }) => !known.some((host) => host.name === name));
  return {
    topology: plan,
    services: services.nodes,
    hosts: [...known, ...clients],
    clientHosts: clients.map(({ name }) => name),
  };
}
