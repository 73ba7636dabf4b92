import { visible } from '../markup.ts';
import type { Part, Place, Scene } from './scene.ts';

/** A rectangle in px. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PartBox extends Box {
  part: Part;
  /** Nothing stands between it and the upper edge of its host's box. */
  isTop: boolean;
}

export interface HostBox extends Box {
  place: Place;
  /** Its row and column, from 0. */
  row: number;
  column: number;
  parts: readonly PartBox[];
}

export interface Layout {
  width: number;
  height: number;
  hosts: readonly HostBox[];
  /** Above each row: where the room for lines begins, and how high it is. */
  gutters: readonly { y: number; height: number }[];
}

/** Measures of the drawing, in px. */
export const measures = { gap: 20, pad: 9, partHeight: 36, partGap: 4, labelHeight: 20, lane: 6 } as const;

/** Room for the outlines of the outermost boxes. */
const edge = 2;
const leastWidth = 124;
const mostWidth = 216;
/** Width of a character of the two lines of a part, on average: 12 px bold and 11 px (style.css.ts). */
const [nameCharPx, textCharPx] = [7.2, 5.6];
/** The same lines' em; bold signs are wider. */
const [nameEmPx, textEmPx] = [13.2, 11];

/**
 * Hosts in rows: clients above, then the application, then Redis, then databases, as many beside each other as the
 * width allows. The same for every moment of a scene, so that nothing moves but what changed. `lanesOf` says how many
 * lines run in the room above a row.
 */
export function layoutOf(scene: Scene, widthPx: number, lanesOf: (row: number) => number = () => 4): Layout {
  const { gap, pad, labelHeight, partHeight, partGap } = measures;
  const most = Math.max(1, Math.floor((widthPx + gap) / (leastWidth + gap)));
  const wanted = Math.min(mostWidth, Math.max(leastWidth, widestText(scene) + 2 * pad + 14));
  const fit = Math.max(Math.min(2, most), Math.floor((widthPx + gap) / (wanted + gap)));
  const rows = tiersOf(scene).flatMap((tier) => rowsOf(tier, fit, shardSizeOf(scene)));
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const width = Math.min(mostWidth, (widthPx - 2 * edge - gap * (columns - 1)) / columns);
  const hosts: HostBox[] = [];
  const gutters: { y: number; height: number }[] = [];
  let y = 0;
  for (const [row, places] of rows.entries()) {
    const gutter = 12 + lanesOf(row) * measures.lane;
    gutters.push({ y, height: gutter });
    y += gutter;
    const height = Math.max(
      ...places.map(({ parts }) => parts.length * (partHeight + partGap) + pad + labelHeight),
    );
    const total = places.length * width + (places.length - 1) * gap;
    for (const [column, place] of places.entries()) {
      const x = Math.round((widthPx - total) / 2 + column * (width + gap));
      const parts = place.parts.map((part, i) => ({
        part,
        isTop: i === 0,
        x: x + pad,
        y: y + pad + i * (partHeight + partGap),
        width: width - 2 * pad,
        height: partHeight,
      }));
      hosts.push({ place, row, column, x, y, width, height, parts });
    }
    y += height;
  }
  return { width: widthPx, height: y + 4, hosts, gutters };
}

function tiersOf({ places, moments }: Scene): Place[][] {
  const has = (place: Place, kind: Part['kind']) => place.parts.some((part) => part.kind === kind);
  const tierOf = (place: Place) =>
    has(place, 'redis') || has(place, 'sentinel')
      ? 2
      : has(place, 'app')
        ? 1
        : has(place, 'postgres')
          ? 3
          : 0;
  // A replica stands beside its primary, a zone's hosts beside each other.
  const first = moments[0]?.parts ?? {};
  const home = (place: Place) => {
    const node = place.parts.find(({ kind }) => kind === 'redis')?.name ?? '';
    const primary = first[node]?.to[0] ?? node;
    return places.findIndex(({ parts }) => parts.some(({ name }) => name === primary));
  };
  const isOfShards = places.length > 4;
  return [0, 1, 2, 3]
    .map((tier) => places.filter((place) => tierOf(place) === tier))
    .filter((tier) => tier.length > 0)
    .map((tier) =>
      tier.toSorted(
        (a, b) => (a.zone ?? '').localeCompare(b.zone ?? '') || (isOfShards ? home(a) - home(b) : 0),
      ),
    );
}

/** As even as can be, and without a shard in two rows where that is possible. */
function rowsOf(tier: readonly Place[], fit: number, shardSize: number): Place[][] {
  const unit = shardSize <= fit && tier.length % shardSize === 0 ? shardSize : 1;
  const units = tier.length / unit;
  const count = Math.ceil(units / Math.floor(fit / unit));
  const each = Math.ceil(units / count) * unit;
  return Array.from({ length: Math.ceil(tier.length / each) }, (_, i) =>
    tier.slice(i * each, (i + 1) * each),
  );
}

/** A primary with its replicas, when the load began; 1 where there is nobody to follow. */
function shardSizeOf({ moments }: Scene): number {
  const followed = Object.values(moments[0]?.parts ?? {}).flatMap(({ role, to }) =>
    role === 'replica' ? to : [],
  );
  return 1 + Math.max(0, ...[...Map.groupBy(followed, (name) => name).values()].map((all) => all.length));
}

function widestText({ places, moments }: Scene): number {
  const names = places.flatMap(({ parts }) => parts.map(({ name }) => name.length * nameCharPx));
  const texts = moments.flatMap(({ parts }) =>
    Object.values(parts).map(({ text }) => drawnText(text).length * textCharPx),
  );
  return Math.max(0, ...names, ...texts);
}

/** As much of a text as fits into a width, with an ellipsis where something is left out. */
export function fitting(text: string, widthPx: number, kind: 'name' | 'text'): string {
  const signs = [...visible(text)];
  const emPx = kind === 'name' ? nameEmPx : textEmPx;
  let left = widthPx;
  const most = signs.findIndex((sign) => {
    left -= emsOf(sign) * emPx;
    return left < 0;
  });
  return most < 0 ? signs.join('') : `${signs.slice(0, Math.max(1, most - 1)).join('')}…`;
}

/** How wide a sign is in a sans-serif font of the wider kind. */
function emsOf(sign: string): number {
  if (/[fijlrtI .,:;'|!/()[\]·-]/.test(sign)) return 0.36;
  if (/[mwMW@%<>=+~→]/.test(sign)) return 0.87;
  return /[a-z]/.test(sign) ? 0.61 : sign < '\u0250' ? 0.67 : 1.1;
}

/** A state's text where an arrow says what clients do: `→ redis-1, 200/s`. */
export function drawnText(text: string): string {
  return text.replace(/^(writes to|uses) /, '→ ').replace(/^reads from /, 'reads ');
}
