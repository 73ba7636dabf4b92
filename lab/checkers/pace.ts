import type { Checker } from './checker.ts';
import { readOptions } from './options.ts';

/** Of the shortest period that decides about a failover, how late the lab may be at worst, and in 99 of 100 cases. */
const WORST_SHARE = 0.1;
const USUAL_SHARE = 0.01;
/** From here on somebody waits for a processor all the time, and the lab's own timers do not show who. */
const MOST_BUSY = 0.95;

/**
 * Whether the machine kept up with a lab clock that is faster than real time. Never `invalid`: a machine that was too
 * slow makes the run inconclusive, for then the delays are its own and not the servers'.
 *
 * Options: `name`; `decidingMs`: the shortest silence by which somebody is held for down (Sentinel's
 * down-after-milliseconds, a cluster's node timeout). A tenth of it is the worst delay that is allowed: a failover's
 * phases are then longer by at most that; and a hundredth is what 99 of 100 timers must hold. A claim that needs less says
 * so itself: `worstMs`, `usualMs`, and `maxBusyShare` (default 0.95) of the processors' time.
 */
export function pace(options: Readonly<Record<string, unknown>> = {}): Checker {
  const {
    name = 'pace',
    decidingMs = 30_000,
    worstMs = decidingMs * WORST_SHARE,
    usualMs = decidingMs * USUAL_SHARE,
    maxBusyShare = MOST_BUSY,
  } = readOptions('pace', options, {
    decidingMs: 'number',
    worstMs: 'number',
    usualMs: 'number',
    maxBusyShare: 'number',
  });
  return {
    name,
    verifies: `That the machine was fast enough for the speed of the lab's clock: no timer of the lab was more than ${worstMs} ms of lab time late, 99 of 100 at most ${usualMs} ms, a data node's answer took at most that at the median, and the processors were busy for at most ${percent(maxBusyShare)} of the time.`,
    doesNotVerify:
      'That every process got the processor when it wanted it: only the lab’s own timers are looked at, how fast servers answer it, and the machine as a whole.',
    check: ({ seen: { pace } }) => {
      if (pace === undefined)
        return { verdict: 'unknown', summary: 'nobody looked at the clock', figures: {}, findings: [] };
      const { speed, latestMs, lateP99Ms, busyShare, answerP50Ms } = pace;
      const busy = busyShare === null ? '' : ` (processors busy for ${percent(busyShare)} of the time)`;
      const missing = [
        ...(latestMs > worstMs ? [`a timer was ${ms(latestMs)} late, allowed are ${ms(worstMs)}`] : []),
        ...(lateP99Ms > usualMs
          ? [`1 of 100 timers was at least ${ms(lateP99Ms)} late, allowed are ${ms(usualMs)}`]
          : []),
        ...(answerP50Ms !== null && answerP50Ms > usualMs
          ? [`every other answer of a data node took at least ${ms(answerP50Ms)}, allowed are ${ms(usualMs)}`]
          : []),
        ...(busyShare !== null && busyShare > maxBusyShare
          ? [`there was no processor to spare, allowed are ${percent(maxBusyShare)}`]
          : []),
      ];
      return {
        verdict: missing.length === 0 ? 'valid' : 'unknown',
        summary:
          missing.length > 0
            ? `the machine was too slow for speed ${speed}: ${missing.join('; ')}${busy}`
            : `at speed ${speed} timers were at most ${ms(latestMs)} of lab time late${busy}`,
        figures: { speed, latestMs, lateP99Ms, busyShare, answerP50Ms },
        findings: [],
      };
    },
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
