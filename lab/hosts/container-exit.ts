import { constants } from 'node:os';
import type { ProcessExit } from './host.ts';

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** `SIGKILL` for 9. */
export function signalName(number: number): string {
  return signalNames.get(number) ?? `signal ${number}`;
}

/** Docker tells an end by a signal as a shell does: 128 + its number. */
export function containerExit(status: number): ProcessExit {
  const signal = status > 128 ? signalNames.get(status - 128) : undefined;
  return signal === undefined
    ? { code: status, signal: null }
    : { code: null, signal: signal as NodeJS.Signals };
}
