import { UsageError } from '../common/errors.ts';
import { SLOT_COUNT, slotOf } from '../common/key-slot.ts';

/** Slots by number, by runs with both ends included, or as those of keys. */
export type SlotList = readonly (number | readonly [from: number, to: number] | { key: string })[];

/** Each of them once, ascending. UsageError where one is none. `who` begins the message. */
export function slotsIn(who: string, list: SlotList): number[] {
  const slots = list.flatMap((one) => {
    if (typeof one === 'number') return [one];
    if ('key' in one) return [slotOf(one.key)];
    const [from, to] = one;
    if (!(from <= to))
      throw new UsageError(`${who}: slots: expected a run from low to high, got ${from} to ${to}`);
    return Array.from({ length: Math.min(to, SLOT_COUNT) - from + 1 }, (_, i) => from + i);
  });
  const bad = slots.find((slot) => !Number.isInteger(slot) || slot < 0 || slot >= SLOT_COUNT);
  if (bad !== undefined) {
    throw new UsageError(`${who}: slots: expected numbers from 0 to ${SLOT_COUNT - 1}, got ${bad}`);
  }
  if (slots.length === 0) throw new UsageError(`${who}: slots: expected at least one, got none`);
  return [...new Set(slots)].sort((a, b) => a - b);
}

/** "slot 7", "12 slots (0 to 99)". */
export function slotsInWords(slots: readonly number[]): string {
  if (slots.length === 1) return `slot ${slots[0]}`;
  return `${slots.length} slots (${slots[0]} to ${slots.at(-1)})`;
}
