import type { Done } from './client.ts';
import type { RedisWorkload } from './workload.ts';

/** Who can be told to do the next thing. */
interface Client {
  issue(invoked: number, done: Done): void;
}

/** Begins to issue operations; the function it returns ends that. `now` is in ms since the run's start. */
export function startPacing(
  workload: RedisWorkload,
  clients: readonly Client[],
  now: () => number,
): { stop: () => void } {
  return workload.rate === 'closed-loop'
    ? closedLoop(workload, clients, now)
    : openLoop(workload.rate.perSecond, clients, now);
}

/** Each client has `inFlight` operations under way, and issues the next one when one has ended. */
function closedLoop(workload: RedisWorkload, clients: readonly Client[], now: () => number) {
  let stopped = false;
  const run = (client: Client) => {
    const next = (at: number) => {
      if (!stopped) client.issue(at, done);
    };
    // The end of one operation is the beginning of the next: the clock is read but once.
    const done: Done = (ok, completed) => {
      if (ok && workload.pauseMs === 0) next(completed);
      else setTimeout(() => next(now()), ok ? workload.pauseMs : workload.pauseAfterErrorMs);
    };
    next(now());
  };
  for (const client of clients) for (let i = 0; i < workload.inFlight; i++) run(client);
  return {
    stop: () => {
      stopped = true;
    },
  };
}

/**
 * Operations are due at fixed times, taken by the clients in turn, however long the answers take. What fell due
 * while the process could not run is issued late, with the time it was due.
 */
function openLoop(perSecond: number, clients: readonly Client[], now: () => number) {
  const startedAt = now();
  const dueAt = (n: number) => startedAt + (n * 1000) / perSecond;
  const ignore = () => {};
  let issued = 0;
  const tick = () => {
    const until = now();
    for (let due = dueAt(issued); due <= until; due = dueAt(issued))
      clients[issued++ % clients.length]?.issue(due, ignore);
    timer = setTimeout(tick, Math.max(0, dueAt(issued) - now()));
  };
  let timer = setTimeout(tick, 0);
  return { stop: () => clearTimeout(timer) };
}
