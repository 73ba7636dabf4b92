import type { NodeSample } from '../history/observations.ts';
import { recordOf } from './build-record.ts';
import type { RunContext } from './context.ts';
import type { Progressed } from './progressed.ts';
import type { RunRecord } from './record.ts';

/** Of each node; a picture of the lag shows no more. */
const MOST_SAMPLES = 200;
/** The last ones; those who look on want to know what happens now. */
const MOST_EVENTS = 1000;

/**
 * What a run has come to so far, for those who look on: not judged, and without what no picture needs, so that it costs
 * about the same after an hour as after a minute.
 */
export function snapshotOf(context: RunContext, state: Progressed): RunRecord {
  const record = recordOf(context, state);
  const { seen } = record;
  const { metrics: _, ...watched } = seen;
  return {
    ...record,
    reason: 'the run goes on',
    phases: record.phases.map((phase, i) =>
      i === record.phases.length - 1 ? { ...phase, to: record.durationMs } : phase,
    ),
    seen: {
      ...watched,
      events: seen.events.slice(-MOST_EVENTS),
      samples: [...Map.groupBy(seen.samples, ({ node }) => node).values()].flatMap(thinned),
    },
  };
}

function thinned(samples: readonly NodeSample[]): NodeSample[] {
  const every = Math.max(1, Math.ceil(samples.length / MOST_SAMPLES));
  // Counted from the last, which is the present.
  return samples.filter((_, i) => (samples.length - 1 - i) % every === 0);
}
