import type { NodeSample, Role } from '../history/observations.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import { infoOf } from '../topology/info.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { RunClock } from './run-clock.ts';

/** INFO fields worth plotting, and those that attribution needs. */
const PLOTTED = [
  'connected_clients',
  'blocked_clients',
  'used_memory',
  'instantaneous_ops_per_sec',
  'total_commands_processed',
  'evicted_keys',
  'expired_keys',
  'sync_full',
  'sync_partial_ok',
  'master_last_io_seconds_ago',
  'total_connections_received',
  'rejected_connections',
  'total_error_replies',
  'aof_delayed_fsync',
  'latest_fork_usec',
];

/**
 * Asks every data node for INFO, past the mesh, every `everyMs`; a node that does not answer is not asked again
 * meanwhile. What an answer says was true at some time since the question: a count has been reached by the time of
 * the sample, a role may have changed since `askedAt`.
 */
export function infoProbe(
  nodes: readonly TopologyNode[],
  book: AddressBook,
  clock: RunClock,
  everyMs: number,
  onSample: (sample: NodeSample, askedAt: number) => void,
): { stop(): void } {
  const asking = new Set<string>();
  const ask = async (node: TopologyNode) => {
    if (asking.has(node.name) || !isAlive(node)) return;
    asking.add(node.name);
    try {
      const askedAt = clock.now();
      const text = await node.control.info();
      onSample(sampleOf(node.name, infoOf(text), clock.now(), book), askedAt);
    } catch {
      // It does not answer: its role timeline says so (role-timeline.ts).
    } finally {
      asking.delete(node.name);
    }
  };
  const timer = setInterval(() => {
    for (const node of nodes) void ask(node);
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

/** One sample from INFO's fields. */
export function sampleOf(
  node: string,
  info: Record<string, string>,
  at: number,
  book: AddressBook,
): NodeSample {
  const isPrimary = info.role === 'master';
  const acked = Object.entries(info)
    .filter(([name, value]) => /^slave\d+$/.test(name) && value.includes('state=online'))
    .map(([, value]) => Number(/offset=(\d+)/.exec(value)?.[1] ?? 0));
  const numbers = PLOTTED.filter((name) => info[name] !== undefined).map((name) => [
    name,
    Number(info[name]),
  ]);
  return {
    at,
    node,
    role: roleOf(info),
    offset: Number((isPrimary ? info.master_repl_offset : info.slave_repl_offset) ?? 0),
    ackedOffset: acked.length === 0 ? null : Math.min(...acked),
    replicas: acked.length,
    linkUp: isPrimary ? null : info.master_link_status === 'up',
    primary: isPrimary ? null : book.nameOf(info.master_host ?? ''),
    info: { ...Object.fromEntries(numbers), keys: keysOf(info.db0) },
  };
}

function roleOf(info: Record<string, string>): Role {
  if (info.loading === '1') return 'loading';
  return info.role === 'master' ? 'primary' : 'replica';
}

function keysOf(db0: string | undefined): number {
  return Number(/keys=(\d+)/.exec(db0 ?? '')?.[1] ?? 0);
}
