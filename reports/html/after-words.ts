import type { CheckSpec } from '../../lab/checkers/checker.ts';
import { seconds } from './units.ts';

/** From when on a check counted, in words; null where it counted from the load's beginning. */
export function afterWords({ options }: CheckSpec): string | null {
  const { after } = options;
  if (typeof after === 'number') return `from ${seconds(after)} on`;
  return typeof after === 'string' ? `from the ${after} on` : null;
}
