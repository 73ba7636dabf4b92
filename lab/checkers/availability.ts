import { UsageError } from '../common/errors.ts';
import type { Observations } from '../history/observations.ts';
import type { History } from '../history/operation.ts';
import type { Checker, CheckResult, Figures, Finding } from './checker.ts';
import { collectFindings } from './findings.ts';
import { readOptions } from './options.ts';
import { promotionsOf } from './promotions.ts';

/** What an availability check may begin at, besides a time. */
const moments = ['promotion', 'announcement', 'heal'] as const;

export type Moment = (typeof moments)[number];

/** Clients in the breakdown by client: those with the longest outages. */
const clientsListed = 20;

/**
 * How long clients had to do without an operation that ended `ok`.
 *
 * Counted is, for each client that has any operation: every time longer than `gapMs` between two completions
 * of `ok` operations, whole, and likewise from the window's beginning to the first and from the last to its end.
 * The window is the load's, or a part of it; a client that died counts until then. `overall…` figures take the
 * successes of all clients together.
 *
 * Options: `name`; `gapMs` (default 250; choose it above the usual time between two operations of a client);
 * `maxOutageMs` and `minAvailableShare` decide the verdict, each of them if given; `group`: only these clients;
 * `after`: the window begins at this time in ms, at the `promotion` (the first after a fault), at its `announcement` (the
 * first `+switch-master` after a fault), or at the `heal` (the last one).
 */
export function availability(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    gapMs: 'number',
    maxOutageMs: 'number',
    minAvailableShare: 'number',
    group: 'text',
    after: 'number or text',
  } as const;
  const read = readOptions('availability', options, schema);
  const { name = 'availability', gapMs = 250, maxOutageMs, minAvailableShare, group, after } = read;
  if (typeof after === 'string' && !moments.some((moment) => moment === after))
    throw new UsageError(
      `check availability: after: expected a time in ms, ${moments.map((moment) => `"${moment}"`).join(', ')}, got "${after}"`,
    );
  const limits = [
    ...(maxOutageMs === undefined ? [] : [`no outage of a client longer than ${maxOutageMs} ms`]),
    ...(minAvailableShare === undefined ? [] : [`an available share of at least ${minAvailableShare}`]),
  ];
  return {
    name,
    verifies: `Outages as clients felt them${sinceText(after)}: every time above ${gapMs} ms without an operation that ended ok, for each client, until the load's end if need be. Asserted: ${limits.join(', ') || 'nothing, it measures'}.`,
    doesNotVerify: `Interruptions of at most ${gapMs} ms, slow answers, whether what was answered is true, and what clients without any operation would have met.`,
    check: ({ history, seen }) => {
      const from = Math.max(seen.loadWindow.from, beginning(seen, after));
      const { to } = seen.loadWindow;
      if (!(from < to))
        return unknown(`there is no load to judge${after === undefined ? '' : ` after ${after}`}`);
      const clients = outagesOf(history, group, from, to, gapMs);
      if (clients.length === 0) return unknown('no client has any operation in the load window');
      return conclude(clients, { from, to, gapMs, since: sinceText(after) }, maxOutageMs, minAvailableShare);
    },
  };
}

/** From when on it is counted, where that is not the load's beginning. */
function sinceText(after: number | string | undefined): string {
  if (after === undefined) return '';
  return typeof after === 'number' ? ` from ${after} ms on` : ` from the ${after} on`;
}

interface Outage {
  from: number;
  to: number;
}

interface ClientOutages {
  name: string;
  windowMs: number;
  outages: readonly Outage[];
  successes: Float64Array;
  recovered: boolean;
}

function beginning(seen: Observations, after: number | string | undefined): number {
  if (typeof after === 'number') return after;
  if (after === undefined) return Number.NEGATIVE_INFINITY;
  const heals = seen.faults.flatMap(({ healedAt }) => (healedAt === null ? [] : [healedAt]));
  if (after === 'heal') return heals.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...heals);
  const injected = Math.min(...seen.faults.map((fault) => fault.injectedAt));
  const first = after === 'announcement' ? announcementsOf(seen) : promotionsOf(seen);
  return first.find(({ at }) => at >= injected)?.at ?? Number.POSITIVE_INFINITY;
}

function announcementsOf({ events }: Observations): { at: number }[] {
  return events.filter(({ kind }) => kind === '+switch-master').toSorted((a, b) => a.at - b.at);
}

