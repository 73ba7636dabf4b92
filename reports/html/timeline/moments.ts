import type { Decision } from './decisions.ts';

/** Decisions so close to each other that one mark stands for them. */
export interface Moment {
  at: number;
  decisions: Decision[];
  /** The row of its mark, from 0. */
  row: number;
}

/** More rows would be a heap and no picture. */
const mostRows = 3;
/** Marks in one row are at least this share of the width apart, so that they do not touch on a narrow screen either. */
const apart = 0.055;
/** On a wide screen marks closer than this share of the width would cover each other. */
const closest = 0.012;

/** Gathers decisions into moments, and those into wider ones until their marks fit into three rows. */
export function momentsOf(decisions: readonly Decision[], durationMs: number): Moment[] {
  for (let widthMs = durationMs * closest; ; widthMs *= 1.4) {
    const moments = gathered(decisions, widthMs);
    const lastInRow: number[] = [];
    for (const moment of moments) {
      const free = lastInRow.findIndex((last) => moment.at - last >= durationMs * apart);
      moment.row = free === -1 ? lastInRow.length : free;
      lastInRow[moment.row] = moment.at;
    }
    if (lastInRow.length <= mostRows || !(widthMs > 0)) return moments;
  }
}

function gathered(decisions: readonly Decision[], widthMs: number): Moment[] {
  const moments: Moment[] = [];
  for (const decision of decisions) {
    const last = moments.at(-1);
    if (last !== undefined && decision.at - last.at <= widthMs) last.decisions.push(decision);
    else moments.push({ at: decision.at, decisions: [decision], row: 0 });
  }
  return moments;
}
