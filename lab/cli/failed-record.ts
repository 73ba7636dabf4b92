import { LabError, messageOf } from '../common/errors.ts';
import type { LabEvent, Role, RoleSpan } from '../history/observations.ts';
import type { RunEvent } from '../run/events.ts';
import type { RunJob } from '../run/job.ts';
import type { BackendName } from '../run/place.ts';
import type { RunRecord } from '../run/record.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { summaryOf } from '../scenario/variants.ts';

/** What was heard of a run until its process died. */
export interface Heard {
  events: readonly RunEvent[];
  /** The last snapshot that it told of itself; null when it did not come that far. */
  last: RunRecord | null;
  startedAt: Date;
  /** On which it was to run. */
  backend: BackendName;
}

/**
 * The record of a run whose process died without one (killed, say): what was planned, and what was heard of it until
 * then. Times are those of the last thing heard.
 */
export function failedRecord(
  job: RunJob,
  scenario: Scenario,
  { events: all, last, startedAt, backend }: Heard,
  error: unknown,
): RunRecord {
  const events = all
    .flatMap((each) => (each.type === 'event' ? [each.event] : []))
    .sort((a, b) => a.at - b.at);
  const begun = all.flatMap((each) => (each.type === 'phase' ? [each] : []));
  const durationMs = Math.max(
    0,
    last?.durationMs ?? 0,
    ...begun.map((each) => each.at),
    ...events.map((each) => each.at),
  );
  const details = error instanceof LabError ? error.details : [];
  const base = last ?? nothingHeard(job, scenario, startedAt, backend);
  return {
    ...base,
    durationMs,
    ...(base.speed === undefined ? {} : { realDurationMs: durationMs / base.speed }),
    outcome: 'lab-failed',
    reason: [messageOf(error), ...details].join('\n'),
    phases: begun.map((phase, i) => ({
      name: phase.name,
      from: phase.at,
      to: begun[i + 1]?.at ?? durationMs,
    })),
    seen: {
      ...base.seen,
      durationMs,
      events,
      roles: rolesUntil(durationMs, base, events),
      loadWindow: { from: base.seen.loadWindow.from, to: durationMs },
    },
  };
}

/**
 * What lasted when it was told last, lasted until nothing was heard any more, or until an event told of another role:
 * a promotion, a new primary to follow, the end or the start of a process.
 */
function rolesUntil(
  durationMs: number,
  { seen: { roles }, durationMs: toldAt }: RunRecord,
  events: readonly LabEvent[],
): RoleSpan[] {
  const spans: RoleSpan[] = roles.map((span) => ({ ...span, to: span.to >= toldAt ? durationMs : span.to }));
  for (const { at, kind, source, data } of events) {
    if (at <= toldAt) continue;
    const node = kind === 'process' ? String(data?.node) : source;
    const role = kind === 'process' ? (data?.action === 'end' ? 'down' : 'loading') : roleAfter[kind];
    const last = spans.findLast((span) => span.node === node);
    if (role === undefined || last === undefined || last.role === role) continue;
    last.to = at;
    spans.push({ node, role, from: at, to: durationMs });
  }
  return spans;
}

const roleAfter: Readonly<Record<string, Role>> = { promotion: 'primary', 'replica-of': 'replica' };

function nothingHeard(job: RunJob, scenario: Scenario, startedAt: Date, backend: BackendName): RunRecord {
  const { variant, timing, speed, seed, versions, server, commands } = job;
  const { name, title, claim, advice, settings } = scenario;
  return {
    scenario: {
      name,
      title,
      claim,
      variantSummary: summaryOf(scenario, variant),
      advice,
      settings,
      file: job.shownFile,
    },
    variant,
    timing,
    ...(speed === 1 ? {} : { speed }),
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: 0,
    readyMs: 0,
    tearDownMs: 0,
    backend,
    versions,
    ...(server.features === null ? {} : { features: server.features }),
    commands,
    outcome: 'lab-failed',
    reason: '',
    topology: '',
    schedule: [],
    hosts: [],
    processes: [],
    clients: [],
    phases: [],
    seen: {
      durationMs: 0,
      nodes: [],
      roles: [],
      events: [],
      faults: [],
      samples: [],
      loadWindow: { from: 0, to: 0 },
    },
    series: { bucketMs: 100, groups: [] },
    checkSpecs: [],
    checks: [],
    expectations: [],
    errors: {},
  };
}
