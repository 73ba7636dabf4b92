import type { Observations, SlotMember, SlotView, SlotViews } from '../history/observations.ts';
import { slotMomentsOf } from './slot-moments.ts';
import { placesOfMembers, type SlotSegment } from './slot-segments.ts';

/** From when to when the running nodes were of these minds about the owner of some slots. */
export interface SlotBelief {
  from: number;
  to: number;
  /** One with an empty `by` where all of them agreed. By name; null (nobody) is last. */
  owners: readonly { owner: string | null; by: readonly string[] }[];
}

/** Nobody, and what comes behind every name. */
const NOBODY = '\uffff';

/**
 * For each segment who owned it according to whom: of the nodes that ran, each by its latest view. While all agree
 * one belief lasts, whoever comes or goes.
 */
export function slotBeliefsOf(
  seen: Observations,
  slots: SlotViews,
  segments: readonly SlotSegment[],
): SlotBelief[][] {
  const ownersOf = ownersByView(slots.members, segments);
  const courses = segments.map(() => beliefCourse());
  let before = '';
  for (const { at, views, away } of slotMomentsOf(seen, slots)) {
    const minds = [...views]
      .filter(([node]) => !away.has(node))
      .map(([node, view]) => ({ node, ...ownersOf(view) }))
      .sort((a, b) => (a.node < b.node ? -1 : 1));
    // Most changes are of epochs and flags.
    const now = minds.map(({ node, id }) => `${node} ${id}`).join();
    if (now === before) continue;
    before = now;
    for (let place = 0; place < segments.length; place++) {
      const owners = mindsAbout(place, minds);
      courses[place]?.change(at, owners);
    }
  }
  return courses.map((course) => course.close(seen.durationMs));
}

/** One belief after another about the same slots. */
function beliefCourse() {
  const past: { text: string; from: number; owners: SlotBelief['owners'] }[] = [];
  return {
    change(at: number, owners: SlotBelief['owners']) {
      const text = owners.map(({ owner, by }) => `${owner}:${by.join()}`).join(' ');
      if (past.at(-1)?.text !== text) past.push({ text, from: at, owners });
    },
    close: (endMs: number): SlotBelief[] =>
      past
        .map(({ from, owners }, i) => ({ from, to: past[i + 1]?.from ?? endMs, owners }))
        .filter(({ from, to }) => from < to),
  };
}

function mindsAbout(
  place: number,
  minds: readonly { node: string; owners: readonly string[] }[],
): SlotBelief['owners'] {
  const byOwner = new Map<string, string[]>();
  for (const { node, owners } of minds) {
    const owner = owners[place] ?? NOBODY;
    const by = byOwner.get(owner);
    if (by === undefined) byOwner.set(owner, [node]);
    else by.push(node);
  }
  return [...byOwner]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([owner, by]) => ({ owner: owner === NOBODY ? null : owner, by: byOwner.size === 1 ? [] : by }));
}

/** Each view's owners by segment, with an id that equal ones share. */
function ownersByView(members: readonly SlotMember[], segments: readonly SlotSegment[]) {
  const placesOf = placesOfMembers(members, segments);
  const ids = new Map<string, { id: number; owners: readonly string[] }>();
  return (view: SlotView) => {
    const claims = view.members.filter((index) => (placesOf[index]?.length ?? 0) > 0);
    const text = claims.map((index) => `${members[index]?.node} ${members[index]?.slots}`).join();
    let known = ids.get(text);
    if (known === undefined) {
      const owners = new Array<string>(segments.length).fill(NOBODY);
      for (const index of claims)
        for (const place of placesOf[index] ?? []) owners[place] = members[index]?.node ?? NOBODY;
      known = { id: ids.size, owners };
      ids.set(text, known);
    }
    return known;
  };
}
