import { userOperations } from '../history/application.ts';
import type { FaultWindow } from '../history/observations.ts';
import type { Operation } from '../history/operation.ts';
import type { Checker, CheckResult, Figures } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { readOptions } from './options.ts';
import { userErrorKind } from './user-errors.ts';
import { part, type UserPart } from './user-part.ts';

const OPTIONS = {
  group: 'text',
  operations: 'texts',
  fault: 'text',
  recoveryMs: 'number',
  maxErrorShare: 'number',
  maxErrorShareInFault: 'number',
  p99Ms: 'number',
  p99InFaultMs: 'number',
} as const;

/** What the application writes down itself is nobody's waiting. */
const OWN_RECORDS = new Set(['fill', 'process']);

interface Limits {
  maxErrorShare?: number;
  maxErrorShareInFault?: number;
  p99Ms?: number;
  p99InFaultMs?: number;
}

/**
 * What users saw: errors (5xx, timeouts, resets, refused connections) and how long they waited, apart for the time of
 * faults and the rest. An operation belongs to a fault when any of it lies between the injection and the proof of the
 * heal (the load's end without one) plus `recoveryMs`. Answers such as 401, 404 and 429 are no errors: they are other
 * checks' matter, and counted here as `rejected`.
 *
 * Options: `name`; `group`: only these clients; `operations`: only these, by f (`visit`, `view`); `fault`:
 * only faults of this id or name count (default all); `recoveryMs` (default 1000). Limits decide the verdict, each of them if given: shares of operations from 0 to 1, `maxErrorShare`
 * and `p99Ms` without, `maxErrorShareInFault` and `p99InFaultMs` within the time of faults. Quantiles are right to ± 3 %.
 */
export function users(options: Readonly<Record<string, unknown>> = {}): Checker {
  const read = readOptions('users', options, OPTIONS);
  const { name = 'users', group, fault, recoveryMs = 1000, ...limits } = read;
  const wanted = new Set(read.operations ?? userOperations.filter((f) => !OWN_RECORDS.has(f)));
  return {
    name,
    verifies: `Errors that users saw (5xx, timeouts, resets, refused connections) and how long they waited, during ${fault === undefined ? 'faults' : `the fault ${fault}`} with ${recoveryMs} ms after each and without. Asserted: ${limitsText(limits) || 'nothing, it measures'}.`,
    doesNotVerify:
      'Whether what was answered is right, and whether an answer such as 401, 404 or 429 was deserved.',
    check: ({ history, seen }) => {
      const { from, to } = seen.loadWindow;
      const clients = new Set(
        history.clients
          .filter((each) => group === undefined || each.group === group)
          .map((each) => each.name),
      );
      const faults = seen.faults.filter(
        (one) => fault === undefined || one.id === fault || one.name === fault,
      );
      const windows = windowsOf(faults, to, recoveryMs);
      const [outside, within] = [part(), part()];
      const findings = collectFindings();
      const errors = new Map<string, number>();
      const seconds = new Map<number, { count: number; errors: number }>();
      for (const operation of history.operations) {
        const { completed, invoked, f, client, error } = operation;
        if (completed < from || invoked > to || !wanted.has(f) || !clients.has(client)) continue;
        const kind = userErrorKind(operation);
        (isWithin(windows, invoked, completed) ? within : outside).add(completed - invoked, kind);
        const second = Math.floor(completed / 1000);
        let counts = seconds.get(second);
        if (counts === undefined) {
          counts = { count: 0, errors: 0 };
          seconds.set(second, counts);
        }
        counts.count++;
        if (kind !== 'error') continue;
        counts.errors++;
        const text = error ?? 'no answer';
        errors.set(text, (errors.get(text) ?? 0) + 1);
        offer(findings, operation, text);
      }
      if (outside.count + within.count === 0) return unknown('no user did anything while the load ran');
      const figures: Figures = {
        ...figuresOf(outside, within),
        ...worstSecond(seconds),
        errorsByKind: Object.fromEntries([...errors].sort((a, b) => b[1] - a[1]).slice(0, 20)),
      };
      return {
        ...conclude(outside, within, limits),
        figures,
        ...findings.evidence(),
      };
    },
  };
}

