import { readFileSync } from 'node:fs';
import { monotonicMs } from '../common/clock.ts';
import { latencyHistogram } from '../history/latency-histogram.ts';
import type { Pace } from '../history/observations.ts';

/** Of the timer by which the lab looks at itself, in ms of real time. */
const EVERY_REAL_MS = 5;

/** Watches from now on how far the machine keeps up with a lab clock of this speed. */
export function paceProbe(speed: number): { answered(tookMs: number): void; end(): Pace } {
  const everyMs = EVERY_REAL_MS * speed;
  const late = latencyHistogram();
  const answers = latencyHistogram();
  const before = processorTicks();
  let due = monotonicMs() + everyMs;
  let timer = setTimeout(look, everyMs);
  function look() {
    const now = monotonicMs();
    late.add(Math.max(0, now - due));
    due = now + everyMs;
    timer = setTimeout(look, everyMs);
  }
  return {
    answered: (tookMs) => answers.add(tookMs),
    end() {
      clearTimeout(timer);
      const after = processorTicks();
      const all = after.all - before.all;
      return {
        speed,
        latestMs: late.max() ?? 0,
        lateP99Ms: late.quantile(0.99) ?? 0,
        busyShare: all > 0 ? 1 - (after.idle - before.idle) / all : null,
        answerP50Ms: answers.quantile(0.5),
      };
    },
  };
}

/** Time of all processors of the machine together, as proc(5) has it in /proc/stat; waiting for a disk is idle. */
function processorTicks(): { all: number; idle: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { all: user + nice + system + idle + wait + irq + softirq + steal, idle: idle + wait };
}
