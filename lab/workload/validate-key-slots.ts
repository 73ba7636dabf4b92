import { UsageError } from '../common/errors.ts';
import { SLOT_COUNT, slotOf } from '../common/key-slot.ts';
import { withNearest } from '../common/nearest-name.ts';

const forms = ['tag', 'ranges', 'slotOfKey'];

/**
 * Checks where a workload called `name` with so many `keys` says that they lie; `where` begins every message.
 * Throws UsageError, also when a key's slot is another one than stated.
 */
export function validateKeySlots(value: unknown, name: string, keys: number, where: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(where, `an object with one of ${forms.join(', ')}`, value);
  const given = value as Record<string, unknown>;
  const known = [...forms, 'slot'];
  for (const field of Object.keys(given))
    if (!known.includes(field))
      throw new UsageError(withNearest(`${where}: unknown field "${field}"`, field, known));
  const [form, second] = forms.filter((one) => given[one] !== undefined);
  if (form === undefined || second !== undefined) fail(where, `one of ${forms.join(', ')}`, given);
  if (given.slot !== undefined && form !== 'tag')
    fail(`${where}.slot`, 'none, except beside tag', given.slot);
  if (form === 'tag') validateTag(given, name, where);
  else if (form === 'ranges') validateRanges(given.ranges, `${where}.ranges`);
  else validateSlotOfKey(given.slotOfKey, name, keys, `${where}.slotOfKey`);
}

function validateTag({ tag, slot }: Record<string, unknown>, name: string, where: string): void {
  if (typeof tag !== 'string' || tag === '' || /[{}]/.test(tag))
    fail(`${where}.tag`, 'a text without braces that is not empty', tag);
  if (slot === undefined) return;
  if (!isSlot(slot)) fail(`${where}.slot`, aSlot, slot);
  requireSlot(`${name}:{${tag}}:0`, slot, `${where}.slot`);
}

function validateRanges(value: unknown, where: string): void {
  if (!Array.isArray(value) || value.length === 0) fail(where, 'a list of [from, to]', value);
  const ranges = (value as unknown[]).map((range) => {
    const [from, to, ...more]: unknown[] = Array.isArray(range) ? range : [];
    if (!isSlot(from) || !isSlot(to) || from > to || more.length > 0)
      fail(where, `[from, to], both ${aSlot}`, range);
    return [from, to] as const;
  });
  ranges.sort(([a], [b]) => a - b);
  for (const [i, [from, to]] of ranges.entries()) {
    const before = ranges[i - 1];
    if (before !== undefined && before[1] >= from)
      throw new UsageError(`${where}: ${before[0]}-${before[1]} and ${from}-${to} overlap`);
  }
}

function validateSlotOfKey(value: unknown, name: string, keys: number, where: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(where, 'an object of slots by key', value);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length !== keys)
    throw new UsageError(`${where}: expected as many keys as \`keys\` says (${keys}), got ${entries.length}`);
  for (const [key, slot] of entries) {
    if (!key.startsWith(`${name}:`)) fail(where, `keys that begin with "${name}:"`, key);
    if (!isSlot(slot)) fail(`${where}["${key}"]`, aSlot, slot);
    requireSlot(key, slot, where);
  }
}

function requireSlot(key: string, stated: number, where: string): void {
  const slot = slotOf(key);
  if (slot !== stated)
    throw new UsageError(`${where}: the key "${key}" is in slot ${slot}, not in slot ${stated}`);
}

const aSlot = `a slot from 0 to ${SLOT_COUNT - 1}`;

function isSlot(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < SLOT_COUNT;
}

function fail(where: string, expected: string, got: unknown): never {
  throw new UsageError(
    `${where}: expected ${expected}, got ${got === undefined ? 'nothing' : JSON.stringify(got)}`,
  );
}
