import { sleep } from './clock.ts';
import { real } from './lab-speed.ts';

/** Longer than one function takes to compile, shorter than anybody notices. */
const COMPILING_MS = real(20);

/**
 * To be waited for before a process exits. Node joins V8's helper threads while it exits; one that compiles just then
 * and needs a garbage collection waits for the main thread for ever (nodejs/node#54918, Node 24). An idle main thread
 * still collects, and nothing new is compiled meanwhile. That makes the hang rarer; whoever waits for a process of the
 * lab ends it when it has said its last word and does not go.
 */
export function beforeExit(): Promise<void> {
  return sleep(COMPILING_MS);
}

/** How long a process that has said its last word may take to end before it is killed. */
export const EXIT_WITHIN_MS = real(1000);
