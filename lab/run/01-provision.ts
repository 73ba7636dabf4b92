import type { Host } from '../hosts/host.ts';
import { type AddressBook, addressBook } from '../mesh/address-book.ts';
import { type Mesh, mesh } from '../mesh/mesh.ts';
import { type Probes, startProbes } from '../probes/probes.ts';
import type { Services } from '../services/services.ts';
import { servicesPlan } from '../services/services-plan.ts';
import type { RunningTopology } from '../topology/topology.ts';
import { type ApplicationProbes, startApplication, startDatabase, watchApplication } from './application.ts';
import type { RunContext } from './context.ts';
import { goByLabClock } from './on-lab-clock.ts';

/** What stands after provisioning. */
export interface Provisioned {
  hosts: ReadonlyMap<string, Host>;
  clientHosts: readonly string[];
  book: AddressBook;
  mesh: Mesh;
  topology: RunningTopology;
  services: Services;
  probes: Probes;
  /** null in a run without the application. */
  application: ApplicationProbes | null;
  /** From the start of provisioning until the topology was ready. */
  readyMs: number;
}

const INFO_PERIOD_MS = { fast: 50, production: 250 } as const;

/** A lab may stand for days; so many take some 5 MB. */
const MOST_SAMPLES_STANDING = 20_000;

/** Hosts, mesh, servers and the application, side by side; ends when all of it is ready. */
export async function provision(run: RunContext): Promise<Provisioned> {
  const startedAt = run.clock.now();
  const { experiment, job, timing, undo } = run;
  const plan = experiment.topology.plan();
  const besides = servicesPlan(experiment.app);
  const book = addressBook([...plan.nodes, ...besides.nodes], run.backend.nodeAddress);
  const clientHosts = clientHostsOf(run);
  undo.defer(() => run.backend.close());
  const hosts = await run.backend.create(
    [...plan.hosts, ...besides.hosts, ...clientHosts].map((host) => ({
      ...host,
      nodeAddresses: book.nodes.filter((node) => node.host === host.name).map((node) => node.direct),
    })),
  );
  const links = mesh(hosts, book, job.tools, job.speed);
  const probes = startProbes({
    plan: [...plan.nodes, ...besides.nodes],
    book,
    logs: run.logs,
    clock: run.clock,
    events: run.events,
    everyMs: INFO_PERIOD_MS[job.timing],
    isRight: (node) => hosts.get(book.node(node).host)?.clock?.isRight() ?? true,
    ...(job.standing === undefined ? {} : { mostSamples: MOST_SAMPLES_STANDING }),
  });
  undo.defer(() => probes.stop());
  const [topology, database] = await Promise.all([
    experiment.topology.start({
      hosts,
      book,
      timing,
      tools: job.tools,
      logs: run.logs,
      signal: run.signal,
      note: run.note,
      onNodes: (nodes) => probes.watch(nodes),
    }),
    startDatabase(run, { hosts, book, probes }),
    links.start(),
  ]);
  undo.defer(() => topology.close());
  await goByLabClock(topology.nodes, { speed: job.speed, startedAtMs: run.clock.startMs });
  probes.ask(topology.nodes);
  const services = await startApplication(run, database, { hosts, book, topology, probes });
  return {
    hosts,
    clientHosts: clientHosts.map((host) => host.name),
    book,
    mesh: links,
    topology,
    services,
    probes,
    application: watchApplication(run, services, book),
    readyMs: run.clock.now() - startedAt,
  };
}

/** The hosts named by the experiment, and those that only workloads name. */
function clientHostsOf({ experiment }: RunContext): { name: string; zone?: string }[] {
  const known = new Set(experiment.topology.plan().hosts.map((host) => host.name));
  const hosts = [...(experiment.clientHosts ?? [])].filter((host) => !known.has(host.name));
  for (const { on } of experiment.workloads) {
    if (!known.has(on) && !hosts.some((host) => host.name === on)) hosts.push({ name: on });
  }
  return hosts;
}
