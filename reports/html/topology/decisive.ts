import type { RunDocument } from '../../data/run-document.ts';
import { namesText } from '../slots/slot-words.ts';
import { isInForce } from './broken-links.ts';
import type { Held } from './moment-words.ts';

/** A moment with those nodes of one system that take themselves for its primary at once. */
export interface Candidate extends Held {
  rivals: readonly (readonly string[])[];
}

const most = 6;

/**
 * The places of the few moments that tell the story, and why: before the first fault, each fault once it is in force,
 * the worst rivalry (most primaries, with clients on most of them), promotions, the heal, and the end.
 */
export function decisiveOf(
  { seen }: RunDocument,
  moments: readonly Candidate[],
): ReadonlyMap<number, string> {
  const faults = seen.faults.toSorted((a, b) => a.injectedAt - b.injectedAt);
  const inForce = faults.map(
    (fault): Why => [moments.findIndex(({ at }) => isInForce(fault, at)), `${fault.name} in force`],
  );
  const firstFault = inForce.find(([place]) => place >= 0)?.[0] ?? -1;
  const rivalry = moments.map(rivalryOf);
  const worst = Math.max(0, ...rivalry);
  const rivals = rivalry.indexOf(worst);
  const promoted = moments.flatMap(({ parts, states }, i): Why[] => {
    const names = parts.flatMap(({ name }) =>
      i > 0 && states[name]?.role === 'primary' && moments[i - 1]?.states[name]?.role !== 'primary'
        ? [name]
        : [],
    );
    return names.length === 0
      ? []
      : [[i, `${namesText(names)} ${names.length === 1 ? 'is a primary' : 'are primaries'} now`]];
  });
  const isHealed = ({ at }: Candidate) => !faults.some((fault) => isInForce(fault, at));
  const wanted: Why[] = [
    [firstFault > 0 ? firstFault - 1 : 0, firstFault >= 0 ? 'before the fault' : 'at the beginning'],
    ...inForce.slice(0, 1),
    [worst > 0 ? rivals : -1, `${countWord(moments[rivals])} at once`],
    [moments.length - 1, 'from then on'],
    ...promoted.slice(0, 1),
    [firstFault < 0 ? -1 : moments.findIndex((one, i) => i > firstFault && isHealed(one)), 'healed'],
    ...inForce.slice(1),
    ...promoted.slice(1),
  ];
  const chosen = new Map<number, string>();
  for (const [place, why] of wanted)
    if (place >= 0 && !chosen.has(place) && chosen.size < most) chosen.set(place, why);
  return chosen;
}

type Why = [place: number, why: string];

function countWord(moment: Candidate | undefined): string {
  const n = Math.max(0, ...(moment?.rivals ?? []).map((one) => one.length));
  return n === 2 ? 'two primaries' : `${n} primaries`;
}

function rivalryOf({ rivals, parts, states }: Candidate): number {
  const answering = new Set(
    parts.flatMap(({ name, kind }) => (kind === 'clients' ? (states[name]?.to ?? []) : [])),
  );
  const nodes = rivals.flat();
  return nodes.length * 10 + nodes.filter((node) => answering.has(node)).length;
}
