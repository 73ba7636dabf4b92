import type { validateSchedule } from '../nemesis/validate-schedule.ts';
import { servicesPlan } from '../services/services-plan.ts';
import type { Experiment } from './scenario.ts';

type PlannedWorld = Parameters<typeof validateSchedule>[1];

/** What there will be in a run of the experiment: whom its faults can hit. */
export function worldOf({ topology, workloads, app, clientHosts = [] }: Experiment): PlannedWorld {
  const plan = topology.plan();
  const services = servicesPlan(app);
  const known = [...plan.hosts, ...services.hosts];
  const isKnown = (name: string) => known.some((host) => host.name === name);
  const clients = [...clientHosts, ...workloads.map(({ on }) => ({ name: on }))].filter(
    ({ name }) => !isKnown(name),
  );
  return {
    topology: plan,
    services: services.nodes,
    hosts: [...known, ...clients],
    clientHosts: clients.map(({ name }) => name),
  };
}
