import { type HostBox, type Layout, measures, type PartBox } from './layout.ts';

/** A point in px. */
type Point = readonly [x: number, y: number];

/** Where a line begins or ends: a part of a host, or the host itself. */
export interface End {
  host: HostBox;
  part: PartBox | null;
}

const cornerPx = 6;

/** Two parts beside each other, between which a straight line fits. */
export function isBeside(a: End, b: End): boolean {
  return (
    a.host.row === b.host.row &&
    Math.abs(a.host.column - b.host.column) === 1 &&
    a.part !== null &&
    b.part !== null &&
    a.part.y === b.part.y
  );
}

/**
 * A line from one end to the other that crosses no box: straight to a neighbour, otherwise up (from a row above: down)
 * into the room over the rows, along its lane, down between two boxes where the target stands in another row, and into
 * the target from above; a part that is not the uppermost is reached along its box's left edge.
 */
export function routeOf(layout: Layout, from: End, to: End, lane: number): Point[] {
  if (isBeside(from, to)) return straight(from, to);
  if (from.host === to.host) return within(from, to);
  const { gap } = measures;
  const targetGutter = laneY(layout, to.host.row, lane);
  const points: Point[] = [...exitOf(layout, from, to, lane)];
  const enterX = entryX(to, lane);
  const last = points.at(-1) ?? [0, 0];
  const crossed = crossingX(layout, from, to, enterX, gap, lane);
  if (crossed !== null) points.push([crossed, last[1]], [crossed, targetGutter]);
  points.push([enterX, targetGutter]);
  return [...points, ...entryOf(to, enterX)];
}

/** The line as an SVG path with round corners. */
export function pathOf(points: readonly Point[]): string {
  const parts = points.map(([x, y], i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined) return `M${round(x)} ${round(y)}`;
    if (after === undefined) return `L${round(x)} ${round(y)}`;
    const a = towards([x, y], before);
    const b = towards([x, y], after);
    return `L${round(a[0])} ${round(a[1])}Q${round(x)} ${round(y)} ${round(b[0])} ${round(b[1])}`;
  });
  return parts.join('');
}

/** The middle of the line's longest piece, for a sign on it. */
export function middleOf(points: readonly Point[]): Point {
  const pieces = points.slice(1).map((point, i): [Point, Point] => [points[i] ?? point, point]);
  const length = ([a, b]: [Point, Point]) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
  const [a, b] = pieces.sort((one, other) => length(other) - length(one))[0] ?? [
    [0, 0],
    [0, 0],
  ];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function laneY({ gutters }: Layout, row: number, lane: number): number {
  const gutter = gutters[row] ?? { y: 0, height: 0 };
  return gutter.y + Math.min(gutter.height - 8, 5 + lane * measures.lane);
}

function straight(from: End, to: End): Point[] {
  const [a, b] = [from.part ?? from.host, to.part ?? to.host];
  const y = a.y + a.height / 2;
  return a.x < b.x
    ? [
        [a.x + a.width, y],
        [b.x - 2, y],
      ]
    : [
        [a.x, y],
        [b.x + b.width + 2, y],
      ];
}

/** Along the left edge of a box that holds both. */
function within(from: End, to: End): Point[] {
  const [a, b] = [from.part ?? from.host, to.part ?? to.host];
  const x = from.host.x + 4;
  return [
    [a.x, a.y + a.height / 2],
    [x, a.y + a.height / 2],
    [x, b.y + b.height / 2],
    [b.x - 1, b.y + b.height / 2],
  ];
}

/** Out of its box, to the lane in which the line goes on. */
function exitOf(layout: Layout, { host, part }: End, to: End, lane: number): Point[] {
  const goesDown = host.row < to.host.row;
  const y = laneY(layout, goesDown ? host.row + 1 : host.row, lane);
  const box = part ?? host;
  const x = part === null ? host.x + host.width - 10 : box.x + box.width / 2 + shift(lane);
  if (goesDown && (part === null || part === host.parts.at(-1)))
    return [
      [x, box.y + box.height],
      [x, y],
    ];
  if (!goesDown && (part === null || part.isTop))
    return [
      [x, box.y],
      [x, y],
    ];
  const edge = host.x + 4;
  return [
    [box.x, box.y + box.height / 2],
    [edge, box.y + box.height / 2],
    [edge, y],
  ];
}

function entryX({ host, part }: End, lane: number): number {
  if (part === null) return host.x + host.width - 16;
  return part.isTop ? part.x + part.width / 2 + shift(lane) : host.x + 4;
}

function entryOf({ host, part }: End, x: number): Point[] {
  if (part === null) return [[x, host.y - 2]];
  return part.isTop
    ? [[x, part.y - 1]]
    : [
        [x, part.y + part.height / 2],
        [part.x - 1, part.y + part.height / 2],
      ];
}

/** The x between two boxes at which a line passes the rows between its lane and its target; null where there are none. */
function crossingX(
  layout: Layout,
  from: End,
  to: End,
  enterX: number,
  gap: number,
  lane: number,
): number | null {
  const goesDown = from.host.row < to.host.row;
  const first = goesDown ? from.host.row + 1 : from.host.row;
  if (first === to.host.row) return null;
  const between = layout.hosts.filter(
    ({ row }) => row >= Math.min(first, to.host.row) && row < Math.max(first, to.host.row),
  );
  const free = (x: number) => between.every((box) => x < box.x - 2 || x > box.x + box.width + 2);
  const offset = (lane % 4) * 4 - 6;
  const candidates = [
    enterX,
    ...between.flatMap((box) => [box.x - gap / 2 + offset, box.x + box.width + gap / 2 + offset]),
  ].filter((x) => x > 1 && x < layout.width - 1);
  const open = candidates.filter(free);
  return open.sort((a, b) => Math.abs(a - enterX) - Math.abs(b - enterX))[0] ?? enterX;
}

/** Lines of several lanes end side by side, not on each other. */
function shift(lane: number): number {
  return ((lane % 5) - 2) * 9;
}

function towards([x, y]: Point, [toX, toY]: Point): Point {
  const [dx, dy] = [toX - x, toY - y];
  const length = Math.hypot(dx, dy) || 1;
  const step = Math.min(cornerPx, length / 2);
  return [x + (dx / length) * step, y + (dy / length) * step];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
