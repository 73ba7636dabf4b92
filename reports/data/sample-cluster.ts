import type { SlotMember } from '../../lab/history/observations.ts';
import type { JudgedCheck, SlotOwnership } from '../../lab/run/record.ts';
import { documentOf, type RunDocument } from './run-document.ts';
import { splitBrainSample } from './sample.ts';
import { sampleLost } from './sample-checks.ts';

/** The moments of the sample's run, in ms since its start. */
const m = {
  told: 800,
  cut: 3200,
  down: 4300,
  promoted: 5400,
  heard: 5450,
  healed: 9200,
  demoted: 9410,
  end: 13_400,
};

const names = [1, 2, 3, 4, 5, 6].map((n) => `redis-${n}`);
const ranges = ['0-5460', '5461-10922', '10923-16383'];
const counts = [5461, 5462, 5461];

/** A shard that changes hands while its first owner is cut off, and goes on serving for a while beside the new one. */
export function sampleOwnership(): SlotOwnership {
  const others = ['redis-2', 'redis-3', 'redis-5', 'redis-6'];
  const steady = (i: number) => ({
    slots: ranges[i] ?? '',
    count: counts[i] ?? 0,
    beliefs: [{ from: m.told, to: m.end, owners: [{ owner: `redis-${i + 1}`, by: [] }] }],
    doubles: [],
  });
  const all = [{ at: m.told, share: 1 }];
  return {
    from: m.told,
    coverage: [...all, { at: m.down, share: 10_923 / 16_384 }, { at: m.heard, share: 1 }],
    shards: [0, 1, 2].map((i) => ({
      shard: `redis-${i + 1}`,
      count: counts[i] ?? 0,
      coverage: i === 0 ? [...all, { at: m.down, share: 0 }, { at: m.heard, share: 1 }] : all,
    })),
    groups: [
      {
        slots: '0-5460',
        count: 5461,
        beliefs: [
          { from: m.told, to: m.promoted, owners: [{ owner: 'redis-1', by: [] }] },
          {
            from: m.promoted,
            to: m.heard,
            owners: [
              { owner: 'redis-1', by: ['redis-1', ...others] },
              { owner: 'redis-4', by: ['redis-4'] },
            ],
          },
          {
            from: m.heard,
            to: m.demoted,
            owners: [
              { owner: 'redis-1', by: ['redis-1'] },
              { owner: 'redis-4', by: [...others, 'redis-4'].sort() },
            ],
          },
          { from: m.demoted, to: m.end, owners: [{ owner: 'redis-4', by: [] }] },
        ],
        doubles: [{ from: m.promoted, to: m.promoted + 600 }],
      },
      steady(1),
      steady(2),
    ],
  };
}

/** A cluster of three primaries with a replica each, of which one primary is cut off. Made up, as the other samples are. */
export function clusterSample(): RunDocument {
  const base = splitBrainSample();
  const roles = names.flatMap((node, i): RunDocument['seen']['roles'][number][] => {
    if (node === 'redis-1')
      return [
        { node, role: 'primary', from: 610, to: m.demoted },
        { node, role: 'replica', from: m.demoted, to: m.end },
      ];
    if (node === 'redis-4')
      return [
        { node, role: 'replica', from: 610, to: m.promoted },
        { node, role: 'primary', from: m.promoted, to: m.end },
      ];
    return [{ node, role: i < 3 ? 'primary' : 'replica', from: 610, to: m.end }];
  });
  const members = names.map(
    (node, i): SlotMember => ({
      node,
      role: i < 3 ? 'primary' : 'replica',
      primary: i < 3 ? null : `redis-${i - 2}`,
      epoch: (i % 3) + 1,
      slots: ranges[i] ?? '',
      moving: '',
      flags: '',
    }),
  );
  const views = names.map((node) => ({
    at: m.told,
    node,
    state: 'ok' as const,
    epoch: 3,
    members: names.map((_, i) => i),
  }));
  const replicas = names.slice(3).map((node, i) => ({
    at: 1000,
    node,
    role: 'replica' as const,
    offset: 100,
    ackedOffset: null,
    replicas: 0,
    linkUp: true,
    primary: `redis-${i + 1}`,
    info: {},
  }));
  return documentOf({
    ...base,
    topology: 'cluster of 3 primaries, 1 replica each',
    processes: [],
    seen: {
      ...base.seen,
      nodes: names,
      roles,
      samples: replicas,
      events: events(),
      slots: { members, views },
    },
    ownership: sampleOwnership(),
    checks: clusterChecks(),
    expectations: [],
  });
}

function events(): RunDocument['seen']['events'] {
  const fail = { node: 'redis-1', by: 'quorum' };
  return [
    { at: m.down, source: 'redis-2', kind: 'fail', text: 'Marking node redis-1 as failing', data: fail },
    { at: m.down + 3, source: 'redis-3', kind: 'fail', text: 'FAIL message received', data: fail },
    { at: m.down + 4, source: 'redis-2', kind: 'cluster-state', text: 'fail', data: { state: 'fail' } },
    { at: m.down + 900, source: 'redis-4', kind: 'election-started', text: 'epoch 4', data: { epoch: 4 } },
    { at: m.promoted, source: 'redis-4', kind: 'promotion', text: 'election won', data: { by: 'election' } },
  ];
}

function clusterChecks(): JudgedCheck[] {
  const scope = { verifies: 'What it says.', doesNotVerify: 'Anything else.', verdict: 'valid' as const };
  return [
    {
      ...scope,
      name: 'set',
      spec: { checker: 'set', options: {} },
      verdict: 'invalid',
      summary: '20 of 2841 acknowledged adds are lost',
      figures: { acknowledged: 2841, lost: 20, lostByCause: { 'stale-replica': 12, 'open-move': 8 } },
      findings: sampleLost(20, m.cut, m.down).map((one, i) => ({
        ...one,
        cause: i < 12 ? 'stale-replica' : 'open-move',
      })),
    },
    {
      ...scope,
      name: 'slot-coverage',
      spec: { checker: 'slot-coverage', options: {} },
      summary: '97.0 % of the slots were served',
      figures: {
        coveredShare: 0.97,
        longestUncoveredMs: m.heard - m.down,
        longestUncoveredMsByShard: { 'redis-1': m.heard - m.down },
        availableShareByShard: { 'redis-1': 0.88, 'redis-2': 1 },
      },
      findings: [{ at: m.down, to: m.heard, kind: 'uncovered', text: 'nobody served them', node: 'redis-1' }],
    },
    {
      ...scope,
      name: 'recovery',
      spec: { checker: 'recovery', options: {} },
      summary: 'after cut-1: seen as down after 1100 ms',
      figures: {
        pfailMs: 1050,
        failMs: 1100,
        electionMs: 2000,
        promotionMs: 2200,
        coverageMs: 2250,
        firstClientMs: 2300,
        lastClientMs: 2400,
      },
      findings: [],
    },
  ];
}
