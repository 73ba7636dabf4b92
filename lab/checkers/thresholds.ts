import type { Checker, Finding } from './checker.ts';
import { readOptions } from './options.ts';

/**
 * k6's thresholds, as k6 judged them over the whole of a load.
 *
 * Options: `name`; `group`: only the load of this name (default: all loads). Figures: `thresholds`, `crossed`.
 */
export function thresholds(options: Readonly<Record<string, unknown>> = {}): Checker {
  const { name = 'thresholds', group } = readOptions('thresholds', options, { group: 'text' });
  return {
    name,
    verifies: 'That every threshold which was set for k6 holds, by k6’s own figures over the whole load.',
    doesNotVerify:
      'When a threshold was crossed, and nothing of what k6 does not count: what it says of a request is what one user was told.',
    check: ({ seen }) => {
      const loads = (seen.loads ?? []).filter(({ load }) => group === undefined || load === group);
      const all = loads.flatMap(({ load, thresholds }) => thresholds.map((one) => ({ load, ...one })));
      const crossed = all.filter(({ ok }) => !ok);
      const figures = { thresholds: all.length, crossed: crossed.length };
      const findings = crossed.map(
        ({ load, metric, expression }): Finding => ({
          at: seen.loadWindow.to,
          kind: 'crossed',
          text: `${load}: ${metric}: ${expression} does not hold`,
        }),
      );
      if (all.length === 0) {
        const of = group === undefined ? 'any load' : `the load ${group}`;
        return { verdict: 'unknown', summary: `no thresholds of ${of}`, figures, findings };
      }
      return {
        verdict: crossed.length === 0 ? 'valid' : 'invalid',
        summary:
          crossed.length === 0
            ? `${all.length} of ${all.length} thresholds hold`
            : `${crossed.length} of ${all.length} thresholds do not hold: ${findings.map(({ text }) => text).join('; ')}`,
        figures,
        findings,
      };
    },
  };
}
