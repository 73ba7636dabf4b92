import type { BaseVariant, RunRecord, VariantName } from '../../lab/run/record.ts';
import { documentOf, type RunDocument } from './run-document.ts';
import { sampleChecks, sampleExpectations } from './sample-checks.ts';
import { moments, sampleObservations, sampleSeries } from './sample-observations.ts';

/**
 * Documents that look like real runs, for the tests and for developing the page. Their numbers are made up:
 * they are nobody's measurements.
 */
const scenario: RunRecord['scenario'] = {
  name: 'split-brain',
  title: 'Split brain with a client beside the isolated primary',
  claim:
    'A client that stays connected to an isolated primary is told that its writes are stored, and all of them are thrown away when the partition heals.',
  variantSummary: '',
  advice:
    'Set min-replicas-to-write 1 and min-replicas-max-lag 1. Price: with both replicas away, the primary refuses every write.',
  settings: [
    { name: 'min-replicas-to-write', vulnerable: '0 (default)', hardened: '1' },
    { name: 'min-replicas-max-lag', vulnerable: '10 (default)', hardened: '1' },
    { name: 'ioredis commandTimeout', vulnerable: 'none (default)', hardened: '1000 ms' },
  ],
  file: 'scenarios/sentinel/split-brain.scenario.ts',
};

const summaries: Record<BaseVariant, string> = {
  vulnerable: 'The stock settings: a primary without replicas goes on acknowledging writes.',
  hardened: 'A primary that has heard of no replica for a second refuses writes.',
};

/** A split brain under the vulnerable settings: 400 acknowledged writes are lost, as expected. */
export function splitBrainSample(): RunDocument {
  return complete('vulnerable');
}

/** The same under the hardened settings: 12 are lost, inside the stated bound. */
export function hardenedSample(): RunDocument {
  return complete('hardened');
}

/** The lab failed while it disturbed: no checks, half a timeline, a fault that was never proved. */
export function labFailedSample(): RunDocument {
  const whole = complete('vulnerable');
  const fault = whole.seen.faults.map((each) => ({
    ...each,
    provedAt: null,
    healedAt: null,
    recoveredAt: null,
    proof: 'link redis-2 → redis-1 still answered after 50 ms',
  }));
  return {
    ...whole,
    outcome: 'lab-failed',
    reason: 'toxiproxy-server on host b ended with code 1 while the lab was disturbing',
    durationMs: 3400,
    phases: whole.phases.filter((phase) => phase.from < 3400),
    seen: { ...whole.seen, durationMs: 3400, roles: [], events: [], samples: [], faults: fault },
    checks: [],
    expectations: [],
  };
}

/** The lab failed before anything was there: every list is empty. */
export function emptySample(): RunDocument {
  const seen = { durationMs: 0, nodes: [], roles: [], events: [], faults: [], samples: [] };
  return {
    ...labFailedSample(),
    reason: 'redis-server refused its configuration: Bad directive or wrong number of arguments',
    durationMs: 0,
    readyMs: 0,
    tearDownMs: 0,
    schedule: [],
    versions: {},
    hosts: [],
    processes: [],
    clients: [],
    phases: [],
    seen: { ...seen, loadWindow: { from: 0, to: 0 } },
    series: { bucketMs: 100, groups: [] },
    errors: {},
  };
}

function complete(variant: BaseVariant): RunDocument {
  return documentOf({
    scenario: { ...scenario, variantSummary: summaries[variant] },
    variant,
    timing: 'fast',
    seed: 20_251,
    startedAt: '2026-01-05T09:30:00.000Z',
    durationMs: moments.end,
    readyMs: moments.ready,
    tearDownMs: 118,
    backend: 'namespaces (root)',
    versions: { 'redis-server': '7.0.15', 'toxiproxy-server': '2.12.0', node: '24.21.0', ioredis: '6.0.0' },
    commands: {
      replay: `npx lab replay reports/runs/20260105-093000-split-brain-${variant}`,
      check: `npx lab check reports/runs/20260105-093000-split-brain-${variant}`,
    },
    outcome: 'as-expected',
    reason: 'every expectation was met',
    topology: '1 primary, 2 replicas and 3 Sentinels (quorum 2) on 3 hosts',
    schedule: [
      'at 2 s of load isolate the primary and the client beside it from everybody else',
      'for 6 s, or until a promotion was seen if that takes longer',
      'then heal',
    ],
    hosts: ['a', 'b', 'c'].map((name, i) => ({
      name,
      zone: null,
      processes: [`redis-${i + 1}`, `sentinel-${i + 1}`],
    })),
    processes: processes(variant),
    clients: [
      { name: 'beside-1', group: 'beside', host: 'a' },
      { name: 'majority-1', group: 'majority', host: 'b' },
      { name: 'majority-2', group: 'majority', host: 'c' },
    ],
    phases: phases(),
    seen: sampleObservations(),
    series: sampleSeries(variant),
    checkSpecs: sampleChecks(variant).map((check) => check.spec),
    checks: sampleChecks(variant),
    expectations: sampleExpectations(variant),
    errors: { timeout: 34, READONLY: 9, ...(variant === 'hardened' ? { NOREPLICAS: 168 } : {}) },
  });
}

function phases(): RunRecord['phases'] {
  const ends = {
    provision: 742,
    'warm up': 3200,
    disturb: 9200,
    heal: 9240,
    settle: 12_100,
    collect: 12_400,
    check: 13_400,
  };
  let from = 0;
  return Object.entries(ends).map(([name, to]) => {
    const phase = { name, from, to };
    from = to;
    return phase;
  });
}

function processes(variant: VariantName): RunRecord['processes'] {
  return [1, 2, 3].flatMap((n) => {
    const host = ['a', 'b', 'c'][n - 1] ?? 'a';
    const guard = variant === 'hardened' ? 'min-replicas-to-write 1\nmin-replicas-max-lag 1\n' : '';
    return [
      {
        name: `redis-${n}`,
        kind: 'redis' as const,
        host,
        address: `127.1.0.1${n}:6379`,
        configuration: `port 6379\nbind 127.1.0.1${n} 127.0.0.1\nsave ""\n${guard}`,
        log: `logs/redis-${n}.log`,
      },
      {
        name: `sentinel-${n}`,
        kind: 'sentinel' as const,
        host,
        address: `127.1.0.1${n}:26379`,
        configuration: 'sentinel monitor lab 127.1.0.11 6379 2\nsentinel down-after-milliseconds lab 1000\n',
        log: `logs/sentinel-${n}.log`,
      },
    ];
  });
}
