import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { faults } from './faults.ts';
import { slotsIn } from './slot-list.ts';

it('takes slots by number, by runs and by keys, each once', () => {
  expect(slotsIn('x', [7, [5, 8], { key: 'foo' }])).toEqual([5, 6, 7, 8, 12_182]);
});

it.each([
  [() => faults.deleteSlots([16_384]), /deleteSlots\(\): slots: .* from 0 to 16383, got 16384/],
  [() => faults.deleteSlots([[0, 20_000]]), /got 16384/],
  [() => faults.deleteSlots([[9, 3]]), /from low to high, got 9 to 3/],
  [() => faults.deleteSlots([]), /expected at least one/],
  [() => faults.moveSlots({ slots: [0.5], to: 'primary' }), /moveSlots\(\): .* got 0.5/],
])('refuses %s', (make, message) => {
  expect(make).toThrow(UsageError);
  expect(make).toThrow(message);
});

it('says in words what it will do', () => {
  const texts = [
    faults.clusterFailover(),
    faults.clusterFailover('replicas of key user:{1}', { form: 'takeover' }),
    faults.moveSlots({ slots: [[0, 2]], to: 'primary of slot 16383', haltAfterKeys: 5 }),
    faults.forget('a minority of primaries'),
    faults.deleteSlots([3]),
  ].map(({ text }) => text);
  expect(texts).toEqual([
    'failover to a replica by hand (CLUSTER FAILOVER)',
    'failover to the replicas of key user:{1} by hand (CLUSTER FAILOVER TAKEOVER)',
    'move 3 slots (0 to 2) to the primary of slot 16383, halted after 5 keys of each',
    'have a minority of primaries forgotten by the other nodes (CLUSTER FORGET)',
    'leave slot 3 without owner (CLUSTER DELSLOTS)',
  ]);
});

await casesInSandbox(new URL('./cluster-faults.cases.ts', import.meta.url));
