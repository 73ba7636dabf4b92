import type { History } from '../history/operation.ts';

/** Fills of one key that one miss should have needed one of. */
export interface Epoch {
  key: string;
  /** When its first fill began, and its last. */
  from: number;
  to: number;
  fills: number;
}

/**
 * Divides each key's fills into epochs. An epoch begins with a fill; fills that begin within `epochMs` belong to it,
 * unless an update of the key began or ended in between, which makes the cache need another fill (each end of an
 * update excuses one, so that a slow update does not excuse a stampede beside it).
 */
export function missEpochs(history: History, epochMs: number): Epoch[] {
  const keys = new Map<string, { fills: number[]; updates: number[] }>();
  for (const { f, key, outcome, invoked, completed } of history.operations) {
    const isFill = f === 'fill';
    if (!isFill && (f !== 'update' || outcome === 'fail')) continue;
    let one = keys.get(key);
    if (one === undefined) {
      one = { fills: [], updates: [] };
      keys.set(key, one);
    }
    if (isFill) one.fills.push(invoked);
    else one.updates.push(invoked, completed);
  }
  return [...keys].flatMap(([key, { fills, updates }]) =>
    epochsOf(key, ascending(fills), ascending(updates), epochMs),
  );
}

function epochsOf(key: string, fills: Float64Array, updates: Float64Array, epochMs: number): Epoch[] {
  const epochs: Epoch[] = [];
  let epoch: Epoch | undefined;
  let next = 0;
  for (const at of fills) {
    let updated = false;
    for (; next < updates.length && (updates[next] as number) <= at; next++) updated = true;
    if (epoch === undefined || updated || at > epoch.from + epochMs) {
      epoch = { key, from: at, to: at, fills: 0 };
      epochs.push(epoch);
    }
    epoch.fills++;
    epoch.to = at;
  }
  return epochs;
}

function ascending(times: readonly number[]): Float64Array {
  return Float64Array.from(times).sort();
}
