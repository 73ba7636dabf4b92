import type { LabEvent } from '../history/observations.ts';

/** The run's events in the order in which the lab learned of them; each carries the time at which it happened. */
export interface EventLog {
  readonly all: readonly LabEvent[];
  record(event: LabEvent): void;
  /** Calls the listener for each event from now on; returns what ends that. */
  subscribe(listener: (event: LabEvent) => void): () => void;
}

export function eventLog(): EventLog {
  const all: LabEvent[] = [];
  const listeners = new Set<(event: LabEvent) => void>();
  return {
    all,
    record(event) {
      all.push(event);
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
