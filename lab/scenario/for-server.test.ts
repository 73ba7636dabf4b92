import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { cluster } from '../topology/cluster.ts';
import { addToSet } from '../workload/spec.ts';
import { checks } from './checks.ts';
import { forServer } from './for-server.ts';
import type { Experiment, KnownDifference } from './scenario.ts';
import { validateDifferences } from './validate-expectations.ts';

const lost = { check: 'set', verdict: 'invalid', because: 'it loses' } as const;
const kept = { check: 'set', verdict: 'valid', because: 'it loses nothing' } as const;
const difference: KnownDifference = {
  on: { product: 'valkey', since: '8.0' },
  because: 'replicas know of it',
  source: 'https://example.org/445',
  expect: [kept],
};
const experiment: Experiment = {
  topology: cluster(),
  workloads: [addToSet({ name: 'a', clients: 1 })],
  nemesis: { lines: [] },
  checks: [checks.set()],
  expect: [lost],
  differs: [difference],
};

it('a server that is known to differ is judged by that, the others by the claim', () => {
  expect(forServer(experiment, { product: 'valkey', version: '8.1.1' })).toMatchObject({
    experiment: { expect: [kept] },
    knownDifference: { on: 'Valkey from 8.0 on', source: 'https://example.org/445' },
  });
  for (const server of [
    { product: 'redis', version: '8.0.2' },
    { product: 'valkey', version: '7.2.5' },
  ] as const)
    expect(forServer(experiment, server)).toMatchObject({
      experiment: { expect: [lost] },
      knownDifference: null,
    });
});

it.each([
  [{ on: { product: 'keydb' } }, /differs\[0\]\.on\.product: expected redis or valkey, got "keydb"/],
  [{ on: { product: 'redis', since: 'eight' } }, /on\.since: expected a version such as 8\.0/],
  [{ source: '' }, /source: expected a text/],
  [{ expect: [] }, /differs\[0\]\.expect: expected at least one expectation/],
  [{ expect: [{ ...kept, check: 'sat' }] }, /no check "sat"; did you mean "set"/],
])('a difference that makes no sense is refused: %j', (wrong, message) => {
  const differs = [{ ...difference, ...wrong } as KnownDifference];
  expect(() => validateDifferences(differs, ['set'])).toThrow(UsageError);
  expect(() => validateDifferences(differs, ['set'])).toThrow(message);
});
