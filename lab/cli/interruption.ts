import { monotonicMs } from '../common/clock.ts';

/** Signals that ask for an end, and what a shell shows for a program that ended by them: 128 + their number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type EndSignal = keyof typeof exitCodes;

/**
 * A Ctrl-C reaches us from the terminal and once more from a starter that passes it on (npm does). Two that come
 * closer together than any finger can press are one.
 */
const SAME_MS = 100;

/** Whether somebody wants an end, and how urgently. */
export interface Interruption extends Disposable {
  /** Aborted by the first signal; its reason is an Error that names it. */
  readonly signal: AbortSignal;
  /** 129, 130 or 143 once interrupted; null before. */
  exitCode(): number | null;
}

/** Listens to SIGINT, SIGTERM and SIGHUP until disposed of. `onAgain` is called at each one after the first. */
export function interruption(onAgain: () => void): Interruption {
  const abort = new AbortController();
  let first: EndSignal | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  const onSignal = (name: EndSignal) => {
    const now = monotonicMs();
    const isSame = now - lastMs < SAME_MS;
    lastMs = now;
    if (isSame) return;
    if (first !== null) return onAgain();
    first = name;
    abort.abort(new Error(`interrupted by ${name}`));
  };
  const names = Object.keys(exitCodes) as EndSignal[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: abort.signal,
    exitCode: () => (first === null ? null : exitCodes[first]),
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
