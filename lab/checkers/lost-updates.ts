import type { FinalRead, History } from '../history/operation.ts';
import type { Findings } from './findings.ts';

/** Acknowledged updates that the database does not have in the end. */
export interface LostUpdates {
  /** null without final reads. */
  lostUpdates: number | null;
  /** When the first and the last of them were acknowledged; null without any. */
  firstLostAtMs: number | null;
  lastLostAtMs: number | null;
  /** Updated keys of which nobody read the final version. */
  unreadKeys: number;
}

/**
 * An acknowledged version above the final one is lost. So is one that was acknowledged twice: versions are counted
 * up by one, so somebody's update was rolled back in between and its number given again.
 */
export function lostUpdates(history: History, findings: Findings): LostUpdates {
  const finals = new Map<string, FinalRead>();
  for (const read of history.finalReads.toSorted((a, b) => a.at - b.at))
    if (read.subject === 'register') finals.set(read.key, read);
  const unread = new Set<string>();
  const given = new Map<string, Set<number>>();
  let lost = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { f, outcome, key, value, client, node, completed: at } of history.operations) {
    if (f !== 'update' || outcome !== 'ok' || value === null) continue;
    let versions = given.get(key);
    if (versions === undefined) {
      versions = new Set();
      given.set(key, versions);
    }
    const isRepeated = versions.has(value);
    versions.add(value);
    const read = finals.get(key);
    if (read === undefined) unread.add(key);
    const isAbove = read !== undefined && value > (read.values[0] ?? 0);
    if (!isRepeated && !isAbove) continue;
    lost++;
    first = Math.min(first, at);
    last = Math.max(last, at);
    findings.offer(at, isAbove ? 'lost' : 'repeated', () => {
      const why = isAbove
        ? `the database ended with ${read?.values[0] ?? 'nothing'}`
        : 'somebody was given the same version before';
      const text = `${client} was told that version ${value} of ${key} is written: ${why}`;
      return {
        at,
        kind: 'lost-update',
        cause: isAbove ? 'lost' : 'repeated',
        text,
        client,
        node,
        key,
        value,
      };
    });
  }
  return {
    lostUpdates: finals.size === 0 && lost === 0 ? null : lost,
    firstLostAtMs: lost === 0 ? null : first,
    lastLostAtMs: lost === 0 ? null : last,
    unreadKeys: unread.size,
  };
}
