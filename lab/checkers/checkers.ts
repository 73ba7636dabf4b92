import { UsageError } from '../common/errors.ts';
import { availability } from './availability.ts';
import { cache } from './cache.ts';
import type { Checker, CheckSpec } from './checker.ts';
import { connections } from './connections.ts';
import { conversations } from './conversations.ts';
import { counter } from './counter.ts';
import { jobs } from './jobs.ts';
import { level } from './level.ts';
import { limits } from './limits.ts';
import { locks } from './locks.ts';
import { pace } from './pace.ts';
import { queryCounts } from './query-counts.ts';
import { recovery } from './recovery.ts';
import { redirects } from './redirects.ts';
import { register } from './register.ts';
import { sessions } from './sessions.ts';
import { set } from './set.ts';
import { slotCoverage } from './slot-coverage.ts';
import { stampede } from './stampede.ts';
import { thresholds } from './thresholds.ts';
import { users } from './users.ts';
import { vacuity } from './vacuity.ts';

/** Makes a checker from a run folder's options; throws UsageError when they are not what it takes. */
export type CheckerFactory = (options: Readonly<Record<string, unknown>>) => Checker;

export type CheckerMap = Readonly<Record<string, CheckerFactory>>;

/** Every checker by the name that a CheckSpec gives. */
export const checkers: CheckerMap = {
  set,
  register,
  counter,
  recovery,
  availability,
  vacuity,
  pace,
  users,
  'query-counts': queryCounts,
  sessions,
  limits,
  locks,
  jobs,
  connections,
  conversations,
  thresholds,
  cache,
  stampede,
  level,
  'slot-coverage': slotCoverage,
  redirects,
};

/** The checker of a spec. Throws UsageError when there is none of this name, or its options are wrong. */
export function createChecker(spec: CheckSpec, known: CheckerMap = checkers): Checker {
  const factory = Object.hasOwn(known, spec.checker) ? known[spec.checker] : undefined;
  if (factory === undefined)
    throw new UsageError(
      `unknown checker ${JSON.stringify(spec.checker)}; known are ${Object.keys(known).join(', ')}`,
    );
  return factory(spec.options);
}
