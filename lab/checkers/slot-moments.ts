import type { Observations, SlotView, SlotViews } from '../history/observations.ts';

/** What held from a time on until the next moment. */
export interface SlotMoment {
  at: number;
  /** Each node's latest view; it stays in force until the node's next one, or until its process ends. */
  views: ReadonlyMap<string, SlotView>;
  /** Who was down, paused or loading, and so holds no view at all. */
  away: ReadonlySet<string>;
}

/**
 * All nodes are asked at the same time and answer so far apart. Whatever changes within it is one moment: else the one that
 * answers first would for a moment stand against all the others.
 */
const ROUND_MS = 10;

interface Change {
  at: number;
  apply(): void;
}

/** Every time at which a view or a node's state changed, ascending. The map and the set are the same each time: read them at once. */
export function* slotMomentsOf({ roles, events }: Observations, slots: SlotViews): Generator<SlotMoment> {
  const views = new Map<string, SlotView>();
  const away = new Set<string>();
  const told = slots.views.map(
    (view): Change => ({ at: view.at, apply: () => void views.set(view.node, view) }),
  );
  const changes = roles.map(({ node, role, from }): Change => {
    const isAway = role === 'down' || role === 'paused' || role === 'loading';
    return { at: from, apply: () => void (isAway ? away.add(node) : away.delete(node)) };
  });
  // What a node knew before it ended says nothing of what it knows when it has started again.
  const ends = events.flatMap(({ at, kind, data }): Change[] =>
    kind === 'process' && data?.action === 'end'
      ? [{ at, apply: () => void views.delete(String(data.node)) }]
      : [],
  );
  const all = [...ends, ...changes, ...told].sort((a, b) => a.at - b.at);
  let began = Number.NEGATIVE_INFINITY;
  for (const [i, { at, apply }] of all.entries()) {
    if (at - began >= ROUND_MS) began = at;
    apply();
    if ((all[i + 1]?.at ?? Number.POSITIVE_INFINITY) - began >= ROUND_MS) yield { at: began, views, away };
  }
}