function outagesOf(history: History, group: string | undefined, from: number, to: number, gapMs: number) {
  const successes = new Map<string, number[]>();
  for (const { client, outcome, completed, invoked } of history.operations) {
    if (completed < from || invoked > to) continue;
    let times = successes.get(client);
    if (times === undefined) {
      times = [];
      successes.set(client, times);
    }
    if (outcome === 'ok' && completed <= to) times.push(completed);
  }
  const found: ClientOutages[] = [];
  for (const client of history.clients) {
    const times = successes.get(client.name);
    const end = Math.min(to, client.crashedAt ?? to);
    if (times === undefined || end <= from || (group !== undefined && client.group !== group)) continue;
    const sorted = ascending(times);
    const outages = gapsIn(sorted, from, end, gapMs);
    const recovered = end < to || outages.at(-1)?.to !== end || sorted.at(-1) === end;
    found.push({ name: client.name, windowMs: end - from, outages, successes: sorted, recovered });
  }
  return found;
}

/** Clients record in order of completion, so sorting is hardly ever needed. */
function ascending(times: readonly number[]): Float64Array {
  const sorted = Float64Array.from(times);
  for (let i = 1; i < sorted.length; i++)
    if ((sorted[i - 1] as number) > (sorted[i] as number)) return sorted.sort();
  return sorted;
}

function gapsIn(successes: Float64Array, from: number, to: number, gapMs: number): Outage[] {
  const gaps: Outage[] = [];
  let last = from;
  for (const time of successes) {
    if (time - last > gapMs) gaps.push({ from: last, to: time });
    last = time;
  }
  if (to - last > gapMs) gaps.push({ from: last, to });
  return gaps;
}

function conclude(
  clients: readonly ClientOutages[],
  window: { from: number; to: number; gapMs: number; since: string },
  maxOutageMs: number | undefined,
  minAvailableShare: number | undefined,
): CheckResult {
  const byOutage = clients
    .map((client) => ({ ...client, longestMs: longestMs(client.outages) }))
    .sort((a, b) => b.longestMs - a.longestMs);
  const worst = byOutage[0];
  const longest = worst?.longestMs ?? 0;
  const share = shareOf(clients);
  const together = gapsIn(merged(clients), window.from, window.to, window.gapMs);
  const overall = { outages: together, windowMs: window.to - window.from };
  const never = clients.filter((client) => !client.recovered);
  const figures: Figures = {
    availableShare: share,
    longestOutageMs: longest,
    outages: clients.reduce((sum, { outages }) => sum + outages.length, 0),
    clients: clients.length,
    neverRecovered: never.length,
    overallAvailableShare: shareOf([overall]),
    overallLongestOutageMs: longestMs(together),
    longestOutageMsByClient: Object.fromEntries(
      byOutage.slice(0, clientsListed).map((client) => [client.name, client.longestMs]),
    ),
  };
  const broken =
    (maxOutageMs !== undefined && longest > maxOutageMs) ||
    (minAvailableShare !== undefined && share < minAvailableShare);
  const stuck = never.length === 0 ? '' : `; ${never.length} of ${clients.length} clients never recovered`;
  return {
    verdict: broken ? 'invalid' : 'valid',
    summary: `clients could work ${(share * 100).toFixed(1)} % of the time${window.since}, ${longestText(longest, worst?.name, window.gapMs)}${stuck}`,
    figures,
    findings: findingsOf(clients, window.to),
  };
}

function findingsOf(clients: readonly ClientOutages[], end: number): Finding[] {
  const findings = collectFindings();
  for (const { name, outages } of clients)
    for (const { from, to } of outages)
      findings.offer(from, name, () => {
        const text = `${name} had no success for ${Math.round(to - from)} ms${to === end ? ', until the load ended' : ''}`;
        return { at: from, to, kind: 'outage', text, client: name };
      });
  return findings.list();
}

function longestText(longestMs: number, client: string | undefined, gapMs: number): string {
  return longestMs === 0
    ? `no outage was longer than ${gapMs} ms`
    : `the longest outage was ${Math.round(longestMs)} ms (${client})`;
}

/** All successes in one ascending list. */
function merged(clients: readonly ClientOutages[]): Float64Array {
  const all = new Float64Array(clients.reduce((sum, { successes }) => sum + successes.length, 0));
  let at = 0;
  for (const { successes } of clients) {
    all.set(successes, at);
    at += successes.length;
  }
  return all.sort();
}

function longestMs(outages: readonly Outage[]): number {
  return rounded(outages.reduce((longest, { from, to }) => Math.max(longest, to - from), 0));
}

function shareOf(parts: readonly { outages: readonly Outage[]; windowMs: number }[]): number {
  const outMs = parts.reduce(
    (sum, part) => sum + part.outages.reduce((ms, { from, to }) => ms + to - from, 0),
    0,
  );
  const windowMs = parts.reduce((sum, part) => sum + part.windowMs, 0);
  return Math.round((1 - outMs / windowMs) * 1e6) / 1e6;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function unknown(summary: string): CheckResult {
  return { verdict: 'unknown', summary, figures: {}, findings: [] };
}
