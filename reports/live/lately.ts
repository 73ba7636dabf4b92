import type { RunDocument } from '../data/run-document.ts';

/** What of a run can be seen from `fromMs` on: what ended before is left out, what is in force lasts until now. */
export function lately(document: RunDocument, fromMs: number): RunDocument {
  const { seen, phases } = document;
  return {
    ...document,
    phases: phases.filter(({ to }) => to > fromMs),
    seen: {
      ...seen,
      roles: seen.roles.filter(({ to }) => to > fromMs),
      events: seen.events.filter(({ at }) => at >= fromMs),
      faults: seen.faults
        .map((fault) => ({ ...fault, healedAt: fault.healedAt ?? seen.durationMs }))
        .filter(({ healedAt }) => healedAt > fromMs),
      loadWindow: { ...seen.loadWindow, from: Math.max(seen.loadWindow.from, fromMs) },
      samples: seen.samples.filter(({ at }) => at >= fromMs),
    },
  };
}
