import { latencyHistogram } from '../history/latency-histogram.ts';
import type { Observations } from '../history/observations.ts';
import type { Figures } from './checker.ts';

/** How long acknowledged orders waited until they were processed, in and out of the fault windows. */
export interface JobsDelay {
  /** Both in ms since the run's start; the delay is 0 when it was processed before it was acknowledged. */
  add(acknowledged: number, processedAt: number): void;
  maxMs(): number;
  figures(): Figures;
}

/** An order is in a fault window when it was acknowledged from its injection to its heal (or to the run's end). */
export function jobsDelay(seen: Observations): JobsDelay {
  const windows = seen.faults.map(({ injectedAt, healedAt }) => [injectedAt, healedAt ?? seen.durationMs]);
  const [all, inside, outside] = [latencyHistogram(), latencyHistogram(), latencyHistogram()];
  return {
    add(acknowledged, processedAt) {
      const delayMs = Math.max(0, processedAt - acknowledged);
      all.add(delayMs);
      const isInside = windows.some(([from = 0, to = 0]) => from <= acknowledged && acknowledged <= to);
      (isInside ? inside : outside).add(delayMs);
    },
    maxMs: () => all.max() ?? 0,
    figures: () => ({
      ...quantiles('delay', '', all),
      ...quantiles('delay', 'InFaults', inside),
      ...quantiles('delay', 'OutsideFaults', outside),
    }),
  };
}

function quantiles(of: string, where: string, delays: ReturnType<typeof latencyHistogram>): Figures {
  return {
    [`${of}${where}P50Ms`]: rounded(delays.quantile(0.5)),
    [`${of}${where}P99Ms`]: rounded(delays.quantile(0.99)),
    [`${of}${where}MaxMs`]: rounded(delays.max()),
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
