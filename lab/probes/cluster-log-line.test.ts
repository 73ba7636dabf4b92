import { describe, expect, it } from 'vitest';
import { addressBook } from '../mesh/address-book.ts';
import { clusterEvent, ownId } from './cluster-log-line.ts';
import { parseLogLine, redisEvent } from './log-line.ts';
import { nodeIds } from './node-ids.ts';

const [a, b, shard] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];
const ids = nodeIds();
ids.learn(a, 'redis-1');
ids.learn(b, 'redis-2');
const event = (text: string) => clusterEvent({ wallMs: 0, level: '*', text }, ids);

describe('what a node of a cluster says', () => {
  it.each([
    ['Cluster state changed: fail', 'cluster-state', { state: 'fail' }],
    ['Cluster state changed: ok', 'cluster-state', { state: 'ok' }],
    [`*** NODE ${a} possibly failing`, 'pfail', { node: 'redis-1' }],
    [`NODE ${a} () possibly failing.`, 'pfail', { node: 'redis-1' }],
    [`Marking node ${a} as failing (quorum reached).`, 'fail', { node: 'redis-1', by: 'quorum' }],
    [`Marking node ${a} () as failing (quorum reached).`, 'fail', { node: 'redis-1', by: 'quorum' }],
    [`FAIL message received from ${b} about ${a}`, 'fail', { node: 'redis-1', by: 'redis-2' }],
    [`FAIL message received from ${b} (x) about ${a} (y)`, 'fail', { node: 'redis-1', by: 'redis-2' }],
    [`Clear FAIL state for node ${a}: replica is reachable again.`, 'fail-cleared', { node: 'redis-1' }],
    [
      `Clear FAIL state for node ${a} ():master without slots is reachable again.`,
      'fail-cleared',
      { node: 'redis-1' },
    ],
    [
      'Start of election delayed for 926 milliseconds (rank #1, offset 8585374).',
      'election-delayed',
      { delayMs: 926, rank: 1, offset: 8585374 },
    ],
    [
      'Start of election delayed for 643 milliseconds (rank #0, primary rank #0, offset 3332).',
      'election-delayed',
      { delayMs: 643, rank: 0, offset: 3332 },
    ],
    ['Starting a failover election for epoch 7, node config epoch is 3', 'election-started', { epoch: 7 }],
    ['Starting a failover election for epoch 7.', 'election-started', { epoch: 7 }],
    ["Failover election won: I'm the new master.", 'promotion', { by: 'election' }],
    ["Failover election won: I'm the new primary.", 'promotion', { by: 'election' }],
    ['Taking over the master (user request).', 'promotion', { by: 'takeover' }],
    ["Taking over the primary (user request from 'id=3').", 'promotion', { by: 'takeover' }],
    [`Failover auth granted to ${b} for epoch 5`, 'vote', { node: 'redis-2', epoch: 5 }],
    [`Failover auth granted to ${b} () for epoch 5`, 'vote', { node: 'redis-2', epoch: 5 }],
    ['configEpoch set to 7 after successful failover', 'config-epoch', { epoch: 7 }],
    ['New configEpoch set to 4', 'config-epoch', { epoch: 4 }],
    [
      `configEpoch collision with node ${a} (). configEpoch set to 9`,
      'config-epoch',
      { epoch: 9, collidedWith: 'redis-1' },
    ],
    [
      'Currently unable to failover: Waiting for votes, but majority still not reached.',
      'failover-blocked',
      { why: 'Waiting for votes, but majority still not reached.' },
    ],
    ['Manual failover user request accepted.', 'manual-failover', { step: 'accepted', forced: false }],
    ['Forced failover user request accepted.', 'manual-failover', { step: 'accepted', forced: true }],
    ['Manual failover timed out.', 'manual-failover', { step: 'timed-out', forced: false }],
    [`Manual failover requested by replica ${b}.`, 'manual-failover', { step: 'requested', node: 'redis-2' }],
    [
      `Configuration change detected. Reconfiguring myself as a replica of ${b}`,
      'replica-of',
      { primary: 'redis-2' },
    ],
    [
      `Configuration change detected. Reconfiguring myself as a replica of node ${b} () in shard ${shard}`,
      'replica-of',
      { primary: 'redis-2' },
    ],
    [`Migrating to orphaned master ${a}`, 'replica-of', { primary: 'redis-1', orphaned: true }],
    [`Migrating slot 12 to node ${b} ()`, 'slot', { step: 'migrating', slot: 12, node: 'redis-2' }],
    [
      `Failover occurred in migration source. Update importing source for slot 12 to node ${b} () in shard ${shard}.`,
      'slot',
      { step: 'source-replaced', slot: 12, node: 'redis-2' },
    ],
    [
      `A failover occurred in migration source. Update importing source of 1 slot(s) to node ${b} (127.1.0.12:6379) in shard ${shard}.`,
      'slot',
      { step: 'source-replaced', node: 'redis-2' },
    ],
    [
      `Slot 12 is no longer being migrated to node ${b} (127.1.0.12:6379) in shard ${shard}.`,
      'slot',
      { step: 'stable', slot: 12 },
    ],
    ['ConfigEpoch updated after importing slot 12', 'slot', { step: 'imported', slot: 12 }],
    ['configEpoch updated after importing slot 12', 'slot', { step: 'imported', slot: 12 }],
  ])('%s', (text, kind, data) => {
    expect(event(text)).toMatchObject({ kind, data });
  });

  it('is shown with names and without what only machines need', () => {
    expect(event(`Failover auth granted to ${b} () for epoch 5`)?.text).toBe(
      'Failover auth granted to redis-2 for epoch 5',
    );
    expect(event(`Reconfiguring myself as a replica of node ${b} () in shard ${shard}`)?.text).toBe(
      'Reconfiguring myself as a replica of node redis-2',
    );
    expect(event(`Failover auth denied to ${'d'.repeat(40)}: its master is up`)?.text).toBe(
      'Failover auth denied to dddddddd: its master is up',
    );
  });

  it.each(['Ready to accept connections', 'MASTER MODE enabled', 'Connecting to MASTER 127.1.0.11:6379'])(
    '%s is none',
    (text) => {
      expect(event(text)).toBeNull();
    },
  );
});

it('a data node’s log tells it too', () => {
  const line = parseLogLine('25879:S 21 Nov 2026 07:37:18.037 # Cluster state changed: fail');
  expect(line && redisEvent(line, addressBook([]), ids)).toMatchObject({ kind: 'cluster-state' });
});

it.each([
  [`No cluster configuration found, I'm ${a}`, a],
  [`Node configuration loaded, I'm ${a}`, a],
  [`Node hard reset, now I'm ${a}`, a],
  [`Failover auth granted to ${b} for epoch 5`, null],
])('whose id: %s', (text, id) => {
  expect(ownId({ wallMs: 0, level: '*', text })).toBe(id);
});
