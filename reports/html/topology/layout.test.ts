import { describe, expect, it } from 'vitest';
import { splitBrainSample } from '../../data/sample.ts';
import { type Box, layoutOf } from './layout.ts';
import { linesOf } from './lines.ts';
import { routeOf } from './route.ts';
import { largeScene } from './sample-scene.ts';
import { sceneOf } from './scene-of.ts';

const widths = [340, 700, 1180];
const scenes = {
  'a cluster of 30': largeScene(15),
  'a cluster of 6': largeScene(3),
  'a Sentinel group': sceneOf(splitBrainSample()),
};

describe.each(Object.entries(scenes))('%s', (_, scene) => {
  if (scene === null) throw new Error('expected a scene of the sample, got none');

  it.each(widths)('fits into %i px, and no two hosts overlap', (widthPx) => {
    const { hosts, height } = layoutOf(scene, widthPx);
    expect(hosts).toHaveLength(scene.places.length);
    for (const [i, host] of hosts.entries()) {
      expect(host.x).toBeGreaterThanOrEqual(0);
      expect(host.x + host.width).toBeLessThanOrEqual(widthPx);
      expect(host.y + host.height).toBeLessThanOrEqual(height);
      for (const part of host.parts) expect(contains(host, part)).toBe(true);
      expect(hosts.slice(i + 1).filter((other) => overlap(host, other))).toEqual([]);
    }
  });

  it.each(widths)('has no line through the box of another host at %i px', (widthPx) => {
    const layout = layoutOf(scene, widthPx);
    expect(scene.moments.some((moment) => linesOf(layout, moment).length > 0)).toBe(true);
    for (const moment of scene.moments) {
      const lines = linesOf(layout, moment);
      for (const [lane, { from, to, title }] of lines.entries()) {
        const points = routeOf(layout, from, to, lane % 8);
        const others = layout.hosts.filter((host) => host !== from.host && host !== to.host);
        const pieces = points.slice(1).map((point, i): Box => pieceOf(points[i] ?? point, point));
        const crossed = others.filter((host) => pieces.some((piece) => overlap(piece, host)));
        expect(crossed.map(({ place }) => `${title} crosses ${place.host}`)).toEqual([]);
      }
    }
  });
});

describe('layoutOf', () => {
  it('keeps a primary and its replica in one row', () => {
    const scene = largeScene(15);
    const { hosts } = layoutOf(scene, 1180);
    const rowOf = (name: string) =>
      hosts.find(({ parts }) => parts.some(({ part }) => part.name === name))?.row;
    for (const [name, { role, to }] of Object.entries(scene.moments[0]?.parts ?? {}))
      if (role === 'replica') expect([name, rowOf(name)]).toEqual([name, rowOf(to[0] ?? '')]);
  });
});

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function pieceOf([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]): Box {
  return { x: Math.min(x, toX), y: Math.min(y, toY), width: Math.abs(x - toX), height: Math.abs(y - toY) };
}
