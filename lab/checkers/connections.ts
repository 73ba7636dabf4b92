import type { Observations } from '../history/observations.ts';
import type { Checker, CheckResult } from './checker.ts';
import { readOptions } from './options.ts';

/**
 * How many new connections the servers were asked for at once (INFO `total_connections_received`), above all after a
 * fault, when everybody comes back. A server that starts anew counts from 0 from its start on. Between two samples
 * connections are taken to come evenly, so samples that are farther apart than the window understate the peak.
 *
 * Options: `name`; `group`: the clients that the peak is compared with (default: all of a run); `nodes`: the servers
 * that count (default: all data nodes); `windowMs` (default 500); `maxPeakShare`: the most connections that may come
 * within `windowMs`, as a share of the number of clients, after the first fault (without a fault: at all).
 *
 * Figures: `clients`; `peakConnections` (within one window), `peakAtMs` (when that window ended), `peakPerSecond`,
 * `peakShare` (of the clients); `connections` and `rejected` (at `maxclients`) after the first fault; `longestGapMs`
 * (the longest time without a sample of a server that ran).
 */
export function connections(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = { group: 'text', nodes: 'texts', windowMs: 'number', maxPeakShare: 'number' } as const;
  const read = readOptions('connections', options, schema);
  const { name = 'connections', group, nodes, windowMs = 500, maxPeakShare } = read;
  const asserted =
    maxPeakShare === undefined
      ? 'nothing, it measures'
      : `at most ${maxPeakShare} new connections for each client within ${windowMs} ms`;
  return {
    name,
    verifies: `How many new connections came at once after a fault, by the servers' own count. Asserted: ${asserted}.`,
    doesNotVerify:
      'Attempts that never reached a server, and whether anybody was served later for it. The lab’s own few connections are counted too.',
    check: ({ history, seen }): CheckResult => {
      const clients = history.clients.filter((one) => group === undefined || one.group === group).length;
      const from = Math.min(...seen.faults.map(({ injectedAt }) => injectedAt), Number.POSITIVE_INFINITY);
      const after = from === Number.POSITIVE_INFINITY ? 0 : from;
      const wanted = nodes ?? seen.nodes;
      const received = wanted.map((node) => curveOf(seen, node, 'total_connections_received'));
      const rejected = wanted.map((node) => curveOf(seen, node, 'rejected_connections'));
      const samples = received.reduce((sum, { at }) => sum + at.length, 0);
      if (samples < 2 || clients === 0)
        return { verdict: 'unknown', summary: 'too few samples, or no clients', figures: {}, findings: [] };
      const peak = peakOf(received, after, windowMs);
      const peakShare = Math.round((peak.count / clients) * 1000) / 1000;
      const isOver = maxPeakShare !== undefined && peakShare > maxPeakShare;
      const since = (curves: readonly Curve[]) =>
        Math.round(curves.reduce((sum, curve) => sum + (curve.total.at(-1) ?? 0) - valueAt(curve, after), 0));
      const count = Math.round(peak.count);
      const figures = {
        clients,
        peakConnections: count,
        peakAtMs: peak.at,
        peakPerSecond: Math.round((peak.count / windowMs) * 1000),
        peakShare,
        connections: since(received),
        rejected: since(rejected),
        longestGapMs: Math.max(...received.map(({ longestGapMs }) => longestGapMs)),
      };
      const findings = [
        { at: peak.at - windowMs, to: peak.at, kind: 'connections', text: `${count} new connections` },
      ];
      return {
        verdict: isOver ? 'invalid' : 'valid',
        summary: `${count} new connections within ${windowMs} ms from ${clients} clients (${Math.round(peakShare * 100)} %), ${figures.connections} in all after the fault, ${figures.rejected} rejected`,
        figures,
        findings: isOver ? findings : [],
      };
    },
  };
}

/** A counter as it would be without restarts, by time. */
interface Curve {
  at: number[];
  total: number[];
  longestGapMs: number;
}

function curveOf({ samples, events }: Observations, node: string, field: string): Curve {
  const starts = events
    .filter(({ kind, data }) => kind === 'process' && data?.node === node && data.action === 'start')
    .map(({ at }) => ({ at, value: 0, isStart: true }));
  const told = samples
    .filter((sample) => sample.node === node && sample.info[field] !== undefined)
    .map(({ at, info }) => ({ at, value: info[field] ?? 0, isStart: false }));
  const curve: Curve = { at: [], total: [], longestGapMs: 0 };
  let before = 0;
  let last = { at: 0, value: 0 };
  for (const one of [...starts, ...told].sort((a, b) => a.at - b.at)) {
    if (one.isStart || one.value < last.value) before += last.value;
    // What it had counted after its last sample is lost; nothing came while it was away.
    if (!one.isStart && curve.at.length > 0)
      curve.longestGapMs = Math.max(curve.longestGapMs, Math.round(one.at - last.at));
    curve.at.push(one.at);
    curve.total.push(before + one.value);
    last = one;
  }
  return curve;
}

function peakOf(curves: readonly Curve[], from: number, windowMs: number): { count: number; at: number } {
  let peak = { count: 0, at: from };
  const times = [...new Set(curves.flatMap(({ at }) => at))].filter((at) => at > from);
  const totalAt = (time: number) => curves.reduce((sum, curve) => sum + valueAt(curve, time), 0);
  for (const at of times) {
    const count = totalAt(at) - totalAt(Math.max(from, at - windowMs));
    if (count > peak.count) peak = { count, at };
  }
  return peak;
}

function valueAt({ at, total }: Curve, time: number): number {
  const next = at.findIndex((one) => one > time);
  if (next < 0) return total.at(-1) ?? 0;
  if (next === 0) return total[0] ?? 0;
  const [fromAt = 0, toAt = 0] = [at[next - 1], at[next]];
  const [from = 0, to = 0] = [total[next - 1], total[next]];
  return from + ((to - from) * (time - fromAt)) / (toAt - fromAt);
}
