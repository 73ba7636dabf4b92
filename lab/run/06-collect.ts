import { messageOf } from '../common/errors.ts';
import { appendFinalRead } from '../history/create-log.ts';
import type { FinalRead } from '../history/operation.ts';
import { infoOf } from '../topology/info.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import { firstSystem } from '../topology/systems.ts';
import type { ClusterQuestions, RunningTopology, SlotOwners, TopologyNode } from '../topology/topology.ts';
import { finalRead } from '../workload/final-read.ts';
import { finalReadOfCluster } from '../workload/final-read-of-cluster.ts';
import type { Provisioned } from './01-provision.ts';
import type { RunContext } from './context.ts';

/** One final read of every key from the surviving primary. Without a primary there is none, and the checks say `unknown`. */
export async function collect(run: RunContext, { topology, book }: Provisioned): Promise<void> {
  const note = (text: string) =>
    run.events.record({ at: run.clock.now(), source: 'lab', kind: 'note', text });
  const system = firstSystem(topology);
  if (system.cluster !== undefined) return collectFromCluster(run, system, system.cluster, { book, note });
  const primary = await survivingPrimary(system);
  if (primary === null) return note('no node is a primary, so nothing could be read at the end');
  note(`final read from ${primary.name}`);
  const { direct, ports } = book.node(primary.name);
  for (const workload of run.experiment.workloads) {
    if (workload.kind === 'load') continue;
    let reads: FinalRead[];
    try {
      reads = await finalRead(workload, {
        node: primary.name,
        host: direct,
        port: ports.client ?? 0,
        ...credentialsOf(primary),
        startOfRunMs: run.clock.startMs,
      });
    } catch (error) {
      run.signal.throwIfAborted();
      note(messageOf(error));
      continue;
    }
    // What cannot be written (a full disk) is the lab's own failure.
    for (const read of reads) appendFinalRead(run.historyFile, read);
  }
}

/** In a cluster every key is read from the node that owns its slot; what nobody can be asked for is noted. */
async function collectFromCluster(
  run: RunContext,
  { nodes }: RunningTopology,
  cluster: ClusterQuestions,
  { book, note }: { book: Provisioned['book']; note: (text: string) => void },
): Promise<void> {
  let owners: SlotOwners;
  try {
    owners = await cluster.slots();
  } catch (error) {
    return note(`nobody says who owns which slots, so nothing could be read at the end: ${messageOf(error)}`);
  }
  note('final read of every key from the node that owns its slot');
  for (const workload of run.experiment.workloads) {
    if (workload.kind === 'load') continue;
    const { reads, unread } = await finalReadOfCluster(workload, {
      ownerOf: (slot) => owners.find(({ from, to }) => slot >= from && slot <= to)?.owner ?? null,
      serverOf: (name) => {
        const { direct, ports } = book.node(name);
        const node = nodes.find((one) => one.name === name);
        return { host: direct, port: ports.client ?? 0, ...(node === undefined ? {} : credentialsOf(node)) };
      },
      nameOf: (address) => book.nameOf(address),
      startOfRunMs: run.clock.startMs,
    });
    run.signal.throwIfAborted();
    for (const { key, why } of unread) note(`${key} could not be read at the end: ${why}`);
    // What cannot be written (a full disk) is the lab's own failure.
    for (const read of reads) appendFinalRead(run.historyFile, read);
  }
}

/** What the lab logs in with. */
function credentialsOf({ control: { options } }: TopologyNode): { username?: string; password?: string } {
  const { username, password } = options;
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

/** The primary that the Sentinels name, if it is one; else the only running node that says that it is one. */
async function survivingPrimary(topology: Provisioned['topology']): Promise<TopologyNode | null> {
  const claimed = new Map(
    await Promise.all(
      topology.nodes
        .filter((node) => node.kind === 'redis' && isAlive(node))
        .map(async (node): Promise<[TopologyNode, string]> => {
          const role = await node.control.info('replication').then(
            (text) => infoOf(text).role ?? '',
            () => '',
          );
          return [node, role];
        }),
    ),
  );
  const named = await topology.primary();
  if (named !== null && claimed.get(named) === 'master') return named;
  const primaries = [...claimed].filter(([, role]) => role === 'master');
  return primaries.length === 1 ? (primaries[0]?.[0] ?? null) : null;
}
