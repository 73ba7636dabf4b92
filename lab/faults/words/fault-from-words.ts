import { UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import type { Fault } from '../fault.ts';
import { flap } from '../flap.ts';
import { forms } from './forms.ts';
import { number } from './parameter.ts';

/** A fault that was asked for in words. */
export interface WordedFault {
  fault: Fault;
  /** There is nothing to heal, or it ends by itself. */
  endsItself: boolean;
}

/**
 * The fault that words ask for, spelled as in a scenario: its name, its targets in order, its options:
 * `['latency', 'clients', 'primary', '--latencyMs', '50']`. `flap` stands before another fault, with `--onMs` and
 * `--offMs`: `['flap', 'isolate', 'primary', '--onMs', '200', '--offMs', '300']`. Throws UsageError. Whether anybody is the
 * target is not looked at (see validate-aims.ts).
 */
export function faultFromWords([name = '', ...words]: readonly string[]): WordedFault {
  if (name === 'flap') return flapFromWords(words);
  const form = Object.entries(forms).find(([each]) => each === name)?.[1];
  if (form === undefined) {
    const known = [...Object.keys(forms), 'flap'];
    throw new UsageError(withNearest(`there is no fault ${JSON.stringify(name)}`, name, known));
  }
  return { fault: form.read(name, words), endsItself: form.endsItself };
}

/** Its own two options, wherever they stand; the other words are the fault that flaps. */
function flapFromWords(words: readonly string[]): WordedFault {
  const rest = [...words];
  const take = (option: string): number => {
    const index = rest.findIndex((word) => word === `--${option}` || word.startsWith(`--${option}=`));
    const [first = '', second = ''] = index < 0 ? [] : rest.splice(index, rest[index]?.includes('=') ? 1 : 2);
    const value = first.includes('=') ? first.slice(first.indexOf('=') + 1) : second;
    const ms = number().read(`flap: ${option}`, [value]);
    if (ms > 0) return ms;
    throw new UsageError(`flap: ${option}: expected a number above 0, got ${value}`);
  };
  const times = { onMs: take('onMs'), offMs: take('offMs') };
  const { fault, endsItself } = faultFromWords(rest);
  if (endsItself) throw new UsageError(`flap: expected a fault that can be healed, got ${rest[0]}`);
  return { fault: flap(fault, times), endsItself: false };
}
