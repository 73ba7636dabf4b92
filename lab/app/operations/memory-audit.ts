import type { Redis } from 'ioredis';
import { masked, ownerOf } from './key-owners.ts';

/** One key and what it costs. */
export interface AuditedKey {
  /** Of a session only the beginning: who reads an audit has no business with the rest. */
  key: string;
  owner: string;
  bytes: number;
  /** null: it never expires. */
  ttlMs: number | null;
}

/** What one owner's keys cost together. */
export interface OwnerUsage {
  owner: string;
  keys: number;
  bytes: number;
  withoutTtl: number;
}

/** What a Redis keeps, as far as a scan sees it: what changes meanwhile may be missed. */
export interface MemoryAudit {
  keys: number;
  /** Sum over the keys, without the server's own. */
  bytes: number;
  largest: AuditedKey[];
  owners: OwnerUsage[];
  /** How many keys never expire, and the largest of them. */
  withoutTtl: { keys: number; largest: AuditedKey[] };
  /**
   * From INFO memory, of several servers together. `fragmentation` is resident ÷ used memory; above 1.5 much is lost,
   * below 1 the machine swaps.
   */
  server: {
    usedBytes: number;
    residentBytes: number;
    peakBytes: number;
    /** null: a server has no limit. */
    maxBytes: number | null;
    /** All that there are, with a comma between them. */
    policy: string;
    fragmentation: number;
  };
}

export interface AuditOptions {
  /** How many of the largest are listed. Default 5. */
  top?: number;
  /** Keys looked at in one round trip; the server answers others in between. Default 200. */
  batch?: number;
}

/**
 * Looks at every key by SCAN, MEMORY USAGE and PTTL, in bounded batches, on one server after the other; keeps only the
 * largest in mind, however many there are. `servers`: those that hold the keys, of a cluster all primaries (primariesOf).
 */
export async function auditMemory(
  servers: readonly Redis[],
  options: AuditOptions = {},
): Promise<MemoryAudit> {
  const { top = 5, batch = 200 } = options;
  const owners = new Map<string, OwnerUsage>();
  const largest = largestOf(top);
  const lasting = largestOf(top);
  const total = { keys: 0, bytes: 0, withoutTtl: 0 };
  const look = (measured: readonly AuditedKey[]) => {
    for (const key of measured) {
      const isLasting = key.ttlMs === null;
      total.keys += 1;
      total.bytes += key.bytes;
      largest.offer(key);
      if (isLasting) {
        total.withoutTtl += 1;
        lasting.offer(key);
      }
      const usage = owners.get(key.owner) ?? { owner: key.owner, keys: 0, bytes: 0, withoutTtl: 0 };
      usage.keys += 1;
      usage.bytes += key.bytes;
      usage.withoutTtl += isLasting ? 1 : 0;
      owners.set(key.owner, usage);
    }
  };
  for (const redis of servers) {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'COUNT', batch);
      cursor = next;
      look(await measure(redis, keys, batch));
    } while (cursor !== '0');
  }
  return {
    keys: total.keys,
    bytes: total.bytes,
    largest: largest.list(),
    owners: [...owners.values()].sort((a, b) => b.bytes - a.bytes),
    withoutTtl: { keys: total.withoutTtl, largest: lasting.list() },
    server: readServers(await Promise.all(servers.map((redis) => redis.info('memory')))),
  };
}

/** A SCAN may return more than it was asked for, so the batch is cut again. */
async function measure(redis: Redis, keys: readonly string[], batch: number): Promise<AuditedKey[]> {
  const measured: AuditedKey[] = [];
  for (let from = 0; from < keys.length; from += batch) {
    const some = keys.slice(from, from + batch);
    const pipeline = redis.pipeline();
    for (const key of some) pipeline.memory('USAGE', key).pttl(key);
    const answers = (await pipeline.exec()) ?? [];
    for (const [index, key] of some.entries()) {
      const bytes = numberIn(answers[index * 2]);
      const ttlMs = numberIn(answers[index * 2 + 1]);
      // null and -2: it has gone since the scan.
      if (bytes === null || ttlMs === null || ttlMs === -2) continue;
      measured.push({ key: masked(key), owner: ownerOf(key), bytes, ttlMs: ttlMs === -1 ? null : ttlMs });
    }
  }
  return measured;
}

function numberIn(answer: [Error | null, unknown] | undefined): number | null {
  if (answer?.[0]) throw answer[0];
  return typeof answer?.[1] === 'number' ? answer[1] : null;
}

/** The `count` largest of whatever is offered. */
function largestOf(count: number) {
  const kept: AuditedKey[] = [];
  return {
    offer(key: AuditedKey) {
      const least = kept.at(-1);
      if (kept.length === count && least !== undefined && key.bytes <= least.bytes) return;
      kept.push(key);
      kept.sort((a, b) => b.bytes - a.bytes);
      kept.length = Math.min(kept.length, count);
    },
    list: () => [...kept],
  };
}

function readServers(infos: readonly string[]): MemoryAudit['server'] {
  const all = infos.map(
    (info) =>
      new Map(
        info.split('\r\n').map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon), line.slice(colon + 1)] as const;
        }),
      ),
  );
  const sum = (name: string) =>
    all.reduce((total, fields) => total + Number(fields.get(name) ?? Number.NaN), 0);
  const isLimited = all.every((fields) => Number(fields.get('maxmemory')) > 0);
  const [usedBytes, residentBytes] = [sum('used_memory'), sum('used_memory_rss')];
  return {
    usedBytes,
    residentBytes,
    peakBytes: sum('used_memory_peak'),
    maxBytes: isLimited ? sum('maxmemory') : null,
    policy: [...new Set(all.map((fields) => fields.get('maxmemory_policy') ?? 'unknown'))].join(', '),
    fragmentation: Math.round((residentBytes / usedBytes) * 100) / 100,
  };
}
