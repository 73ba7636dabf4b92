import { LRUCache } from 'lru-cache';
import type { AppConfig } from '../config.ts';
import type { Found } from './product.ts';

type Settings = AppConfig['cache']['local'];

/** A lookup under way: what it found is kept only if nothing overtook it. */
export interface Lookup {
  readonly key: string;
  overtaken: boolean;
}

/** Values in the process. An entry may lose trust before it is forgotten: then it only serves while the cache is away. */
export interface LocalTier {
  readonly size: number;
  /** What may be served as it is; undefined: nothing. */
  get(key: string): Found | undefined;
  /** What there is, however old. */
  any(key: string): Found | undefined;
  /** Before Redis or the database is asked. */
  begin(key: string): Lookup;
  /** Keeps what the lookup found, unless it was overtaken. */
  end(lookup: Lookup, found: Found | undefined): void;
  /** Somebody wrote the key. */
  drop(key: string): void;
  /** The news was interrupted: whatever is there may be old. */
  distrust(): void;
  /** While news is heard, what is kept is trusted. */
  hears(isHearing: boolean): void;
}

interface Entry {
  found: Found;
  trusted: boolean;
}

/** `guard`: whether lookups can be overtaken. `keepOld`: whether what is no longer trusted is kept for bad times. */
export function localTier(settings: Settings, guard: boolean, keepOld: boolean): LocalTier {
  if (settings === null) return nothing;
  const entries = new LRUCache<string, Entry>({
    max: settings.entries,
    ttl: settings.ttlMs,
    noDeleteOnStaleGet: keepOld,
  });
  const underWay = new Map<string, Set<Lookup>>();
  let hearing = !settings.flushAfterGap;
  const overtake = (lookups: Iterable<Lookup>) => {
    for (const lookup of lookups) lookup.overtaken = true;
  };
  return {
    get size() {
      return entries.size;
    },
    get(key) {
      const entry = entries.get(key);
      return entry?.trusted ? entry.found : undefined;
    },
    any: (key) => (keepOld ? entries.get(key, { allowStale: true })?.found : undefined),
    begin(key) {
      const lookup = { key, overtaken: false };
      const beside = underWay.get(key);
      if (beside === undefined) underWay.set(key, new Set([lookup]));
      else beside.add(lookup);
      return lookup;
    },
    end(lookup, found) {
      const beside = underWay.get(lookup.key);
      beside?.delete(lookup);
      if (beside?.size === 0) underWay.delete(lookup.key);
      if (found === undefined || (guard && lookup.overtaken)) return;
      entries.set(lookup.key, { found, trusted: hearing });
    },
    drop(key) {
      entries.delete(key);
      overtake(underWay.get(key) ?? []);
    },
    distrust() {
      if (!settings.flushAfterGap) return;
      for (const lookups of underWay.values()) overtake(lookups);
      if (keepOld) for (const entry of entries.values()) entry.trusted = false;
      else entries.clear();
    },
    hears(isHearing) {
      hearing = isHearing || !settings.flushAfterGap;
    },
  };
}

const nothing: LocalTier = {
  size: 0,
  get: () => undefined,
  any: () => undefined,
  begin: (key) => ({ key, overtaken: false }),
  end: () => {},
  drop: () => {},
  distrust: () => {},
  hears: () => {},
};
