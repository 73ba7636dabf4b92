import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client, Done } from './client.ts';
import { startPacing } from './pacing.ts';
import { addToSet } from './spec.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Clients that note when each operation was invoked, and leave its end to the test. */
function notingClients(count: number) {
  const issued: { client: number; invoked: number; done: Done }[] = [];
  const clients = Array.from({ length: count }, (_, client) => ({
    issue: (invoked: number, done: Done) => void issued.push({ client, invoked, done }),
  }));
  // A client's `issue` is all of it that pacing knows.
  return { issued, clients: clients as unknown as Client[] };
}

test('open loop: due times are fixed and shared in turn, and what fell due in a stall keeps its time', () => {
  const { issued, clients } = notingClients(2);
  const startedAt = Date.now();
  const now = () => Date.now() - startedAt;
  const pacing = startPacing(addToSet({ name: 'w', rate: { perSecond: 100 } }), clients, now);
  vi.advanceTimersByTime(25);
  expect(issued.map(({ client, invoked }) => [client, invoked])).toEqual([
    [0, 0],
    [1, 10],
    [0, 20],
  ]);
  // The process stood still for 45 ms: time has passed, and no timer has run.
  vi.setSystemTime(Date.now() + 45);
  vi.advanceTimersByTime(10);
  expect(issued.slice(3).map(({ invoked }) => invoked)).toEqual([30, 40, 50, 60, 70, 80]);
  pacing.stop();
  vi.advanceTimersByTime(1000);
  expect(issued).toHaveLength(9);
});

test('closed loop: the next one begins where the last one ended, after a pause when that was not ok', () => {
  const { issued, clients } = notingClients(1);
  const startedAt = Date.now();
  const now = () => Date.now() - startedAt;
  const workload = addToSet({ name: 'w', inFlight: 2, pauseAfterErrorMs: 30 });
  const pacing = startPacing(workload, clients, now);
  expect(issued).toHaveLength(2);
  issued[0]?.done(true, 7);
  expect(issued.map(({ invoked }) => invoked)).toEqual([0, 0, 7]);
  issued[1]?.done(false, 8);
  vi.advanceTimersByTime(29);
  expect(issued).toHaveLength(3);
  vi.advanceTimersByTime(1);
  expect(issued.map(({ invoked }) => invoked)).toEqual([0, 0, 7, 30]);
  pacing.stop();
  issued[3]?.done(true, 31);
  issued[2]?.done(false, 31);
  vi.advanceTimersByTime(100);
  expect(issued).toHaveLength(4);
});
