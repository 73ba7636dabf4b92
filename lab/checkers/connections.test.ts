import { expect, test } from 'vitest';
import type { ClientInfo } from '../history/operation.ts';
import { connections } from './connections.ts';
import { fault, handwritten, sample, started } from './handwritten.ts';

const clients: ClientInfo[] = Array.from({ length: 10 }, (_, i) => ({
  name: `c${i}`,
  group: 'g',
  host: 'h',
}));
const received = (at: number, count: number, rejected = 0) =>
  sample(at, { total_connections_received: count, rejected_connections: rejected });
const check = (seen: Parameters<typeof handwritten>[0]['seen'], options = {}) =>
  connections({ windowMs: 200, maxPeakShare: 0.5, ...options }).check(
    handwritten({ clients, seen: { nodes: ['p'], faults: [fault(['p'], 300)], ...seen } }),
  );

test('invalid when all come back at once to a server that counts anew, and rejects some', () => {
  // 15 before the fault; after the start the count is lower than before only because it began at 0.
  const samples = [received(100, 5), received(200, 15), received(700, 9), received(800, 20, 3)];
  const { verdict, figures, findings } = check({ samples, events: [started('p', 600, 'kept')] });
  expect(verdict).toBe('invalid');
  expect(figures).toMatchObject({ clients: 10, peakConnections: 20, peakAtMs: 800, peakShare: 2 });
  expect(figures).toMatchObject({ connections: 20, rejected: 3, peakPerSecond: 100 });
  expect(findings).toMatchObject([{ at: 600, to: 800 }]);
});

test('valid when they come one after the other, and whatever came before the fault', () => {
  const samples = [received(100, 5), received(200, 30)];
  for (let at = 400; at <= 900; at += 100) samples.push(received(at, 30 + (at - 400) / 50));
  expect(check({ samples })).toMatchObject({
    verdict: 'valid',
    figures: { peakConnections: 4, connections: 10, rejected: 0 },
  });
  // Without a fault all of it counts.
  expect(check({ samples, faults: [] }).verdict).toBe('invalid');
});

test('what was not seen for long is spread over it, and said', () => {
  const samples = [received(100, 5), received(1000, 14)];
  expect(check({ samples })).toMatchObject({ figures: { peakConnections: 2, longestGapMs: 900 } });
});

test('measures without a limit, other nodes and groups apart, and knows nothing without samples', () => {
  const samples = [received(350, 5), received(400, 95)];
  expect(check({ samples }, { maxPeakShare: 9.1 }).verdict).toBe('valid');
  expect(connections().check(handwritten({ clients, seen: { samples } })).verdict).toBe('valid');
  expect(check({ samples }, { nodes: ['r'] }).verdict).toBe('unknown');
  expect(check({ samples }, { group: 'other' }).verdict).toBe('unknown');
  expect(check({ samples: [] }).verdict).toBe('unknown');
});
