import { UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import {
  conversationsAtMost,
  type Journey,
  type JourneyKind,
  journeyDefaults,
  sessionsEach,
  usersOf,
} from './journeys.ts';
import type { LoadWorkload } from './load-workload.ts';

interface Rule {
  expected: string;
  holds: (value: unknown) => boolean;
}

const isNumber = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v);
const isText = (v: unknown): v is string => typeof v === 'string' && v !== '';
const whole = (min: number): Rule => ({
  expected: `a whole number of at least ${min}`,
  holds: (v) => Number.isSafeInteger(v) && Number(v) >= min,
});
const share: Rule = { expected: 'a number from 0 to 1', holds: (v) => isNumber(v) && v >= 0 && v <= 1 };
const flag: Rule = { expected: 'true or false', holds: (v) => typeof v === 'boolean' };
const text: Rule = { expected: 'a text that is not empty', holds: isText };
const texts: Rule = {
  expected: 'a list of texts that is not empty',
  holds: (v) => Array.isArray(v) && v.length > 0 && v.every(isText),
};
const policies: Rule = {
  expected: 'a list of names of policies (small letters, digits, "-")',
  holds: (v) => Array.isArray(v) && v.length > 0 && v.every((p) => isText(p) && /^[a-z0-9-]+$/.test(p)),
};
const orNull = ({ expected, holds }: Rule): Rule => ({
  expected: `${expected}, or null`,
  holds: (v) => v === null || holds(v),
});
const rate: Rule = {
  expected: 'a number of iterations a second, at least 0.001',
  holds: (v) => isNumber(v) && v >= 0.001,
};
const name: Rule = {
  expected: 'letters, digits, "_" and "-", beginning with a letter or digit',
  holds: (v) => typeof v === 'string' && /^[a-z0-9][a-z0-9_-]*$/i.test(v),
};
const balance: Rule = {
  expected: "'sticky', 'round-robin' or 'random'",
  holds: (v) => ['sticky', 'round-robin', 'random'].some((one) => one === v),
};
const isStage = (v: unknown) =>
  typeof v === 'object' &&
  v !== null &&
  Object.keys(v).every((field) => field === 'perSecond' || field === 'overMs') &&
  'perSecond' in v &&
  'overMs' in v &&
  isNumber(v.perSecond) &&
  v.perSecond >= 0 &&
  whole(1).holds(v.overMs);
const stages: Rule = {
  expected: 'a list of { perSecond: number, overMs: whole number of at least 1 }',
  holds: (v) => Array.isArray(v) && v.every(isStage),
};
const thresholds: Rule = {
  expected: 'lists of expressions by metric, such as { http_req_failed: ["rate<0.01"] }',
  holds: (v) =>
    typeof v === 'object' && v !== null && !Array.isArray(v) && Object.values(v).every((l) => texts.holds(l)),
};
const path: Rule = { expected: 'an absolute path', holds: (v) => isText(v) && v.startsWith('/') };

const load: Readonly<Record<string, Rule>> = {
  name: {
    expected: 'letters, digits, ".", "_" and "-", beginning with a letter or digit',
    holds: (v) => typeof v === 'string' && /^[a-z0-9][a-z0-9._-]*$/i.test(v),
  },
  on: text,
  thresholds,
  accounts: whole(1),
  script: orNull(path),
  firstAccount: whole(1),
};

const journey: Readonly<Record<string, Rule>> = {
  name,
  users: whole(1),
  perSecond: orNull(rate),
  stages,
  maxUsers: whole(1),
  thinkMs: whole(0),
  instances: orNull(texts),
  balance,
  requestTimeoutMs: whole(1),
  products: whole(1),
  exponent: { expected: 'a number of at least 0', holds: (v) => isNumber(v) && v >= 0 },
  sessionsPerUser: whole(1),
  stepsPerSession: orNull(whole(1)),
  logoutShare: share,
  viewShare: share,
  orderShare: share,
  relogin: flag,
  visits: whole(0),
  visitsBefore: whole(0),
  visitsBetween: whole(0),
  visitsAfter: whole(0),
  everywhere: flag,
  through: orNull(text),
  workMs: whole(1),
  logoutAfterMs: whole(0),
  updateShare: share,
  policies,
  keys: whole(1),
  retries: whole(0),
  conversationsPerUser: {
    expected: `a whole number from 1 to ${conversationsAtMost}`,
    holds: (v) => whole(1).holds(v) && Number(v) <= conversationsAtMost,
  },
  recallShare: share,
  textLength: whole(1),
};

