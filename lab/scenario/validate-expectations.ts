import type { Expectation } from '../checkers/expectations.ts';
import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { serverTitles } from '../common/server.ts';
import type { KnownDifference } from './scenario.ts';
import { shown } from './shown.ts';

const EXPECTED_VERDICTS: readonly unknown[] = ['valid', 'invalid', 'any'];

/** UsageError where they are none, name a check that there is not, or give no reason. `where` is what they are called. */
export function validateExpectations(
  where: string,
  expect: readonly Expectation[],
  checks: readonly string[],
): void {
  if (!Array.isArray(expect) || expect.length === 0) wrong(where, 'at least one expectation', expect);
  for (const [index, { check, verdict, because }] of expect.entries()) {
    if (!checks.includes(check)) {
      const message = `${where}: there is no check ${JSON.stringify(check)}`;
      throw new UsageError(withNearest(message, String(check), checks));
    }
    if (!EXPECTED_VERDICTS.includes(verdict))
      wrong(`${where}[${index}].verdict`, EXPECTED_VERDICTS.join(', '), verdict);
    if (typeof because !== 'string' || because === '')
      wrong(`${where}[${index}].because`, 'a reason in words', because);
  }
}

/** UsageError where a known difference names no server, has no reason or source, or expects what cannot be. */
export function validateDifferences(differs: readonly KnownDifference[], checks: readonly string[]): void {
  if (!Array.isArray(differs)) wrong('differs', 'a list of known differences', differs);
  for (const [index, { on, because, source, expect }] of differs.entries()) {
    const where = `differs[${index}]`;
    if (!Object.hasOwn(serverTitles, on?.product ?? ''))
      wrong(`${where}.on.product`, Object.keys(serverTitles).join(' or '), on?.product);
    for (const end of ['since', 'below'] as const)
      if (on[end] !== undefined && !/^\d+(\.\d+){0,2}$/.test(String(on[end])))
        wrong(`${where}.on.${end}`, 'a version such as 8.0', on[end]);
    for (const [field, text] of Object.entries({ because, source }))
      if (typeof text !== 'string' || text === '') wrong(`${where}.${field}`, 'a text', text);
    validateExpectations(`${where}.expect`, expect, checks);
  }
}

function wrong(where: string, expected: string, got: unknown): never {
  throw new UsageError(`${where}: expected ${expected}, got ${shown(got)}`);
}
