import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppConfig } from '../config.ts';
import type { FillLog } from '../context.ts';
import { type Breaker, CacheAway } from './breaker.ts';
import type { CacheMetrics, Source } from './cache-metrics.ts';
import { type FillGate, GateFull } from './fill-gate.ts';
import { flights } from './flights.ts';
import type { LocalTier } from './local-tier.ts';
import { type Found, keyOf } from './product.ts';
import type { ProductTable } from './product-table.ts';
import type { Look, SharedTier } from './shared-tier.ts';

/** An answer, and where it came from. */
export interface Served {
  found: Found;
  source: Source;
  /** A write overtook it: good for who began it, perhaps old for who joined it. */
  overtaken?: boolean;
}

export interface ProductCacheParts {
  settings: AppConfig['cache'];
  table: ProductTable;
  shared: SharedTier;
  local: LocalTier;
  breaker: Breaker;
  gate: FillGate;
  fills: FillLog;
  metrics: CacheMetrics;
  /** A fill that took longer is not stored: its guard may have expired. In ms. */
  longestFillMs: number;
}

export interface ProductCache {
  /** Throws GateFull, or the database's error. */
  read(id: number): Promise<Served>;
  /** Somebody wrote it, here or elsewhere. */
  forget(key: string): void;
}

/** A joiner of overtaken fills asks anew so often, then takes what it gets. */
const JOINS = 3;
/** Pauses between looks while another process fills, in ms: the first, and the longest. */
const POLL_MS = { from: 4, to: 40 };

/**
 * The way of a read: the local tier, Redis, and then the database: one request a process, and among the processes the
 * one that holds the lease. While Redis is away: the local tier's old values if that is wanted, or else the database.
 */
export function productCache(parts: ProductCacheParts): ProductCache {
  const { settings, table, shared, local, breaker, gate, fills, metrics, longestFillMs } = parts;
  const underWay = flights<Served>();
  const instance = randomUUID();
  let generation = 0;

  // With coalescing all requests of this process are one to the lease, until a write divides old from new.
  const leaseOf = () => (settings.coalesce ? `${instance}:${generation}` : randomUUID());

  const fromTable = (id: number) =>
    gate.run(async () => {
      const at = Date.now();
      metrics.fills.inc();
      const found = await table.read(id);
      fills.add(keyOf(id), found?.version ?? 0, at);
      return found;
    });

  async function fill(id: number, lease: string, guard: string): Promise<Served> {
    const key = keyOf(id);
    const began = performance.now();
    let found: Found;
    try {
      found = await fromTable(id);
    } catch (error) {
      await shared.release(key, lease).catch(() => {});
      throw error;
    }
    if (performance.now() - began > longestFillMs) return { found, source: 'fill', overtaken: true };
    try {
      const stored = await shared.store(key, lease, guard, found);
      if (!stored) metrics.discarded.inc();
      return { found, source: 'fill', overtaken: !stored };
    } catch {
      // The user has the answer all the same; the next one fills again.
      return { found, source: 'fill' };
    }
  }

  async function obtain(id: number, lease: string, first: Look): Promise<Served> {
    let look = first;
    if (look.mayFill) return fill(id, lease, look.guard);
    metrics.leaseWaits.inc();
    const until = performance.now() + (settings.leaseMs ?? 0);
    for (let pauseMs = POLL_MS.from; performance.now() < until; pauseMs = Math.min(pauseMs * 2, POLL_MS.to)) {
      await sleep(pauseMs * (0.75 + Math.random() / 2));
      const token = leaseOf();
      look = await shared.look(keyOf(id), token);
      if (look.found !== undefined && (look.isFresh || settings.staleMs > 0))
        return { found: look.found, source: look.isFresh ? 'hit' : 'stale' };
      if (look.mayFill) return fill(id, token, look.guard);
    }
    return fill(id, lease, look.guard);
  }

  /** One at a time in this process, if that is wanted; what a write overtook is not shared with later requests. */
  async function together(key: string, work: () => Promise<Served>): Promise<Served> {
    if (!settings.coalesce) return work();
    for (let join = 1; ; join++) {
      const { joined, result } = underWay.run(key, work);
      if (joined) metrics.coalesced.inc();
      const served = await result;
      if (!joined || !served.overtaken || join === JOINS) return served;
    }
  }

  function refresh(id: number, lease: string, guard: string): void {
    const key = keyOf(id);
    if (settings.coalesce && underWay.has(key)) return;
    // A refresh that fails leaves the old value to the next one, or to the end of its life.
    together(key, () => fill(id, lease, guard)).catch(() => {});
  }

  async function ask(id: number): Promise<Served> {
    const key = keyOf(id);
    try {
      const lease = leaseOf();
      const look = await shared.look(key, lease);
      if (look.found !== undefined && look.isFresh) return { found: look.found, source: 'hit' };
      metrics.misses.inc();
      if (look.found === undefined || settings.staleMs === 0)
        return await together(key, () => obtain(id, lease, look));
      if (look.mayFill) refresh(id, lease, look.guard);
      return { found: look.found, source: 'stale' };
    } catch (error) {
      if (!(error instanceof CacheAway)) throw error;
      return (
        old(key) ??
        together(`${key}/bypass`, async () => ({ found: await fromTable(id), source: 'bypass' as const }))
      );
    }
  }

  /** What the local tier still has, while the cache is away and old values are better than none. */
  function old(key: string): Served | undefined {
    if (!settings.breaker?.serveStale || breaker.state === 'closed') return undefined;
    const found = local.any(key);
    return found === undefined ? undefined : { found, source: 'stale' };
  }

  return {
    async read(id) {
      const key = keyOf(id);
      const near = local.get(key);
      const served: Served =
        near !== undefined ? { found: near, source: 'local' } : await throughLocal(key, () => ask(id));
      metrics.reads.inc({ result: served.source });
      return served;
    },
    forget(key) {
      generation++;
      local.drop(key);
      underWay.forget(key);
      underWay.forget(`${key}/bypass`);
    },
  };

  async function throughLocal(key: string, work: () => Promise<Served>): Promise<Served> {
    const lookup = local.begin(key);
    let kept: Found | undefined;
    try {
      const served = await work();
      // Old values come from there, or are about to be replaced.
      if (served.source !== 'stale' && !served.overtaken) kept = served.found;
      return served;
    } catch (error) {
      if (!(error instanceof GateFull)) throw error;
      metrics.refused.inc();
      const found = settings.breaker?.serveStale ? local.any(key) : undefined;
      if (found === undefined) throw error;
      return { found, source: 'stale' };
    } finally {
      local.end(lookup, kept);
    }
  }
}
