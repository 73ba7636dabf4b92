import type { History } from '../history/operation.ts';
import { type CacheFacts, cacheFacts, FIRST_VERSION } from './cache-facts.ts';
import type { Checker, Verdict } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { lostUpdates } from './lost-updates.ts';
import { onlyKeys } from './only-keys.ts';
import { readOptions, someOf } from './options.ts';

const known = ['stale', 'permanent', 'ahead', 'lost-updates', 'going-back'] as const;

/** What can be asserted of a cache. */
export type CacheProperty = (typeof known)[number];

const usual = known.filter((property) => property !== 'going-back');

/**
 * Cached products (`view` and `update`; see history/application.ts), whose versions begin at 1 and are counted up by
 * each update.
 *
 * Options: `name`; `group`: only views of these clients are judged, against everybody's updates; `keys`: only these;
 * `maxStaleMs` (default 0): how long after a newer version was acknowledged an older one may still be shown;
 * `ttlMs`: the longest life of a cached value, staleness that is served on purpose included (default: permanent
 * staleness is not judged); `properties`: which decide the verdict (default: all but `going-back`; figures hold all).
 *
 * Figures: `views`, `updates` (acknowledged); `staleViews` (any staleness), `tooStaleViews` (beyond `maxStaleMs`),
 * `staleMedianMs`, `staleP99Ms`, `staleMaxMs` (over the stale views; null without); `permanentlyStaleViews`,
 * `permanentlyStaleKeys`; `aheadViews`; `goingBack`; `lostUpdates` (null without final reads), `firstLostAtMs`,
 * `lastLostAtMs` (when they were acknowledged), `unreadKeys`.
 */
export function cache(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    group: 'text',
    keys: 'texts',
    maxStaleMs: 'number',
    ttlMs: 'number',
    properties: 'texts',
  } as const;
  const read = readOptions('cache', options, schema);
  const { name = 'cache', group, keys, maxStaleMs = 0, ttlMs } = read;
  const properties = someOf('cache', 'properties', read.properties ?? usual, known);
  const words: Readonly<Record<CacheProperty, string>> = {
    stale: `a view shows a version that was the newest acknowledged one at some time from ${maxStaleMs} ms before it began (stale)`,
    permanent:
      ttlMs === undefined
        ? 'permanent staleness is not judged without ttlMs'
        : `once a key was not updated for ${ttlMs} ms its views show the newest version (permanent)`,
    ahead: 'no view shows a version that no update can have written yet (ahead)',
    'lost-updates': 'the database ends with every acknowledged version (lost-updates)',
    'going-back': 'no client is shown an older version than before (going-back)',
  };
  return {
    name,
    verifies: `Asserts, per key: ${properties.map((one) => words[one]).join('; ')}.`,
    doesNotVerify:
      'The content behind a version; views that overlap an update, which may show either side; updates of unknown outcome, which excuse a version that is ahead and never accuse one that is old; an update that was lost and overwritten, unless its version was given twice.',
    check: ({ history: whole }) => {
      const history = onlyKeys(whole, keys);
      const findings = collectFindings();
      const facts = cacheFacts(history);
      const views = judgeViews(history, facts, { group, maxStaleMs, ttlMs }, findings);
      const lost = lostUpdates(history, findings);
      const figures = { ...views, updates: facts.updates, ...lost };
      const counts: Readonly<Record<CacheProperty, number>> = {
        stale: views.tooStaleViews,
        permanent: views.permanentlyStaleViews,
        ahead: views.aheadViews,
        'lost-updates': lost.lostUpdates ?? 0,
        'going-back': views.goingBack,
      };
      const result = (verdict: Verdict, summary: string) => ({
        verdict,
        summary,
        figures,
        ...findings.evidence(),
      });
      const broken = known.filter((one) => properties.includes(one) && counts[one] > 0);
      const worst = views.staleMaxMs === null ? 'none stale' : `stale by at most ${views.staleMaxMs} ms`;
      if (broken.length > 0) {
        const found = broken.map((one) => `${counts[one]} ${one}`).join(', ');
        return result('invalid', `of ${views.views} views and ${facts.updates} updates: ${found}; ${worst}`);
      }
      if (views.views === 0) return result('unknown', 'nothing was viewed');
      if (facts.updates === 0)
        return result('unknown', 'no update was acknowledged, so nothing could be old');
      if (lost.lostUpdates !== null && lost.unreadKeys > 0 && properties.includes('lost-updates'))
        return result('unknown', `${lost.unreadKeys} updated keys have no final version`);
      return result('valid', `${views.views} views and ${facts.updates} updates, ${worst}`);
    },
  };
}

interface Bounds {
  group: string | undefined;
  maxStaleMs: number;
  ttlMs: number | undefined;
}

function judgeViews(history: History, facts: CacheFacts, bounds: Bounds, findings: Findings) {
  const { group, maxStaleMs, ttlMs = Number.POSITIVE_INFINITY } = bounds;
  const members = history.clients.filter((one) => group === undefined || one.group === group);
  const judged = new Set(members.map((one) => one.name));
  // A client that died may have begun updates that nobody recorded.
  const crashed = history.clients.some((one) => one.crashedAt !== undefined);
  const counts = { views: 0, tooStaleViews: 0, permanentlyStaleViews: 0, aheadViews: 0, goingBack: 0 };
  const lags: number[] = [];
  const permanentKeys = new Set<string>();
  for (const operation of history.operations) {
    const { f, outcome, value, client, node, key, invoked, completed } = operation;
    if (f !== 'view' || outcome !== 'ok' || value === null || !judged.has(client)) continue;
    counts.views++;
    const index = facts.indexOf(key);
    const note = (kind: string, why: string) =>
      findings.offer(invoked, kind, () => {
        const text = `${client} was shown version ${value} of ${key}: ${why}`;
        return { at: invoked, kind, cause: kind, text, client, node, key, value };
      });
    const newest = facts.acknowledged.highestBefore(index, invoked);
    if (newest > value) {
      const lag = invoked - facts.acknowledged.firstAbove(index, value);
      const quietMs = invoked - facts.acknowledged.firstAbove(index, newest - 1);
      lags.push(lag);
      const why = `${newest} was acknowledged, stale by ${lag.toFixed(1)} ms`;
      if (lag > maxStaleMs) {
        counts.tooStaleViews++;
        note('stale', why);
      }
      if (quietMs > ttlMs) {
        counts.permanentlyStaleViews++;
        permanentKeys.add(key);
        note('permanent', `${why}, and nothing was updated for ${quietMs.toFixed(1)} ms`);
      }
    }
    if (facts.seen.highestBefore(facts.readerOf(operation), invoked) > value) counts.goingBack++;
    if (value <= FIRST_VERSION || crashed) continue;
    const possible = Math.max(FIRST_VERSION, facts.possible.highestBefore(index, completed));
    if (value <= possible) continue;
    counts.aheadViews++;
    note('ahead', `no update can have written more than ${possible} by then`);
  }
  const sorted = Float64Array.from(lags).sort();
  const at = (share: number) => rounded(sorted[Math.ceil(share * sorted.length) - 1]);
  return {
    ...counts,
    staleViews: lags.length,
    staleMedianMs: at(0.5),
    staleP99Ms: at(0.99),
    staleMaxMs: at(1),
    permanentlyStaleKeys: permanentKeys.size,
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 1000) / 1000;
}
