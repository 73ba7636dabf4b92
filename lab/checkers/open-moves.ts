import type { Observations } from '../history/observations.ts';
import { claimOf } from './slot-owners.ts';

/** A slot was on the move: its owner (MIGRATING) sent clients on for keys that it no longer had. */
export interface OpenMove {
  slot: number;
  /** Its owner, who said so. */
  source: string;
  /** The node that it was on the way to. */
  target: string;
  /** First and last seen so. */
  from: number;
  to: number;
}

/** Every slot that was on the move, as the nodes that gave it away said; empty without views. */
export function openMovesOf({ slots }: Observations): OpenMove[] {
  const moves: OpenMove[] = [];
  const open = new Map<string, OpenMove>();
  for (const view of slots?.views ?? []) {
    const moving = claimOf(view, slots?.members ?? [])?.moving.split(' ') ?? [];
    const seen = new Set<string>();
    for (const text of moving) {
      const [, slot, target] = /^(\d+)>(.+)$/.exec(text) ?? [];
      if (slot === undefined || target === undefined) continue;
      const id = `${view.node} ${text}`;
      seen.add(id);
      const known = open.get(id);
      if (known !== undefined) {
        known.to = view.at;
        continue;
      }
      const move = { slot: Number(slot), source: view.node, target, from: view.at, to: view.at };
      open.set(id, move);
      moves.push(move);
    }
    // What the node says no more has ended since it was asked before.
    for (const id of open.keys()) if (id.startsWith(`${view.node} `) && !seen.has(id)) open.delete(id);
  }
  return moves;
}
