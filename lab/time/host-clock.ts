import { monotonicMs } from '../common/clock.ts';
import { real } from '../common/lab-speed.ts';
import { type ClockSettings, setClock } from './clock-file.ts';

/** The time of day on one host, which a fault can make lie. Its monotonic clock stays right, as a machine's does. */
export interface HostClock {
  /** Whether the time of day is right, and has been for a while: what was written down with it can be believed. */
  isRight(): boolean;
  /** Sets the time of day this many ms forward, or with a negative number back. */
  step(byMs: number): void;
  /** Lets the time of day go on so many times as fast from now on: 1 is right, 0 stands still. */
  drift(rate: number): void;
  /** Makes it right again, by one step. */
  mend(): void;
}

const NS_PER_MS = 1_000_000n;
const RIGHT_RATE = 1_000_000_000n;
/** What was written before it was mended has been read by then. */
const BELIEVED_AFTER_MS = 200;

/** The clock in a file that shows `right` at first. To be used by a process that is on the lab's clock itself. */
export function hostClock(file: string, right: ClockSettings): HostClock {
  let shown = right;
  let mendedMs = Number.NEGATIVE_INFINITY;
  const wallNs = ({ wallNs, sinceNs, rate }: ClockSettings, nowNs: bigint) =>
    wallNs + ((nowNs - sinceNs) * rate) / RIGHT_RATE;
  const set = (next: ClockSettings) => {
    shown = next;
    setClock(file, next);
  };
  const fromNow = (): ClockSettings => {
    const sinceNs = process.hrtime.bigint();
    return { ...shown, sinceNs, wallNs: wallNs(shown, sinceNs) };
  };
  return {
    isRight: () => shown === right && monotonicMs() - mendedMs > real(BELIEVED_AFTER_MS),
    step(byMs) {
      const now = fromNow();
      set({ ...now, wallNs: now.wallNs + BigInt(Math.round(byMs)) * NS_PER_MS });
    },
    drift: (rate) => set({ ...fromNow(), rate: BigInt(Math.round(rate * Number(RIGHT_RATE))) }),
    mend() {
      set(right);
      mendedMs = monotonicMs();
    },
  };
}
