import type { Checker, CheckResult } from './checker.ts';
import { collectFindings } from './findings.ts';
import { readOptions } from './options.ts';
import { isRedisOperation } from './redis-operations.ts';

/** How often at most a number of redirects is listed on its own; more than that are one row. */
const LISTED = 16;

/**
 * How often a cluster's clients were sent on before an operation ended: MOVED, ASK, and tries again after TRYAGAIN,
 * CLUSTERDOWN or a lost connection, as the client library counts them.
 *
 * Options: `name`; `group`: only these clients; `maxRedirects`: no operation needed more; `maxMeanRedirects`;
 * `maxExhausted`: so many operations at most ended because the library's budget (`budget`, its `maxRedirections`) was
 * used up. An operation has exhausted it if it did not end ok after at least `budget` redirects, or says so in its error.
 *
 * Figures: `operations`, `redirected`, `redirects` (their sum), `meanRedirects`, `meanOfRedirected`, `maxRedirects`,
 * `exhausted`, `okAfterRedirect`, `operationsByRedirects`, `redirectsByReason` (MOVED, ASK, …, `connection`).
 */
export function redirects(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    group: 'text',
    maxRedirects: 'number',
    maxMeanRedirects: 'number',
    maxExhausted: 'number',
    budget: 'number',
  } as const;
  const read = readOptions('redirects', options, schema);
  const { name = 'redirects', group, maxRedirects, maxMeanRedirects, maxExhausted, budget } = read;
  const asserted = [
    ...(maxRedirects === undefined ? [] : [`no operation needed more than ${maxRedirects} redirects`]),
    ...(maxMeanRedirects === undefined ? [] : [`at most ${maxMeanRedirects} redirects an operation`]),
    ...(maxExhausted === undefined ? [] : [`at most ${maxExhausted} operations ended with their budget`]),
  ];
  return {
    name,
    verifies: `How often the clients of a cluster were sent on before an operation ended, and how many operations ended for it. Asserted: ${asserted.join(', ') || 'nothing, it measures'}.`,
    doesNotVerify:
      'Where they were sent, how long it took them, and what a client did besides (refreshing its map of slots). An operation that waits without being sent on is not counted.',
    check: ({ history }): CheckResult => {
      const members = history.clients.filter((one) => group === undefined || one.group === group);
      const clients = new Set(members.map((one) => one.name));
      const findings = collectFindings();
      const byCount = new Map<number, number>();
      const byReason: Record<string, number> = {};
      let [operations, sum, most, exhausted, okAfterRedirect] = [0, 0, 0, 0, 0];
      for (const operation of history.operations) {
        if (!clients.has(operation.client) || !isRedisOperation(operation)) continue;
        const { redirects: count = 0, outcome, completed: at, client, key, node, error } = operation;
        operations++;
        sum += count;
        most = Math.max(most, count);
        byCount.set(count, (byCount.get(count) ?? 0) + 1);
        countReasons(operation.redirectedBy, byReason);
        if (count > 0 && outcome === 'ok') okAfterRedirect++;
        const isExhausted =
          /too many cluster redirections/i.test(error ?? '') ||
          (outcome !== 'ok' && budget !== undefined && count >= budget);
        const kind = isExhausted ? 'exhausted' : 'redirected';
        if (isExhausted) exhausted++;
        if (isExhausted || (maxRedirects !== undefined && count > maxRedirects))
          findings.offer(at, kind, () => {
            const text = `${operation.f} of ${key} by ${client} ended ${outcome} after ${count} redirects${error === null ? '' : ` (${error})`}`;
            return { at, kind, text, client, node, key, value: count };
          });
      }
      if (operations === 0)
        return {
          verdict: 'unknown',
          summary: 'no client tried anything on Redis',
          figures: {},
          findings: [],
        };
      const redirected = operations - (byCount.get(0) ?? 0);
      const mean = threeDigits(sum / operations);
      const broken =
        (maxRedirects !== undefined && most > maxRedirects) ||
        (maxMeanRedirects !== undefined && mean > maxMeanRedirects) ||
        (maxExhausted !== undefined && exhausted > maxExhausted);
      return {
        verdict: broken ? 'invalid' : 'valid',
        summary: `${redirected} of ${operations} operations were sent on, one at most ${most} times; ${exhausted} ended with their budget`,
        figures: {
          operations,
          redirected,
          redirects: sum,
          meanRedirects: mean,
          meanOfRedirected: redirected === 0 ? null : threeDigits(sum / redirected),
          maxRedirects: most,
          exhausted,
          okAfterRedirect,
          operationsByRedirects: listed(byCount),
          redirectsByReason: byReason,
        },
        ...findings.evidence(),
      };
    },
  };
}

/** Of `MOVED:2 CLUSTERDOWN:1`. */
function countReasons(text: string | undefined, counts: Record<string, number>): void {
  if (text === undefined) return;
  for (const part of text.split(' ')) {
    const [reason = '', count] = part.split(':');
    counts[reason] = (counts[reason] ?? 0) + Number(count);
  }
}

function listed(byCount: ReadonlyMap<number, number>): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const [count, operations] of [...byCount].sort(([a], [b]) => a - b)) {
    const row = count > LISTED ? `more than ${LISTED}` : String(count);
    rows[row] = (rows[row] ?? 0) + operations;
  }
  return rows;
}

function threeDigits(value: number): number {
  return Math.round(value * 1000) / 1000;
}
