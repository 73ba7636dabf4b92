import { expect, it } from 'vitest';
import { labFailedSample, splitBrainSample } from './sample.ts';
import { suiteJson } from './suite-json.ts';

it('holds of each run what scripts ask for, in order, and nothing else', () => {
  const suite = suiteJson([
    { dir: 'runs/a', record: splitBrainSample() },
    { dir: 'runs/b', record: labFailedSample() },
  ]);
  expect(suite.runs.map((run) => [run.dir, run.outcome])).toEqual([
    ['runs/a', 'as-expected'],
    ['runs/b', 'lab-failed'],
  ]);
  const first = suite.runs[0];
  expect(Object.keys(first ?? {})).toEqual([
    'scenario',
    'variant',
    'seed',
    'outcome',
    'dir',
    'durationMs',
    'readyMs',
    'checks',
  ]);
  const onOwnClock = { ...splitBrainSample(), speed: 10, realDurationMs: 1340 };
  expect(suiteJson([{ dir: 'runs/c', record: onOwnClock }]).runs[0]).toMatchObject({
    speed: 10,
    realDurationMs: 1340,
  });
  expect(first?.checks[0]).toMatchObject({
    name: 'set',
    verdict: 'invalid',
    figures: {
      attempted: 3012,
      acknowledged: 2841,
      lost: 400,
      unexpected: 0,
      recovered: 3,
      lostByCause: { 'minority-primary': 392, unreplicated: 8 },
    },
  });
});