/** Stretches of time that belong to faults, ascending and apart. */
function windowsOf(
  faults: readonly FaultWindow[],
  end: number,
  recoveryMs: number,
): { from: number; to: number }[] {
  const all = faults
    .map(({ injectedAt, healedAt, recoveredAt }) => {
      const healed = recoveredAt ?? healedAt;
      return { from: injectedAt, to: healed === null ? end : healed + recoveryMs };
    })
    .sort((a, b) => a.from - b.from);
  const apart: { from: number; to: number }[] = [];
  for (const window of all) {
    const last = apart.at(-1);
    if (last !== undefined && window.from <= last.to) last.to = Math.max(last.to, window.to);
    else apart.push({ ...window });
  }
  return apart;
}

function isWithin(
  windows: readonly { from: number; to: number }[],
  invoked: number,
  completed: number,
): boolean {
  for (const { from, to } of windows) if (invoked <= to && completed >= from) return true;
  return false;
}

function offer(
  findings: Findings,
  { f, key, client, node, invoked, completed }: Operation,
  error: string,
): void {
  findings.offer(completed, error, () => {
    const text = `${f} of ${key} by ${client}: ${error} after ${Math.round(completed - invoked)} ms`;
    return { at: completed, kind: 'error', cause: error, text, client, node, key };
  });
}

function figuresOf(outside: UserPart, within: UserPart): Figures {
  const of = (one: UserPart, suffix: string): Figures => ({
    [`operations${suffix}`]: one.count,
    [`errors${suffix}`]: one.errors,
    [`errorShare${suffix}`]: one.errorShare(),
    [`rejected${suffix}`]: one.rejected,
    [`p50${suffix}Ms`]: one.latencyMs(0.5),
    [`p95${suffix}Ms`]: one.latencyMs(0.95),
    [`p99${suffix}Ms`]: one.latencyMs(0.99),
    [`slowest${suffix}Ms`]: one.slowestMs(),
  });
  return { ...of(outside, ''), ...of(within, 'InFault') };
}

/** The second in which most operations ended in errors. */
function worstSecond(seconds: ReadonlyMap<number, { count: number; errors: number }>): Figures {
  let worst: { at: number; count: number; errors: number } | null = null;
  for (const [second, counts] of seconds)
    if (counts.errors > (worst?.errors ?? 0)) worst = { at: second * 1000, ...counts };
  return {
    worstSecondAtMs: worst?.at ?? null,
    worstSecondErrors: worst?.errors ?? 0,
    worstSecondErrorShare: worst === null ? 0 : rounded(worst.errors / worst.count),
  };
}

function conclude(
  outside: UserPart,
  within: UserPart,
  limits: Limits,
): Pick<CheckResult, 'verdict' | 'summary'> {
  const tests = [
    { limit: limits.maxErrorShare, of: outside, got: outside.errorShare() },
    { limit: limits.maxErrorShareInFault, of: within, got: within.errorShare() },
    { limit: limits.p99Ms, of: outside, got: outside.latencyMs(0.99) },
    { limit: limits.p99InFaultMs, of: within, got: within.latencyMs(0.99) },
  ].flatMap(({ limit, ...rest }) => (limit === undefined ? [] : [{ limit, ...rest }]));
  const summary = `${described(outside, 'without a fault')}; ${described(within, 'during faults')}`;
  const isBroken = tests.some(({ limit, got }) => got !== null && got > limit);
  if (isBroken) return { verdict: 'invalid', summary };
  const empty = tests.some(({ of }) => of.count === 0);
  return { verdict: empty ? 'unknown' : 'valid', summary };
}

function described(one: UserPart, when: string): string {
  if (one.count === 0) return `${when} nobody did anything`;
  const percent = ((one.errorShare() ?? 0) * 100).toFixed(2);
  return `${when} ${one.errors} of ${one.count} operations (${percent} %) ended in errors, p99 ${Math.round(one.latencyMs(0.99) ?? 0)} ms`;
}

function limitsText({ maxErrorShare, maxErrorShareInFault, p99Ms, p99InFaultMs }: Limits): string {
  return [
    ...(maxErrorShare === undefined ? [] : [`errors ≤ ${maxErrorShare} of all operations without a fault`]),
    ...(maxErrorShareInFault === undefined ? [] : [`errors ≤ ${maxErrorShareInFault} during faults`]),
    ...(p99Ms === undefined ? [] : [`p99 ≤ ${p99Ms} ms without a fault`]),
    ...(p99InFaultMs === undefined ? [] : [`p99 ≤ ${p99InFaultMs} ms during faults`]),
  ].join(', ');
}

const rounded = (share: number) => Math.round(share * 1e6) / 1e6;

function unknown(summary: string): CheckResult {
  return { verdict: 'unknown', summary, figures: {}, findings: [] };
}
