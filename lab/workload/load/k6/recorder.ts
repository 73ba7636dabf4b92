import { sleep } from 'k6';
import exec from 'k6/execution';
import type { UserOperation } from '../../../history/application.ts';
import { plannedUsers } from '../k6-options.ts';
import { config } from './config.ts';
import { labUnixMs, labUs, realMs } from './lab-time.ts';
import type { Fate } from './outcome.ts';

/**
 * What one virtual user observed, on its way to the load's process: lines on k6's standard output that begin with
 * `~`, the user's number and a mark (`+` it has begun, `=` rows, `-` it has ended), then rows in lines that begin with
 * a tab.
 */
const rowsHeld = 100;
const heldForUs = 100_000;
/** Whoever pauses for longer hands its rows over before. */
const shortPauseMs = 20;
const sliceMs = 100;

// The getter of exec.instance makes a new object each time, which costs as much as half a request.
let instance: typeof exec.instance | undefined;
let planned = Number.POSITIVE_INFINITY;
let user = 0;
let rows: string[] = [];
let oldest = 0;
let inside = false;

/** Whether the load is being stopped. k6 has no signal for it, but a number that only the lab makes grow. */
export function stopping(): boolean {
  return instance !== undefined && instance.vusInitialized > planned;
}

/** Microseconds of the lab's time since k6 began, on the monotonic clock. */
export function now(): number {
  return config.record && instance !== undefined ? labUs(instance.currentTestRunDuration) : 0;
}

/** The virtual user's number, from 1 on, unique in its load. */
export function userNumber(): number {
  if (user === 0) user = exec.vu.idInTest;
  return user;
}

/** Begins an iteration; false when there is to be none. `open`: an arrival rate, which k6 paces. */
export function enter(open: boolean): boolean {
  if (instance === undefined) {
    instance = exec.instance;
    planned = plannedUsers(config.workload);
    userNumber();
  }
  if (stopping()) {
    if (inside) out();
    if (!open) sleep(realMs(sliceMs) / 1000);
    return false;
  }
  if (!inside && config.record) console.log(`~${user}+`);
  inside = true;
  return true;
}

/** Ends an iteration. `holds`: rows may wait for the next one. */
export function leave(holds: boolean): void {
  if (!holds || stopping()) out();
}

/** Records an operation; times from `now`. */
export function row(
  f: UserOperation,
  key: string,
  value: number | null,
  invoked: number,
  completed: number,
  node: string | null,
  fate: Fate,
): void {
  if (!config.record) return;
  if (rows.length === 0) oldest = invoked;
  const { outcome, error } = fate;
  const text = `\t${f}\t${key}\t${value ?? ''}\t${invoked}\t${completed}\t${outcome}\t${node ?? ''}`;
  // Not one growing text: each addition to it would copy all of it.
  rows.push(error === null ? text : `${text}\t${error}`);
  if (rows.length >= rowsHeld || completed - oldest > heldForUs) flush();
}

/** Pauses for about `thinkMs`, or until the load is stopped; false when it is. */
export function think(thinkMs: number, random: () => number): boolean {
  if (thinkMs === 0) return !stopping();
  let leftMs = thinkMs * (0.5 + random());
  if (leftMs >= shortPauseMs) flush();
  while (leftMs > 0 && !stopping()) {
    sleep(realMs(Math.min(leftMs, sliceMs)) / 1000);
    leftMs -= sliceMs;
  }
  return !stopping();
}

function flush(): void {
  if (rows.length === 0) return;
  console.log(`~${user}=\n${rows.join('\n')}`);
  rows = [];
}

function out(): void {
  if (config.record) console.log(`~${user}-\n${rows.join('\n')}`);
  rows = [];
  inside = false;
}

/**
 * Tells the load's process what k6's clock shows at what time of day, both in the lab's time: it waits for the beginning of a millisecond,
 * so that both are known to a few microseconds. Then there is nothing to do until the load is stopped.
 */
export function tellTime(): void {
  const { instance } = exec;
  for (let told = 0; told < 5; ) {
    // Taken before the reading of the wall clock that was still the old one.
    let before = instance.currentTestRunDuration;
    const from = Date.now();
    for (;;) {
      const next = instance.currentTestRunDuration;
      const wallMs = Date.now();
      const at = instance.currentTestRunDuration;
      if (wallMs !== from) {
        // Whoever was interrupted meanwhile knows nothing.
        if (at - before < 0.1) {
          console.log(`~T${labUnixMs(wallMs)} ${labUs(at)}`);
          told++;
        }
        break;
      }
      before = next;
    }
  }
}
