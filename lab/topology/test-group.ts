import assert from 'node:assert/strict';
import { labSpeed } from '../common/lab-speed.ts';
import { prng } from '../common/prng.ts';
import type { FaultSurface } from '../faults/fault.ts';
import type { Host } from '../hosts/host.ts';
import type { CaseContext } from '../hosts/test-cases.ts';
import { type AddressBook, addressBook } from '../mesh/address-book.ts';
import { type Mesh, mesh } from '../mesh/mesh.ts';
import { infoOf } from './info.ts';
import { sentinel } from './sentinel.ts';
import type { SentinelOptions } from './sentinel-options.ts';
import { TIMINGS } from './timing.ts';
import type { LabNode, PlannedNode, RunningTopology, Topology, TopologyNode } from './topology.ts';

/** Something beside the topology that has links: where it is, and what runs there. */
export interface TestService {
  planned: PlannedNode;
  node(book: AddressBook, hosts: ReadonlyMap<string, Host>): LabNode;
}

/** A real Sentinel group with its mesh, for cases in a sandbox, which ends it with itself. */
export interface TestGroup {
  hosts: ReadonlyMap<string, Host>;
  book: AddressBook;
  mesh: Mesh;
  topology: RunningTopology;
  surface: FaultSurface;
  /** What was told of nodes stopped and continued by signals. */
  pauses: [node: string, paused: boolean][];
  /** What servers were told not to offer, and what is done instead. */
  notes: string[];
  /** Milliseconds from the first host to ready. */
  readyMs: number;
  node(name: string): TopologyNode;
  host(name: string): Host;
  /** A field of INFO, asked past the mesh. */
  info(node: string, field: string): Promise<string | undefined>;
  /** Ends it in order, as a run does. */
  close(): Promise<void>;
}

export async function testGroup(
  context: CaseContext,
  options: SentinelOptions | Topology = {},
  {
    timing = 'fast' as keyof typeof TIMINGS,
    clientHosts = [] as readonly string[],
    seed = 1,
    services = [] as readonly TestService[],
  } = {},
): Promise<TestGroup> {
  const startedAt = performance.now();
  const kind = 'start' in options ? options : sentinel(options);
  const plan = kind.plan();
  const serviceNodes = services.map((service) => service.planned);
  const backend = context.backend();
  const book = addressBook([...plan.nodes, ...serviceNodes], backend.nodeAddress);
  const hosts = await backend.create(
    [
      ...plan.hosts,
      ...[...clientHosts, ...serviceNodes.map((node) => node.host)].map((name) => ({ name })),
    ].map((host) => ({
      ...host,
      nodeAddresses: book.nodes.filter((node) => node.host === host.name).map((node) => node.direct),
    })),
  );
  const links = mesh(hosts, book, context.tools, labSpeed);
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const { tools, logs } = context;
  const [topology] = await Promise.all([
    kind.start({ hosts, book, timing: TIMINGS[timing], tools, logs, note }),
    links.start(),
  ]);
  const running = services.map((service) => service.node(book, hosts));
  await Promise.all(
    running.map(async (one) => {
      await one.start('kept');
      await one.accepting(10_000);
    }),
  );
  const pauses: [string, boolean][] = [];
  const node = (name: string) => {
    const found = topology.nodes.find((one) => one.name === name);
    assert(found, `there is a node ${name}`);
    return found;
  };
  return {
    hosts,
    book,
    mesh: links,
    topology,
    pauses,
    notes,
    readyMs: performance.now() - startedAt,
    surface: {
      hosts,
      clientHosts,
      mesh: links,
      topology,
      services: running,
      random: prng(seed),
      note,
      paused: (name, paused) => void pauses.push([name, paused]),
    },
    node,
    host(name) {
      const host = hosts.get(name);
      assert(host, `there is a host ${name}`);
      return host;
    },
    async close() {
      topology.close();
      await backend.close();
    },
    info: async (name, field) => infoOf(await node(name).control.info())[field],
  };
}
