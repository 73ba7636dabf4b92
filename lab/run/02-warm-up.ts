import { sleep } from '../common/clock.ts';
import { until } from '../common/until.ts';
import { createLog } from '../history/create-log.ts';
import type { ClientInfo } from '../history/operation.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import { instancesOf } from '../services/app-spec.ts';
import type { LoadProcessConfig } from '../workload/load/load-protocol.ts';
import type { Provisioned } from './01-provision.ts';
import { applicationClients } from './application-state.ts';
import { type ClientGroup, type GroupConfig, startClients, type Tally } from './clients.ts';
import type { RunContext } from './context.ts';

/** The load: all client groups, and when they started. */
export interface Load {
  groups: readonly ClientGroup[];
  table: readonly ClientInfo[];
  /** Milliseconds since the run's start. */
  startedAt: number;
  tally(): Tally;
}

const DEFAULT_BEFORE_MS = 500;
/** Half of the stock node timeout, and as much again as the first operation for a busy machine. */
const REPLICAS_NAMED_WITHIN_MS = 7500 + 30_000;
/** Everything is ready by then; a machine with ten times too much to do has needed 10 s all the same. */
const FIRST_OPERATION_WITHIN_MS = 30_000;

/** Connects all clients, starts the load, and lets it run undisturbed for a while. */
export async function warmUp(run: RunContext, { hosts, book, topology }: Provisioned): Promise<Load> {
  const { experiment, job, clock } = run;
  const table: ClientInfo[] = [
    ...experiment.workloads.flatMap((workload) =>
      Array.from({ length: workload.clients }, (_, i) => ({
        name: `${workload.name}/${i + 1}`,
        group: workload.name,
        host: workload.on,
      })),
    ),
    ...applicationClients(run),
  ];
  createLog(run.historyFile, table, job.speed);
  const readsReplicas = experiment.workloads.some(
    (workload) => workload.kind === 'registers' && workload.readFrom === 'replica',
  );
  if (readsReplicas) await topology.cluster?.namedToClients(REPLICAS_NAMED_WITHIN_MS);
  const nodes = Object.fromEntries(
    book.nodes.map((node) => [`${node.announced}:${node.ports.client}`, node.name]),
  );
  const starting = experiment.workloads.map((workload) => {
    const host = hosts.get(workload.on);
    if (host === undefined) throw new RangeError(`no host is called ${workload.on}`);
    const clients = table.flatMap((client, index) =>
      client.group === workload.name ? [{ index, name: client.name }] : [],
    );
    const common = { clients, historyFile: run.historyFile, startOfRunMs: clock.startMs, seed: job.seed };
    const config: GroupConfig =
      workload.kind === 'load'
        ? {
            ...common,
            workload,
            startOfRunUnixMs: clock.startWallMs,
            ...(run.labTime === undefined ? {} : { labTime: run.labTime }),
            ...applicationOf(run, book),
          }
        : { ...common, workload, connection: topology.endpoint, nodes };
    return startClients(run, host, config, table);
  });
  const groups = await Promise.all(starting);
  await Promise.all(groups.map((group) => group.ready));
  const startedAt = clock.now();
  for (const group of groups) group.start();
  const tally = () =>
    groups.reduce(
      (sum, { tally: one }) => ({
        ok: sum.ok + one.ok,
        fail: sum.fail + one.fail,
        info: sum.info + one.info,
      }),
      { ok: 0, fail: 0, info: 0 },
    );
  await until(() => groups.every((group) => group.tally.ok > 0), {
    what: 'the first successful operation of every workload',
    withinMs: FIRST_OPERATION_WITHIN_MS,
    signal: run.signal,
  });
  await sleep(experiment.load?.beforeMs ?? DEFAULT_BEFORE_MS, run.signal);
  return { groups, table, startedAt, tally };
}

/** The instances at the addresses at which every host reaches them over its own links, and what drives users. */
function applicationOf(
  { experiment: { app }, job }: RunContext,
  book: AddressBook,
): Pick<LoadProcessConfig, 'apps' | 'tools'> {
  const tools = job.tools.application;
  if (app === undefined || tools === null) throw new RangeError('users of an application that is not there');
  const apps = instancesOf(app).map((name) => {
    const { announced, ports } = book.node(name);
    return { name, url: `http://${announced}:${ports.client}` };
  });
  return { apps, tools };
}
