import type { SlotMember, SlotView, SlotViews } from '../history/observations.ts';

/** Keeps views in little space: what is said of a node once, and a node's view only where it differs from its last. */
export interface SlotViewLog {
  /** Its process ended: the view that it has when it starts again counts anew, even if it is the same. */
  ended(node: string): void;
  told(view: Omit<SlotView, 'members'> & { members: readonly SlotMember[] }): void;
  /** Views up to a time; null where there never was one. */
  all(untilMs: number): SlotViews | null;
}

export function slotViewLog(): SlotViewLog {
  const members: SlotMember[] = [];
  const places = new Map<string, number>();
  const views: SlotView[] = [];
  const last = new Map<string, string>();
  const placeOf = (member: SlotMember): number => {
    const text = Object.values(member).join('\n');
    let place = places.get(text);
    if (place === undefined) {
      place = members.push(member) - 1;
      places.set(text, place);
    }
    return place;
  };
  return {
    ended: (node) => void last.delete(node),
    told({ at, node, state, epoch, members: told }) {
      const view: SlotView = { at, node, state, epoch, members: told.map(placeOf) };
      const text = `${state} ${epoch} ${view.members.join()}`;
      if (last.get(node) === text) return;
      last.set(node, text);
      views.push(view);
    },
    all(untilMs) {
      if (views.length === 0) return null;
      return { members, views: views.filter(({ at }) => at <= untilMs).toSorted((a, b) => a.at - b.at) };
    },
  };
}
