import type { PlannedNode } from '../topology/topology.ts';
import { type AppSpec, DATABASE, instancesOf } from './app-spec.ts';

/** Hosts and nodes that the application needs. */
export function servicesPlan(spec: AppSpec | undefined): { hosts: { name: string }[]; nodes: PlannedNode[] } {
  if (spec === undefined) return { hosts: [], nodes: [] };
  const nodes: PlannedNode[] = [
    { name: DATABASE, kind: 'postgres', host: DATABASE, ports: { client: 5432 } },
    ...instancesOf(spec).map((name, index) => ({
      name,
      kind: 'app' as const,
      host: name,
      // One for each: it listens on every address of its host, on which links to the others have listeners.
      ports: { client: 8081 + index },
    })),
  ];
  return { hosts: nodes.map(({ host }) => ({ name: host })), nodes };
}
