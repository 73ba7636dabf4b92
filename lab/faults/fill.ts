import { Redis } from 'ioredis';
import { monotonicMs, sleep } from '../common/clock.ts';
import { messageOf, UsageError } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { infoOf } from '../topology/info.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault, Proof } from './fault.ts';
import { namesOf } from './processes.ts';
import { originOf, reach } from './reach.ts';
import { inWords, serversOf, type Targets } from './target.ts';

export interface FillOptions {
  /** Megabytes (10⁶ bytes) of values for each server. At most 1000. */
  megabytes: number;
  /** Bytes of each value. Default 1000. */
  valueBytes?: number;
  /** What the keys begin with. Default `spike:`. */
  prefix?: string;
  /** Keys a second, for each server. Default: as fast as they go. */
  perSecond?: number;
  /** How long the keys live. Default: for ever; `volatile-…` policies evict only keys that have a time to live. */
  ttlSeconds?: number;
  /** Written from a host of these, over its link. Default: by the lab past the mesh. */
  from?: Targets;
  /**
   * Whether it is proved only by a server that runs out of memory. Default true; false: by all keys written, or a
   * refusal, where the fault is to find out whether they fit.
   */
  mustBite?: boolean;
  /**
   * Whether it goes on after a refusal, key by key until the heal, so that whatever becomes free is used at once
   * (buffers of the spike itself, for example). Default false.
   */
  goOn?: boolean;
  /** Whether the heal removes what is left of the keys. Default false. */
  removeAtHeal?: boolean;
}

const MOST_MEGABYTES = 1000;
const BATCH = 200;
const FURTHER_EVERY_MS = 5;

/**
 * A spike: so many new keys that memory runs out. The injection ends when all are written or the server refuses
 * them (`noeviction`). Proved by evictions, a refusal, or `used_memory` at 95 % of `maxmemory` or more; so a server
 * without `maxmemory` proves nothing (see `mustBite`). UsageError on numbers that are none.
 */
export function fill(target: Targets, options: FillOptions): Fault {
  const { megabytes, valueBytes = 1000, prefix = 'spike:', from, removeAtHeal = false } = options;
  number('megabytes', megabytes, MOST_MEGABYTES);
  number('valueBytes', valueBytes, 1_000_000);
  if (options.perSecond !== undefined) number('perSecond', options.perSecond, 1_000_000);
  const what = `${megabytes} MB of keys ${prefix}*`;
  return {
    name: 'fill',
    text: `write ${what} to ${inWords(target)}`,
    aims: options.from === undefined ? [target] : [options.from, target],
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const origin = from === undefined ? null : await originOf(from, surface);
      const spikes = await Promise.all(
        nodes.map((node) => spike(node, reach(node, origin, surface), { ...options, valueBytes, prefix })),
      );
      const proofs = spikes.map(({ proof }) => proof);
      return {
        text: `write ${what} to ${namesOf(nodes)}${origin === null ? '' : ` from ${origin.name}`}`,
        targets: nodes.map((node) => node.name),
        proof: {
          proved: proofs.every((proof) => proof.proved),
          text: proofs.map((proof) => proof.text).join(', '),
        },
        heal: once(async () => {
          await Promise.all(spikes.map(({ end }) => end()));
          return removeAtHeal ? removed(nodes, prefix) : nothing();
        }),
      };
    },
  };
}

function number(name: string, value: number, most: number): void {
  if (value > 0 && value <= most) return;
  throw new UsageError(`fill: ${name}: expected a number above 0 and up to ${most}, got ${value}`);
}

type Spike = FillOptions & { valueBytes: number; prefix: string };

