import { monotonicMs } from '../lab/common/clock.ts';
import { median } from '../lab/common/median.ts';
import { catalogue } from '../lab/scenario/catalogue.ts';
import type { Scenario } from '../lab/scenario/scenario.ts';
import { experimentOf } from '../lab/scenario/variants.ts';
import type { SuiteRun } from '../reports/data/suite-json.ts';
import type { Figure } from './figure.ts';
import { runLab } from './run-lab.ts';

const RUNS = 3;

/**
 * All scenarios of the catalogue, both variants: those of Redis alone two runs at a time, and the others one at a time,
 * since what counts there is how long each takes. With `labSpeed` under stock settings on a clock so many times as fast, in
 * real time, which is held to nothing.
 */
export async function scenarios(labSpeed?: number): Promise<Figure[]> {
  const clock = labSpeed === undefined ? [] : ['--timing', 'production', '--speed', String(labSpeed)];
  const known = await catalogue();
  const ofKind = (kind: string) =>
    known.filter(({ scenario }) => kindOf(scenario) === kind).map(({ scenario }) => scenario.name);
  const redis = await timed(ofKind('redis'), 2, clock);
  const application = await timed(ofKind('application'), 1, clock);
  const cluster = await timed(ofKind('cluster'), 1, clock);
  const all = [redis, application, cluster];
  const measured: Figure[] = [
    {
      name: 'the scenarios of Redis alone, both variants, fast, two at a time',
      unit: 's',
      samples: redis.seconds,
      bar: { max: 150 },
    },
    ...slowestFirst('with the application', application, 10),
    ...slowestFirst('on a cluster', cluster, 12),
    {
      name: 'runs among them all that did not come out as expected',
      unit: 'runs',
      samples: redis.unexpected.map((_, i) => all.reduce((sum, one) => sum + (one.unexpected[i] ?? 0), 0)),
      bar: { max: 0 },
    },
  ];
  return labSpeed === undefined ? measured : measured.map((figure) => ({ ...figure, bar: {} }));
}

function kindOf(scenario: Scenario): 'redis' | 'application' | 'cluster' {
  const { topology, app } = experimentOf(scenario, 'hardened');
  if (topology.kind === 'cluster') return 'cluster';
  return app === undefined ? 'redis' : 'application';
}

interface Timed {
  seconds: number[];
  unexpected: number[];
  runs: readonly SuiteRun[];
}

function slowestFirst(which: string, { seconds, runs }: Timed, maxSeconds: number): Figure[] {
  const slowest = slowestOf(runs);
  return [
    {
      name: `the scenarios ${which}, both variants, fast, one at a time`,
      unit: 's',
      samples: seconds,
      bar: {},
    },
    {
      name: `the slowest run of these at the median, ${slowest.name}`,
      unit: 's',
      samples: slowest.seconds,
      bar: { max: maxSeconds },
    },
  ];
}

/** Runs both variants of each, again and again: wall time of the whole command, and what came of it. */
async function timed(names: readonly string[], parallel: number, clock: readonly string[]): Promise<Timed> {
  const seconds: number[] = [];
  const unexpected: number[] = [];
  const all: SuiteRun[] = [];
  for (let i = 0; i < RUNS; i++) {
    const startedAt = monotonicMs();
    const runs = await runLab([...names, '--parallel', String(parallel), ...clock]);
    seconds.push((monotonicMs() - startedAt) / 1000);
    all.push(...runs);
    unexpected.push(runs.filter(({ outcome }) => outcome !== 'as-expected').length);
  }
  return { seconds, unexpected, runs: all };
}

/** The variant of a scenario whose median run takes longest, and how long its runs took. */
function slowestOf(runs: readonly SuiteRun[]): { name: string; seconds: number[] } {
  const named = Map.groupBy(runs, ({ scenario, variant }) => `${scenario} ${variant}`);
  const each = [...named].map(([name, own]) => ({
    name,
    seconds: own.map(({ durationMs, realDurationMs = durationMs }) => realDurationMs / 1000),
  }));
  return each.sort((a, b) => median(b.seconds) - median(a.seconds))[0] ?? { name: 'none', seconds: [] };
}
