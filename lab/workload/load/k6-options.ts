import { type Journey, usersOf } from './journeys.ts';
import type { LoadWorkload } from './load-workload.ts';
import { realThreshold } from './real-time.ts';

/** A load has no end of its own: it is stopped. */
const ENDLESS = '24h';

/** The scenario that tells time, and that wakes to tell all others that the load stops. */
export const CONTROL = 'lab_control';

/** k6's options for a load: a scenario for each journey, and one of the lab's own. k6 is in real time, `speed` times as slow as the lab. */
export function k6Options(workload: LoadWorkload, speed = 1) {
  const journeys = workload.journeys.map((journey) => [journey.name, scenarioOf(journey, speed)] as const);
  const thresholds = Object.entries(workload.thresholds).map(([metric, expressions]) => [
    metric,
    expressions.map((each) => realThreshold(metric, each, speed)),
  ]);
  const control = {
    executor: 'externally-controlled',
    vus: 1,
    maxVUs: 1,
    duration: ENDLESS,
    exec: 'control',
  };
  return {
    scenarios: { ...Object.fromEntries(journeys), [CONTROL]: control },
    thresholds: Object.fromEntries(thresholds),
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(95)', 'p(99)', 'count'],
    // The fewer tags, the fewer series k6 keeps; these are what thresholds can name.
    systemTags: ['status', 'method', 'name', 'scenario', 'error_code', 'expected_response'],
    noCookiesReset: true,
    setupTimeout: '1s',
  };
}

/** Virtual users of all scenarios together. When k6 has more of them, the load is being stopped. */
export function plannedUsers(workload: LoadWorkload): number {
  return workload.clients + 1;
}

function scenarioOf(journey: Journey, speed: number) {
  const { maxUsers } = journey;
  const perSecond = journey.perSecond === null ? null : journey.perSecond * speed;
  const stages = journey.stages.map(({ perSecond, overMs }) => ({
    perSecond: perSecond * speed,
    overMs: Math.round(overMs / speed),
  }));
  const exec = journey.kind.replace('-', '_');
  const common = { exec, gracefulStop: '0s' };
  if (perSecond === null)
    return { ...common, executor: 'constant-vus', vus: usersOf(journey), duration: ENDLESS };
  const vus = { preAllocatedVUs: maxUsers, maxVUs: maxUsers };
  if (stages.length === 0)
    return {
      ...common,
      ...vus,
      executor: 'constant-arrival-rate',
      ...wholeRate(perSecond),
      duration: ENDLESS,
    };
  const last = stages.at(-1)?.perSecond ?? perSecond;
  // k6 takes whole numbers: everything per minute, in sixtieths.
  return {
    ...common,
    ...vus,
    executor: 'ramping-arrival-rate',
    timeUnit: '1m',
    startRate: Math.round(perSecond * 60),
    stages: [...stages, { perSecond: last, overMs: 86_400_000 }].map((stage) => ({
      target: Math.round(stage.perSecond * 60),
      duration: `${stage.overMs}ms`,
    })),
  };
}

function wholeRate(perSecond: number): { rate: number; timeUnit: string } {
  if (Number.isInteger(perSecond)) return { rate: perSecond, timeUnit: '1s' };
  return { rate: Math.max(1, Math.round(perSecond * 1000)), timeUnit: '1000s' };
}
