import { SLOT_COUNT } from '../../../lab/common/key-slot.ts';
import { count, number, percent } from '../units.ts';

/**
 * Nodes are asked for their view at most so far apart (see slot-probe.ts). An outdated view looks like the present one
 * for as long, so that what lasted no longer is not certain to have been.
 */
export const certainFromMs = 300;

/** `0-5460 5462` as `slots 0–5460 and 5462`; of many ranges the first two. */
export function slotsText(slots: string): string {
  const ranges = slots.split(' ').map((range) => range.replace('-', '–'));
  const [first = '', second] = ranges;
  if (second === undefined) return `${first.includes('–') ? 'slots' : 'slot'} ${first}`;
  const rest = ranges.length - 2;
  return `slots ${rest === 0 ? `${first} and ${second}` : `${first}, ${second} and ${count(rest, 'more ranges')}`}`;
}

/** `5 461 slots, 33.3 % of all`; small shares are not told. */
export function amountText(slots: number): string {
  const share = slots / SLOT_COUNT;
  return `${count(slots, 'slots')}${share < 0.001 ? '' : `, ${percent(share)} of all`}`;
}

/** A share of slots that were served: not all of them is never 100 %. */
export function servedText(share: number): string {
  return percent(share < 1 ? Math.min(share, 0.999) : 1);
}

/** `a, b and c`; of many names the first few and how many others. */
export function namesText(names: readonly string[], most = 5): string {
  if (names.length > most + 1)
    return `${names.slice(0, most - 1).join(', ')} and ${number(names.length - most + 1)} others`;
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
