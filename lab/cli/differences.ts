import type { Figures } from '../checkers/checker.ts';
import type { RunRecord } from '../run/record.ts';

type Judged = Pick<RunRecord, 'outcome' | 'reason' | 'checks' | 'expectations'>;

/** What differs between two judgements of the same run, a line each: "set: lost: 12 → 13". */
export function differences(before: Judged, after: Judged): string[] {
  const [old, now] = [facts(before), facts(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const [from, to] = [old.get(name) ?? 'nothing', now.get(name) ?? 'nothing'];
    return from === to ? [] : [`${name}: ${from} → ${to}`];
  });
}

function facts({ outcome, reason, checks, expectations }: Judged): Map<string, string> {
  const all = new Map([
    ['outcome', outcome as string],
    ['reason', reason],
  ]);
  for (const check of checks) {
    all.set(`${check.name}: verdict`, check.verdict);
    all.set(`${check.name}: summary`, check.summary);
    for (const [name, value] of flat(check.figures)) all.set(`${check.name}: ${name}`, value);
    all.set(`${check.name}: findings`, String(check.findings.length));
  }
  for (const [i, { check, met }] of expectations.entries()) all.set(`expectation ${i + 1} (${check})`, met);
  return all;
}

function flat(figures: Figures): [string, string][] {
  return Object.entries(figures).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([part, n]) => [`${name}.${part}`, String(n)])
      : [[name, String(value)]],
  );
}
