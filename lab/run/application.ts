import { real } from '../common/lab-speed.ts';
import type { Host } from '../hosts/host.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import { type FillProbe, fillProbe } from '../probes/fill-probe.ts';
import { type MetricProbe, metricProbe } from '../probes/metric-probe.ts';
import type { Probes } from '../probes/probes.ts';
import { DATABASE } from '../services/app-spec.ts';
import { PostgresNode } from '../services/postgres.ts';
import { appNodes, NO_SERVICES, type Services } from '../services/services.ts';
import { shop } from '../services/shop.ts';
import type { RunningTopology } from '../topology/topology.ts';
import type { RunContext } from './context.ts';

/** Where the application's processes run, and whom they speak to. */
interface Surroundings {
  hosts: ReadonlyMap<string, Host>;
  book: AddressBook;
  topology: RunningTopology;
  probes: Probes;
}

/** Waited for, not asserted: a machine that is forty times too busy still gets there. */
const READY_WITHIN_MS = real(60_000);
const FILLS_EVERY_MS = 250;
const METRICS_EVERY_MS = { fast: 100, production: 250 } as const;

/** Starts PostgreSQL with the shop in it; null in a run without an application. */
export async function startDatabase(
  { experiment, job }: RunContext,
  { hosts, book, probes }: Pick<Surroundings, 'hosts' | 'book' | 'probes'>,
): Promise<PostgresNode | null> {
  if (experiment.app === undefined) return null;
  const { application } = job.tools;
  if (application === null) throw new RangeError('a run with the application was not given its tools');
  const { postgres } = application;
  const host = hosts.get(DATABASE);
  if (host === undefined) throw new RangeError(`no host is called ${DATABASE}`);
  const address = book.node(DATABASE);
  const database = new PostgresNode({ address, host, postgres, cache: job.cache, prepare: shop });
  probes.watch([database]);
  await database.start('lost');
  await database.accepting(READY_WITHIN_MS);
  return database;
}

/** Starts all instances side by side; they are ready when this resolves. */
export async function startApplication(
  { experiment: { app } }: RunContext,
  database: PostgresNode | null,
  surroundings: Surroundings,
): Promise<Services> {
  if (app === undefined || database === null) return NO_SERVICES;
  const apps = appNodes(app, database, surroundings);
  surroundings.probes.watch(apps);
  await Promise.all(
    apps.map(async (node) => {
      await node.start();
      await node.accepting(READY_WITHIN_MS);
    }),
  );
  return { apps, database, nodes: [database, ...apps] };
}

/** Who watches the application: its figures and its database's, and what it fills its cache with. */
export interface ApplicationProbes {
  metrics: MetricProbe;
  fills: FillProbe;
}

/** Starts watching; nothing in a run without an application. */
export function watchApplication(
  { job, clock, undo }: RunContext,
  { apps, database }: Services,
  book: AddressBook,
): ApplicationProbes | null {
  if (database === null) return null;
  const instances = apps.map(({ name }) => {
    const { direct, ports } = book.node(name);
    return { name, host: direct, port: ports.client ?? 0 };
  });
  const fills = fillProbe(instances, clock, FILLS_EVERY_MS);
  const metrics = metricProbe({
    // Past the mesh: the lab is on none of its hosts, and no fault may keep it from looking.
    database: { name: database.name, url: database.directUrl },
    instances,
    clock,
    everyMs: METRICS_EVERY_MS[job.timing],
  });
  undo.defer(() => fills.stop());
  undo.defer(() => metrics.stop());
  return { fills, metrics };
}