/**
 * Checks a load that may come from untyped code or from a file, with its defaults filled in. `where` begins every
 * message. Throws UsageError that says what was expected, what was found and where. Whether a threshold parses is
 * k6's to say, when the load is made ready.
 */
export function validateLoad(value: unknown, where: string): asserts value is LoadWorkload {
  const fields = record(value, where);
  const { kind, journeys, clients: _, ...rest } = fields;
  if (kind !== 'load') fail(`${where}: kind`, "'load'", kind);
  check(rest, Object.keys(load), load, where);
  if (!Array.isArray(journeys) || journeys.length === 0)
    fail(`${where}: journeys`, 'at least one journey', journeys);
  const names = new Set<unknown>();
  for (const [index, one] of (journeys as unknown[]).entries()) {
    const place = `${where}: journeys[${index}]`;
    const { name } = validateJourney(one, place);
    if (names.has(name)) fail(`${place}.name`, 'a name of its own', name);
    names.add(name);
  }
  // Every field has been looked at by now; the cast tells the compiler so.
  together(value as LoadWorkload, where);
}

function validateJourney(value: unknown, where: string): Record<string, unknown> {
  const { kind, ...rest } = record(value, where);
  const kinds = Object.keys(journeyDefaults);
  if (!kinds.includes(String(kind))) {
    const message = `${where}.kind: expected ${kinds.join(', ')}, got ${shown(kind)}`;
    throw new UsageError(withNearest(message, String(kind), kinds));
  }
  const known = ['name', ...Object.keys(journeyDefaults[kind as JourneyKind])];
  check(rest, kind === 'limits' ? [...known, 'policies'] : known, journey, where);
  return rest;
}

/** What no field can say alone. */
function together({ journeys, accounts, clients }: LoadWorkload, where: string): void {
  const users = journeys.reduce((sum, one) => sum + usersOf(one), 0);
  if (clients !== users) fail(`${where}: clients`, `${users}, the users of all journeys together`, clients);
  for (const [index, one] of journeys.entries()) {
    const place = `${where}: journeys[${index}]`;
    if (one.stages.length > 0 && one.perSecond === null)
      fail(`${place}.perSecond`, 'a rate that the stages begin with', null);
    if (one.kind === 'session' && one.viewShare + one.orderShare > 1)
      fail(`${place}.viewShare + orderShare`, 'at most 1', one.viewShare + one.orderShare);
    if (one.kind === 'slow-request' && one.workMs >= one.requestTimeoutMs)
      fail(`${place}.workMs`, `less than requestTimeoutMs (${one.requestTimeoutMs})`, one.workMs);
    // Logging out everywhere would log out somebody else's sessions, and that would look like a failure.
    const needed = accountsNeeded(journeys);
    if (one.kind === 'revocation' && one.everywhere && accounts < needed)
      fail(`${where}: accounts`, `at least ${needed}, one for each session of each user`, accounts);
  }
}

/** How many users of the application it takes for no two sessions to belong to the same one. */
function accountsNeeded(journeys: readonly Journey[]): number {
  return (journeys.reduce((sum, one) => sum + usersOf(one), 0) + 1) * sessionsEach(journeys);
}

function check(
  fields: Record<string, unknown>,
  known: readonly string[],
  rules: Readonly<Record<string, Rule>>,
  where: string,
): void {
  for (const field of Object.keys(fields)) {
    if (known.includes(field)) continue;
    throw new UsageError(withNearest(`${where}: unknown field "${field}"`, field, known));
  }
  for (const field of known) {
    const rule = rules[field];
    if (rule === undefined) throw new RangeError(`no rule for the field ${field}`);
    if (!rule.holds(fields[field])) fail(`${where}: ${field}`, rule.expected, fields[field]);
  }
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(where, 'an object', value);
  return value as Record<string, unknown>;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function fail(where: string, expected: string, got: unknown): never {
  throw new UsageError(`${where}: expected ${expected}, got ${shown(got)}`);
}
