import assert from 'node:assert/strict';
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
import type { RunningTopology, TopologyNode } from './topology.ts';

/** A real Sentinel group with its mesh, for cases in a sandbox, which ends it with itself. */
export interface TestGroup {
  hosts: ReadonlyMap<string, Host>;
  book: AddressBook;
  mesh: Mesh;
  topology: RunningTopology;
  surface: FaultSurface;
  /** What was told of nodes stopped and continued by signals. */
  pauses: [node: string, paused: boolean][];
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
  options: SentinelOptions = {},
  { timing = 'fast' as keyof typeof TIMINGS, clientHosts = [] as readonly string[], seed = 1 } = {},
): Promise<TestGroup> {
  const startedAt = performance.now();
  const kind = sentinel(options);
  const plan = kind.plan();
  const book = addressBook(plan.nodes);
  const backend = context.backend();
  const hosts = await backend.create(
    [...plan.hosts, ...clientHosts.map((name) => ({ name }))].map((host) => ({
      ...host,
      nodeAddresses: book.nodes.filter((node) => node.host === host.name).map((node) => node.direct),
    })),
  );
  const links = mesh(hosts, book, context.tools);
  const { tools, logs } = context;
  const [topology] = await Promise.all([
    kind.start({ hosts, book, timing: TIMINGS[timing], tools, logs }),
    links.start(),
  ]);
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
    readyMs: performance.now() - startedAt,
    surface: {
      hosts,
      clientHosts,
      mesh: links,
      topology,
      services: [],
      random: prng(seed),
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