async function spike(
  node: TopologyNode,
  address: { host: string; port: number },
  options: Spike,
): Promise<{ proof: Proof; end(): Promise<void> }> {
  const { username, password } = node.control.options;
  const redis = new Redis({
    ...address,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    lazyConnect: true,
    enableReadyCheck: false,
    connectTimeout: 2000,
    commandTimeout: 5000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => {});
  try {
    const before = await evicted(node);
    const { written, refusal } = await write(redis, options);
    const after = await evicted(node);
    const full = after.maxmemory > 0 && after.used >= 0.95 * after.maxmemory;
    const memory = `${after.used} of ${after.maxmemory === 0 ? 'unlimited' : after.maxmemory} bytes used`;
    const refused = refusal === null ? '' : `, then refused: ${refusal}`;
    const proof = {
      proved:
        after.keys > before.keys ||
        full ||
        /^OOM/.test(refusal ?? '') ||
        (options.mustBite === false && refusal === null),
      text: `${node.name}: ${written} keys${refused}; ${after.keys - before.keys} evicted, ${memory}`,
    };
    if (options.goOn === true && refusal !== null) return { proof, end: further(redis, options) };
    redis.disconnect();
    return { proof, end: async () => {} };
  } catch (error) {
    redis.disconnect();
    return { proof: { proved: false, text: `${node.name}: ${messageOf(error)}` }, end: async () => {} };
  }
}

/** Writes one key after the other until each is refused, again and again; what it returns ends that. */
function further(redis: Redis, { prefix, valueBytes }: Spike): () => Promise<void> {
  const ended = new AbortController();
  const value = 'x'.repeat(valueBytes);
  const run = Date.now().toString(36);
  const running = (async () => {
    for (let i = 0; !ended.signal.aborted; i++) {
      const done = await redis.set(`${prefix}${run}:further:${i}`, value).catch(() => null);
      if (done === null) await sleep(FURTHER_EVERY_MS, ended.signal).catch(() => {});
    }
  })();
  return async () => {
    ended.abort();
    await running;
    redis.disconnect();
  };
}

async function write(
  redis: Redis,
  { megabytes, valueBytes, prefix, perSecond, ttlSeconds }: Spike,
): Promise<{ written: number; refusal: string | null }> {
  const keys = Math.ceil((megabytes * 1e6) / valueBytes);
  const value = 'x'.repeat(valueBytes);
  // Each injection has keys of its own.
  const run = Date.now().toString(36);
  const startedAt = monotonicMs();
  let written = 0;
  while (written < keys) {
    const size = Math.min(BATCH, keys - written);
    const batch = redis.pipeline();
    for (let i = 0; i < size; i++) {
      const key = `${prefix}${run}:${written + i}`;
      if (ttlSeconds === undefined) batch.set(key, value);
      else batch.set(key, value, 'PX', Math.round(ttlSeconds * 1000));
    }
    const results = (await batch.exec()) ?? [];
    const refusal = results.find(([error]) => error !== null)?.[0] ?? null;
    written += results.filter(([error]) => error === null).length;
    if (refusal !== null) return { written, refusal: refusal.message };
    if (perSecond !== undefined) {
      const ahead = (written * 1000) / perSecond - (monotonicMs() - startedAt);
      if (ahead > 0) await sleep(ahead);
    }
  }
  return { written, refusal: null };
}

async function evicted({
  control,
}: TopologyNode): Promise<{ keys: number; used: number; maxmemory: number }> {
  const info = infoOf(await control.info());
  return {
    keys: Number(info.evicted_keys ?? 0),
    used: Number(info.used_memory ?? 0),
    maxmemory: Number(info.maxmemory ?? 0),
  };
}

async function removed(nodes: readonly TopologyNode[], prefix: string): Promise<Proof> {
  const counts = await Promise.all(
    nodes.map(async ({ control }) => {
      let [cursor, count] = ['0', 0];
      do {
        const [next, keys] = await control.scan(cursor, 'MATCH', `${globOf(prefix)}*`, 'COUNT', 1000);
        if (keys.length > 0) count += await control.unlink(...keys);
        cursor = next;
      } while (cursor !== '0');
      return count;
    }),
  );
  return { proved: true, text: `${counts.join(' and ')} keys removed from ${namesOf(nodes)}` };
}

/** A prefix as it is written in a pattern. */
function globOf(prefix: string): string {
  return prefix.replace(/[\\*?[\]]/g, '\\$&');
}

async function nothing(): Promise<Proof> {
  return { proved: true, text: 'what was written stays' };
}
