import { UsageError } from '../common/errors.ts';
import { SLOT_COUNT } from '../common/key-slot.ts';
import { withNearest } from '../common/nearest-name.ts';
import type { ClusterOptions } from './cluster-options.ts';

/** A run of slots, both ends included. */
export type SlotRun = readonly [from: number, to: number];

const WHO = 'cluster(): slots';

/** Which runs of slots each of these primaries owns at the start. UsageError on overlaps, holes and what is no slot. */
export function slotsAtStart(
  primaries: readonly string[],
  asked: ClusterOptions['slots'],
): ReadonlyMap<string, readonly SlotRun[]> {
  if (asked === undefined) return evenly(primaries);
  for (const name of Object.keys(asked)) {
    if (primaries.includes(name)) continue;
    throw new UsageError(withNearest(`${WHO}: there is no primary ${JSON.stringify(name)}`, name, primaries));
  }
  const runs = new Map(primaries.map((name) => [name, (asked[name] ?? []).map((one) => runOf(name, one))]));
  const poor = primaries.find((name) => runs.get(name)?.length === 0);
  if (poor !== undefined) throw new UsageError(`${WHO}: expected at least one slot for ${poor}, got none`);
  mustFit([...runs].flatMap(([name, own]) => own.map((run) => ({ name, run }))));
  return runs;
}

function evenly(primaries: readonly string[]): ReadonlyMap<string, readonly SlotRun[]> {
  const start = (index: number) => Math.round((index * SLOT_COUNT) / primaries.length);
  return new Map(primaries.map((name, i) => [name, [[start(i), start(i + 1) - 1]]]));
}

function runOf(name: string, asked: number | SlotRun): SlotRun {
  const [from, to] = typeof asked === 'number' ? [asked, asked] : asked;
  const isSlot = (value: number) => Number.isInteger(value) && value >= 0 && value < SLOT_COUNT;
  if (isSlot(from) && isSlot(to) && from <= to) return [from, to];
  const got = typeof asked === 'number' ? asked : `${from} to ${to}`;
  throw new UsageError(`${WHO}: ${name}: expected slots from 0 to ${SLOT_COUNT - 1}, got ${got}`);
}

/** Throws unless every slot is in exactly one run. */
function mustFit(all: readonly { name: string; run: SlotRun }[]): void {
  let next = 0;
  let before = '';
  for (const { name, run } of all.toSorted((a, b) => a.run[0] - b.run[0])) {
    const [from, to] = run;
    if (from > next) throw holes(next, from - 1);
    if (from < next) {
      const both = name === before ? `twice of ${name}` : `of ${before} and of ${name}`;
      throw new UsageError(`${WHO}: ${inWords(from, Math.min(to, next - 1))} ${both}; a slot has one owner`);
    }
    next = to + 1;
    before = name;
  }
  if (next < SLOT_COUNT) throw holes(next, SLOT_COUNT - 1);
}

function holes(from: number, to: number): UsageError {
  return new UsageError(`${WHO}: expected an owner for every slot, got none for ${inWords(from, to)}`);
}

function inWords(from: number, to: number): string {
  return from === to ? `slot ${from}` : `slots ${from} to ${to}`;
}
