import { type AddressBook, addressBook, type NodeAddress } from '../mesh/address-book.ts';
import { type Link, linksOf } from '../mesh/link.ts';
import { cluster } from '../topology/cluster.ts';
import type { ClusterOptions } from '../topology/cluster-options.ts';
import { sentinel } from '../topology/sentinel.ts';
import type { SentinelOptions } from '../topology/sentinel-options.ts';
import { systems } from '../topology/systems.ts';
import { TIMINGS, type Timing } from '../topology/timing.ts';
import type { PlannedNode } from '../topology/topology.ts';

/** The names of the two Redis systems, with which the names of their hosts and nodes begin. */
export const GROUP = 'group';
export const CLUSTER = 'cluster';

/** What the application's servers keep across a restart. */
const redis = { appendonly: 'yes', save: '' };

/** Who is promoted is known before, so that the exercises can name it; the first node is preferred when it is back. */
export const groupOptions: SentinelOptions = {
  zones: { east: ['host-1'], west: ['host-2'], south: ['host-3'] },
  redis,
  nodes: { 'redis-1': { 'replica-priority': 10 }, 'redis-2': { 'replica-priority': 50 } },
};

/** Each replica is in another zone than its primary. */
export const clusterOptions: ClusterOptions = {
  zones: { east: ['host-1', 'host-6'], west: ['host-2', 'host-4'], south: ['host-3', 'host-5'] },
  redis,
};

/** Five seconds of silence make a failure: slow enough to look at, and for a laptop that has other things to do. */
export const playgroundTiming: Timing = {
  ...TIMINGS.production,
  downAfterMs: 5000,
  failoverTimeoutMs: 15_000,
  nodeTimeoutMs: 5000,
};

/** Where the first of three numbers of an address may be chosen: 198.18.0.0/15 is for benchmarks and collides with nobody (RFC 2544). */
const NETWORK = `\${LAB_NETWORK:-198.19}`;
const FIRST_HOST = 11;

export interface Zone {
  name: string;
  subnet: string;
  /** Where addresses are given out to whoever only comes to ask; below are those of the zone's own hosts. */
  range: string;
}

export interface PlaygroundHost {
  name: string;
  /** Its zone; null for the users' host, which is in none: nobody has to reach it. */
  zone: string | null;
  /** In its zone's network. */
  address: string | null;
  nodes: readonly NodeAddress[];
  /** What its Toxiproxy leads to. */
  links: readonly Link[];
  /** The zones whose networks it is in: its own, and those of whom it has links to. */
  networks: readonly string[];
}

/** Everything that docker-compose.yml says of who is where. */
export interface PlaygroundPlan {
  zones: readonly Zone[];
  hosts: readonly PlaygroundHost[];
  book: AddressBook;
}

/** The playground: the two systems, the application's two instances, its database, and its users. */
export function playgroundPlan(): PlaygroundPlan {
  const { hosts, nodes } = systems({
    [GROUP]: sentinel(groupOptions),
    [CLUSTER]: cluster(clusterOptions),
  }).plan();
  const zoned = [
    ...hosts.map(({ name, zone = '' }) => ({ name, zone })),
    { name: 'app-host-1', zone: 'east' },
    { name: 'app-host-2', zone: 'west' },
    { name: 'db-host-1', zone: 'east' },
  ];
  const zones = [...new Set(zoned.map(({ zone }) => zone))].map((name, index) => ({
    name,
    subnet: `${NETWORK}.${index + 1}.0/24`,
    range: `${NETWORK}.${index + 1}.128/25`,
  }));
  const addresses = new Map(
    zones.flatMap(({ name }, index) =>
      zoned
        .filter(({ zone }) => zone === name)
        .map((host, place) => [host.name, `${NETWORK}.${index + 1}.${FIRST_HOST + place}`] as const),
    ),
  );
  const book = placedBook([...nodes, ...services], addresses);
  const zoneOf = new Map(zoned.map(({ name, zone }) => [name, zone]));
  const inPlace = [...zoned, { name: USERS_HOST, zone: null }].map(({ name, zone }) => {
    const links = linksOf(name, book).filter((link) => isUsed(name, link, book));
    const needed = links.map(({ node }) => zoneOf.get(book.node(node).host));
    return {
      name,
      zone,
      address: addresses.get(name) ?? null,
      nodes: book.nodes.filter(({ host }) => host === name),
      links,
      networks: zones.map((each) => each.name).filter((each) => each === zone || needed.includes(each)),
    };
  });
  return { zones, hosts: inPlace, book };
}

/** Where the users are. */
export const USERS_HOST = 'users-host-1';

const services: PlannedNode[] = [
  { name: 'app-1', kind: 'app', host: 'app-host-1', ports: { client: 8081 } },
  { name: 'app-2', kind: 'app', host: 'app-host-2', ports: { client: 8082 } },
  { name: 'db-1', kind: 'postgres', host: 'db-host-1', ports: { client: 5432 } },
];

/** A host has one address in its zone's network, which all of its nodes share: their ports differ. */
function placedBook(nodes: readonly PlannedNode[], addresses: ReadonlyMap<string, string>): AddressBook {
  const book = addressBook(nodes);
  const placed = book.nodes.map((node) => ({ ...node, direct: addresses.get(node.host) ?? '' }));
  const byName = new Map(placed.map((node) => [node.name, node]));
  return { ...book, nodes: placed, node: (name) => byName.get(name) ?? book.node(name) };
}

/** Links that nobody would use are left out: between the two systems, from the database, to a bus from outside. */
function isUsed(host: string, { node, port }: Link, book: AddressBook): boolean {
  const { kind } = book.node(node);
  if (host === USERS_HOST) return kind === 'app';
  if (host.startsWith('app-')) return port === 'client';
  return systemOf(host) !== 'db' && systemOf(host) === systemOf(node);
}

function systemOf(name: string): string {
  return name.split('-')[0] ?? '';
}
