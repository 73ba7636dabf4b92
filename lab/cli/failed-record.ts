import { LabError, messageOf } from '../common/errors.ts';
import type { RunEvent } from '../run/events.ts';
import type { RunJob } from '../run/job.ts';
import type { RunRecord } from '../run/record.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { summaryOf } from '../scenario/variants.ts';

/**
 * The record of a run whose process died without one (killed, say): what was planned, and what was heard of it
 * until then. Times are those of the last thing heard.
 */
export function failedRecord(
  job: RunJob,
  scenario: Scenario,
  heard: readonly RunEvent[],
  startedAt: Date,
  error: unknown,
): RunRecord {
  const { variant, timing, speed, seed, versions, commands } = job;
  const { name, title, claim, advice, settings } = scenario;
  const events = heard.flatMap((each) => (each.type === 'event' ? [each.event] : []));
  const begun = heard.flatMap((each) => (each.type === 'phase' ? [each] : []));
  const durationMs = Math.max(0, ...begun.map((each) => each.at), ...events.map((each) => each.at));
  const details = error instanceof LabError ? error.details : [];
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
    durationMs,
    readyMs: 0,
    tearDownMs: 0,
    backend: 'namespaces',
    versions,
    commands,
    outcome: 'lab-failed',
    reason: [messageOf(error), ...details].join('\n'),
    topology: '',
    schedule: [],
    hosts: [],
    processes: [],
    clients: [],
    phases: begun.map((phase, i) => ({
      name: phase.name,
      from: phase.at,
      to: begun[i + 1]?.at ?? durationMs,
    })),
    seen: {
      durationMs,
      nodes: [],
      roles: [],
      events,
      faults: [],
      samples: [],
      loadWindow: { from: 0, to: durationMs },
    },
    series: { bucketMs: 100, groups: [] },
    checkSpecs: [],
    checks: [],
    expectations: [],
    errors: {},
  };
}
