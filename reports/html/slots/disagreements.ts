import type { SlotOwnership } from '../../../lab/run/record.ts';
import { count, seconds } from '../units.ts';
import { amountText, certainFromMs, namesText, slotsText } from './slot-words.ts';

type Group = SlotOwnership['groups'][number];
type Belief = Group['beliefs'][number];

/** A time in which the nodes that ran did not agree on who owns some slots. */
export interface Disagreement {
  from: number;
  to: number;
  group: Group;
  /** In a few words: who claimed or served them beside whom. */
  title: string;
  /** One sentence that says who was of which mind, and what came of it. */
  sentence: string;
}

/** Courses of minds that the sentence tells; the table has them all. */
const told = 5;

/** All of them, by time. */
export function disagreementsOf({ groups }: SlotOwnership): Disagreement[] {
  return groups
    .flatMap((group) => disputesOf(group.beliefs).map((beliefs) => disagreement(group, beliefs)))
    .sort((a, b) => a.from - b.from || b.group.count - a.group.count);
}

/** Beliefs that follow each other without anybody agreeing in between. */
function disputesOf(beliefs: readonly Belief[]): Belief[][] {
  const disputes: Belief[][] = [];
  let open: Belief[] | null = null;
  for (const belief of beliefs) {
    if (belief.owners.length < 2) {
      open = null;
      continue;
    }
    if (open === null) {
      open = [];
      disputes.push(open);
    }
    open.push(belief);
  }
  return disputes;
}

function disagreement(group: Group, beliefs: readonly Belief[]): Disagreement {
  const from = beliefs[0]?.from ?? 0;
  const to = beliefs.at(-1)?.to ?? from;
  const courses = coursesOf(beliefs);
  const claimants = courses.filter(isClaimant).length;
  const slots = slotsText(group.slots);
  const doubles = group.doubles.filter((one) => one.from < to && one.to > from);
  const servedMs = doubles.reduce((sum, one) => sum + one.to - one.from, 0);
  const title =
    servedMs > certainFromMs
      ? `Two nodes served ${slots} at once`
      : claimants > 1
        ? `Two nodes claimed ${slots}`
        : `Not all nodes named the same owner of ${slots}`;
  const when = `From ${seconds(from)} to ${seconds(to)}, for ${seconds(to - from)} (${amountText(group.count)})`;
  return {
    from,
    to,
    group,
    title,
    sentence: `${when}: ${mindsText(courses)}. ${served(servedMs, claimants)}`,
  };
}

/** Nodes that were of the same minds one after another; one that named itself is alone in its course. */
interface Course {
  nodes: readonly string[];
  owners: readonly (string | null)[];
}

function isClaimant({ nodes, owners }: Course): boolean {
  return nodes.length === 1 && owners.some((owner) => owner === nodes[0]);
}

function coursesOf(beliefs: readonly Belief[]): Course[] {
  const minds = new Map<string, (string | null)[]>();
  for (const { owners } of beliefs)
    for (const { owner, by } of owners)
      for (const node of by) {
        const mind = minds.get(node) ?? [];
        if (mind.at(-1) !== owner || mind.length === 0) mind.push(owner);
        minds.set(node, mind);
      }
  const alike = Map.groupBy(minds, ([node, mind]) => (mind.includes(node) ? node : JSON.stringify(mind)));
  const courses = [...alike.values()].map(
    (all): Course => ({ nodes: all.map(([node]) => node).sort(), owners: all[0]?.[1] ?? [] }),
  );
  return courses.sort(
    (a, b) => Number(isClaimant(b)) - Number(isClaimant(a)) || b.nodes.length - a.nodes.length,
  );
}

function mindsText(courses: readonly Course[]): string {
  const others = courses.slice(told).reduce((sum, { nodes }) => sum + nodes.length, 0);
  const texts = courses.slice(0, told).map(mindText);
  return [
    ...texts,
    ...(others === 0 ? [] : [`${count(others, 'more nodes')} named these in another order`]),
  ].join('; ');
}

function mindText({ nodes, owners }: Course): string {
  const own = nodes.length === 1 ? nodes[0] : undefined;
  const [first, ...later] = owners.map((owner) =>
    owner === null ? 'nobody' : owner === own ? 'itself' : owner,
  );
  const begin = first === 'itself' ? 'took itself for the owner' : `named ${first}`;
  const then = later.map((owner, i) => `, then ${i === 0 && first === 'itself' ? 'named ' : ''}${owner}`);
  return `${namesText(nodes)} ${begin}${then.join('')}`;
}

function served(servedMs: number, claimants: number): string {
  if (servedMs > certainFromMs)
    return `For ${seconds(servedMs)} of it two of them served these slots, each without the other’s writes.`;
  if (servedMs > 0)
    return `For at most ${seconds(servedMs)} of it two of them may have served these slots, each without the other’s writes.`;
  return claimants > 1
    ? 'No two of them served these slots at once: a node that takes its cluster for down refuses.'
    : 'Until all had heard, a client could be sent to the wrong node.';
}

/** `redis-1, all agreed` or `redis-1, says redis-1; redis-4, says redis-2, redis-3`. */
export function beliefText({ owners }: Belief): string {
  if (owners.length === 0) return 'nobody ran';
  return owners
    .map(
      ({ owner, by }) =>
        `${owner ?? 'nobody'}${by.length === 0 ? ', all agreed' : `, says ${by.join(', ')}`}`,
    )
    .join('; ');
}
