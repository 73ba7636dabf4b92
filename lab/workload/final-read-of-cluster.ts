import type { Redis } from 'ioredis';
import { monotonicMs } from '../common/clock.ts';
import { LabError, messageOf } from '../common/errors.ts';
import { slotOf } from '../common/key-slot.ts';
import type { FinalRead } from '../history/operation.ts';
import { readConnection, valuesOf } from './final-read.ts';
import { keysOf } from './keys-of.ts';
import type { RedisWorkload } from './workload.ts';

/** How a cluster's nodes are found and reached from the lab. */
export interface ClusterReadOptions {
  /** Name of the node that owns a slot; null where none does. */
  ownerOf(slot: number): string | null;
  /** Where the lab reaches a node, and what it logs in with. */
  serverOf(node: string): { host: string; port: number; username?: string; password?: string };
  /** Name of the node at the address that an answer names, `host:port`; null where nobody knows it. */
  nameOf(address: string): string | null;
  /** `monotonicMs()` at the run's start. */
  startOfRunMs: number;
  /** Milliseconds for each answer. Default 10 000. */
  timeoutMs?: number;
}

export interface ClusterRead {
  reads: FinalRead[];
  /** Keys that nobody could be asked for, and why: nothing is known of them. */
  unread: { key: string; why: string }[];
}

/** Answers that name another node: a slot that is on its way, or whose owner is another one by now. */
const redirection = /^(ASK|MOVED) \d+ (\S+)/;
/** A key is asked for at so many nodes at most. */
const maxHops = 3;

/**
 * Reads every key of a workload from the node that owns its slot, or that this one names. A node that refuses reads
 * because its cluster is down is told to answer (`cluster-allow-reads-when-down`), and told back afterwards. Run it
 * when nothing writes any more.
 */
export async function finalReadOfCluster(
  workload: RedisWorkload,
  options: ClusterReadOptions,
): Promise<ClusterRead> {
  const { subject, keys } = keysOf(workload);
  const nodes = new ReadNodes(options);
  const result: ClusterRead = { reads: [], unread: [] };
  try {
    for (const key of keys) {
      try {
        const { node, values } = await readKey(nodes, options, subject, key);
        result.reads.push({ subject, key, node, at: monotonicMs() - options.startOfRunMs, values });
      } catch (error) {
        result.unread.push({ key, why: messageOf(error) });
      }
    }
  } finally {
    await nodes.close();
  }
  return result;
}

async function readKey(
  nodes: ReadNodes,
  { ownerOf, nameOf }: ClusterReadOptions,
  subject: FinalRead['subject'],
  key: string,
): Promise<{ node: string; values: number[] }> {
  const slot = slotOf(key);
  let node = ownerOf(slot);
  let isAsked = false;
  for (let hop = 0; hop < maxHops; hop++) {
    if (node === null) throw new LabError(`no node owns slot ${slot}`);
    const redis = nodes.connection(node);
    try {
      const before = isAsked ? () => void redis.call('ASKING').catch(() => {}) : undefined;
      return { node, values: await valuesOf(redis, subject, key, before) };
    } catch (error) {
      const [, kind, address] = redirection.exec(messageOf(error)) ?? [];
      if (address !== undefined) {
        node = nameOf(address);
        isAsked = kind === 'ASK';
      } else if (!messageOf(error).startsWith('CLUSTERDOWN') || !(await nodes.allowReads(node)))
        throw new LabError(`${node}: ${nodes.why(node, error)}`, { cause: error });
    }
  }
  throw new LabError(`slot ${slot} was not found after ${maxHops} nodes`);
}

/** The connections of one reading, and what it has changed. */
class ReadNodes {
  private readonly options: ClusterReadOptions;
  private readonly open = new Map<string, Redis>();
  private readonly errors = new Map<string, unknown>();
  private readonly allowed = new Set<string>();

  constructor(options: ClusterReadOptions) {
    this.options = options;
  }

  connection(node: string): Redis {
    const known = this.open.get(node);
    if (known !== undefined) return known;
    const redis = readConnection(this.options.serverOf(node), this.options.timeoutMs ?? 10_000);
    redis.on('error', (error) => this.errors.set(node, error));
    this.open.set(node, redis);
    return redis;
  }

  /** The connection's own error says more than that it is closed. */
  why(node: string, error: unknown): string {
    return messageOf(this.errors.get(node) ?? error);
  }

  /** Whether the node answers reads from now on; false when that has been tried before. */
  async allowReads(node: string): Promise<boolean> {
    if (this.allowed.has(node)) return false;
    this.allowed.add(node);
    await this.connection(node).config('SET', allowReadsWhenDown, 'yes');
    return true;
  }

  async close(): Promise<void> {
    await Promise.allSettled(
      [...this.allowed].map((node) => this.connection(node).config('SET', allowReadsWhenDown, 'no')),
    );
    for (const redis of this.open.values()) redis.disconnect();
  }
}

const allowReadsWhenDown = 'cluster-allow-reads-when-down';
