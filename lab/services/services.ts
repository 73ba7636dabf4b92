import { type AppConfig, ROLES, type Role } from '../app/config.ts';
import type { Host } from '../hosts/host.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import type { Endpoint, LabNode, RunningTopology } from '../topology/topology.ts';
import { AppNode } from './app-node.ts';
import { type AppSpec, instancesOf } from './app-spec.ts';
import { merged } from './merged.ts';
import type { PostgresNode } from './postgres.ts';

/** Instances of the application and their database; both empty in a run without it. */
export interface Services {
  readonly apps: readonly AppNode[];
  readonly database: PostgresNode | null;
  /** All of them. */
  readonly nodes: readonly LabNode[];
}

export const NO_SERVICES: Services = { apps: [], database: null, nodes: [] };

/** The instances, not started yet. */
export function appNodes(
  spec: AppSpec,
  database: PostgresNode,
  {
    hosts,
    book,
    topology,
  }: { hosts: ReadonlyMap<string, Host>; book: AddressBook; topology: RunningTopology },
): AppNode[] {
  return instancesOf(spec).map((name) => {
    const address = book.node(name);
    const host = hosts.get(address.host);
    if (host === undefined) throw new RangeError(`no host is called ${address.host}`);
    return new AppNode(address, host, configOf(spec, name, { book, topology, url: database.url }));
  });
}

function configOf(
  spec: AppSpec,
  name: string,
  { book, topology, url }: { book: AddressBook; topology: RunningTopology; url: string },
) {
  // What these settings lack the instance fills in itself; it has looked at them before (validateAppSpec).
  const given = merged(spec.settings ?? {}, spec.settingsOf?.[name] ?? {}) as Partial<AppConfig>;
  return {
    ...given,
    instance: name,
    listen: { host: '0.0.0.0', port: book.node(name).ports.client ?? 0 },
    database: { ...given.database, url },
    redis: Object.fromEntries(ROLES.map((role) => [role, serverOf(endpointOf(role, spec, topology))])),
  };
}

/** The system that a role uses: the one it is given, the one of its name, or the whole topology. */
function endpointOf(role: Role, { systems }: AppSpec, topology: RunningTopology): Endpoint {
  const wanted = systems?.[role];
  const system = topology.systems.get(wanted ?? role);
  if (wanted !== undefined && system === undefined) throw new RangeError(`no system is called ${wanted}`);
  return (system ?? topology).endpoint;
}

function serverOf(endpoint: Endpoint): AppConfig['redis'][Role] {
  const { username, password } = endpoint;
  const credentials = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  if ('cluster' in endpoint) return { kind: 'cluster', nodes: [...endpoint.cluster], ...credentials };
  if (!('sentinels' in endpoint))
    return { kind: 'single', host: endpoint.host, port: endpoint.port, ...credentials };
  const { group, sentinels } = endpoint;
  return { kind: 'sentinel', group, sentinels: [...sentinels], ...credentials };
}
