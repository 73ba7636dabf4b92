import { messageOf } from '../common/errors.ts';
import type { Checker, CheckInput, CheckResult, CheckSpec, JudgedCheck } from './checker.ts';
import { type CheckerMap, checkers, createChecker } from './checkers.ts';
import { findingsLimit } from './findings.ts';

/**
 * Runs checks one after the other. One that crashes, or cannot be made, is `unknown` with the error as its
 * summary, never a pass, and the others run all the same. `known` is for tests.
 */
export function runChecks(
  specs: readonly CheckSpec[],
  input: CheckInput,
  known: CheckerMap = checkers,
): JudgedCheck[] {
  return specs.map((spec) => {
    let checker: Checker;
    try {
      checker = createChecker(spec, known);
    } catch (error) {
      const name = String(spec.options.name ?? spec.checker);
      return { name, verifies: '', doesNotVerify: '', spec, ...crashed(error) };
    }
    const { name, verifies, doesNotVerify } = checker;
    return { name, verifies, doesNotVerify, spec, ...guarded(checker, input) };
  });
}

function guarded(checker: Checker, input: CheckInput): CheckResult {
  try {
    const result = checker.check(input);
    return { ...result, findings: result.findings.slice(0, findingsLimit) };
  } catch (error) {
    return crashed(error);
  }
}

function crashed(error: unknown): CheckResult {
  return {
    verdict: 'unknown',
    summary: `the checker crashed: ${messageOf(error)}`,
    figures: {},
    findings: [],
  };
}
