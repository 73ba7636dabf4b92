import type { FaultWindow } from '../history/observations.ts';
import type { Checker, Figures } from './checker.ts';
import { readOptions } from './options.ts';

/**
 * Whether a run can say anything at all. Never `invalid`: what it misses makes the run inconclusive.
 *
 * Options: `name`; `minimumRatePerSecond` (default 1): operations that ended ok outside of fault windows, of all
 * clients together; `minimumWritesInWindow` (default 1): acknowledged operations other than reads that
 * completed inside a fault window; `minimumAttemptsInWindow` (default 0): operations other than reads that were
 * begun inside one, whatever came of them, for a variant that is meant to acknowledge none there; `group`: only these clients count; `faultsExpected` (default true): false for
 * a run that is meant to have no fault, which then needs no writes inside one.
 * A fault's window lasts from its injection until its heal was proved, or was begun, or else to the run's end.
 */
export function vacuity(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    minimumRatePerSecond: 'number',
    minimumWritesInWindow: 'number',
    minimumAttemptsInWindow: 'number',
    group: 'text',
    faultsExpected: 'flag',
  } as const;
  const read = readOptions('vacuity', options, schema);
  const { name = 'vacuity', minimumRatePerSecond = 1, group, faultsExpected = true } = read;
  const { minimumAttemptsInWindow = 0 } = read;
  const minimumWritesInWindow = faultsExpected ? (read.minimumWritesInWindow ?? 1) : 0;
  return {
    name,
    verifies: `That the run is worth judging: every fault was proved to be in force${faultsExpected ? ' and there was one' : ''}; at least ${minimumRatePerSecond} operations/s ended ok outside of fault windows; at least ${minimumWritesInWindow} writes were acknowledged and ${minimumAttemptsInWindow} attempted inside of them.`,
    doesNotVerify:
      'That the faults are the ones that hurt most, that they stayed in force until the heal, or that the load resembles anybody’s production.',
    check: ({ history, seen }) => {
      const { from, to } = seen.loadWindow;
      const windows = union(seen.faults);
      const members = history.clients.filter((one) => group === undefined || one.group === group);
      const clients = new Set(members.map((one) => one.name));
      let writesInWindow = 0;
      let attemptsInWindow = 0;
      const within = (at: number) => windows.some((window) => window.from <= at && at < window.to);
      let okOutside = 0;
      for (const { client, f, outcome, invoked, completed } of history.operations) {
        if (!clients.has(client)) continue;
        if (f !== 'read' && within(invoked)) attemptsInWindow++;
        if (outcome !== 'ok') continue;
        const inside = within(completed);
        if (inside && f !== 'read') writesInWindow++;
        if (!inside && completed >= from && completed <= to) okOutside++;
      }
      const outsideMs = windows.reduce(
        (left, window) => left - Math.max(0, Math.min(to, window.to) - Math.max(from, window.from)),
        Math.max(0, to - from),
      );
      const ratePerSecond = outsideMs > 0 ? Math.round((okOutside / outsideMs) * 1e4) / 10 : null;
      const unproved = seen.faults.filter(({ provedAt }) => provedAt === null);
      const missing = [
        ...(faultsExpected && seen.faults.length === 0 ? ['no fault was injected'] : []),
        ...unproved.map(({ id, proof }) => `fault ${id} was not proved (${proof})`),
        ...(ratePerSecond === null ? ['the load has no time outside of fault windows'] : []),
        ...(ratePerSecond !== null && ratePerSecond < minimumRatePerSecond
          ? [`expected ${minimumRatePerSecond} operations/s outside of fault windows, got ${ratePerSecond}`]
          : []),
        ...(writesInWindow < minimumWritesInWindow
          ? [
              `expected ${minimumWritesInWindow} acknowledged writes inside fault windows, got ${writesInWindow}`,
            ]
          : []),
        ...(attemptsInWindow < minimumAttemptsInWindow
          ? [
              `expected ${minimumAttemptsInWindow} attempted writes inside fault windows, got ${attemptsInWindow}`,
            ]
          : []),
      ];
      const figures: Figures = {
        faults: seen.faults.length,
        faultsUnproved: unproved.length,
        ratePerSecond,
        writesInWindow,
        attemptsInWindow,
        clientsCrashed: members.filter(({ crashedAt }) => crashedAt !== undefined).length,
      };
      return {
        verdict: missing.length === 0 ? 'valid' : 'unknown',
        summary:
          missing.join('; ') ||
          `${seen.faults.length} ${seen.faults.length === 1 ? 'fault' : 'faults'} proved, ${ratePerSecond} operations/s outside of their windows, ${writesInWindow} acknowledged ${writesInWindow === 1 ? 'write' : 'writes'} inside`,
        figures,
        findings: [],
      };
    },
  };
}

/** The time in which any fault was in force, as spans that do not overlap. */
function union(faults: readonly FaultWindow[]): { from: number; to: number }[] {
  const spans = faults
    .map(({ injectedAt, recoveredAt, healedAt }) => ({
      from: injectedAt,
      to: recoveredAt ?? healedAt ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}
