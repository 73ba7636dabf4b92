import { compareVersions } from './version-number.ts';

/** Whose server it is. Both speak the same protocol; from Redis 7.2.4 on they go their own ways. */
export type ServerProduct = 'redis' | 'valkey';

/** A server, by what it says of itself. */
export interface ServerId {
  product: ServerProduct;
  /** `major.minor.patch`. */
  version: string;
}

/** Versions of one product: from `since` on, which is included, and below `below`, which is not. */
export interface ServerRange {
  product: ServerProduct;
  since?: string;
  below?: string;
}

export const serverTitles: Readonly<Record<ServerProduct, string>> = { redis: 'Redis', valkey: 'Valkey' };

/** `Valkey 8.1.1`. */
export function serverText({ product, version }: ServerId): string {
  return `${serverTitles[product]} ${version}`;
}

/** The server among a run's versions, which name it `redis-server` or `valkey-server`; null in a run that did not get to ask. */
export function serverAmong(versions: Readonly<Record<string, string>>): ServerId | null {
  for (const product of ['redis', 'valkey'] as const) {
    const version = versions[`${product}-server`];
    if (version !== undefined) return { product, version };
  }
  return null;
}

/** Whether a server is one of these. */
export function isServerIn({ product, version }: ServerId, range: ServerRange): boolean {
  if (product !== range.product) return false;
  if (range.since !== undefined && compareVersions(version, range.since) < 0) return false;
  return range.below === undefined || compareVersions(version, range.below) < 0;
}

/** `Valkey from 8.0 on`, `Redis from 7.2 on, below 7.4`, `Redis`. */
export function serverRangeText({ product, since, below }: ServerRange): string {
  const words = [
    `${serverTitles[product]}${since === undefined ? '' : ` from ${since} on`}`,
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  return words.join(', ');
}
