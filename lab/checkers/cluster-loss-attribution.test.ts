import { describe, expect, test } from 'vitest';
import { slotOf } from '../common/key-slot.ts';
import type { NodeSample, Observations } from '../history/observations.ts';
import { clusterLossAttribution } from './cluster-loss-attribution.ts';
import {
  fault,
  handwritten,
  op,
  owner,
  promotion,
  replica,
  role,
  sample,
  slotViews,
  started,
} from './handwritten.ts';

/** Two shards: a with its replica d has the lower half, b with its replica e the upper one. */
const [a, b] = [owner('a', '0-8191', 1), owner('b', '8192-16383', 2)];
const [d, e] = [replica('d', 'a', 1), replica('e', 'b', 2)];
const whole = ['a', 'b', 'd', 'e'].map((node) => [10, node, [a, b, d, e]] as const);
const keyIn = (isWanted: (slot: number) => boolean) =>
  Array.from({ length: 99 }, (_, i) => `k${i}`).find((key) => isWanted(slotOf(key))) ?? '';
const [low, high] = [keyIn((slot) => slot < 8192), keyIn((slot) => slot >= 8192)];

/** d takes the lower half over at 600 ms. */
const dRules = [owner('a', '', 1, { flags: 'fail' }), b, owner('d', '0-8191', 3), e];
const failover = { slots: slotViews(...whole, [610, 'd', dRules]), events: [promotion('d', 600)] };
const crashed = [role('a', 'primary', 0, 300), role('a', 'down', 300, 1000), role('b', 'primary', 0, 1000)];
const alive = [role('a', 'primary', 0, 900), role('b', 'primary', 0, 1000)];

const causeOf = (
  lost: ReturnType<typeof op>,
  seen: Partial<Observations>,
  survivors: readonly ReturnType<typeof op>[] = [],
) => {
  const attribution = clusterLossAttribution(handwritten({ seen }).seen);
  for (const one of survivors) attribution?.survived(one);
  return attribution?.causeOf(lost);
};
const write = (key: string, at: number, node: string) => op('add', at, at, { key, node });

test('there is none without a cluster', () => {
  expect(clusterLossAttribution(handwritten({}).seen)).toBeNull();
});

describe('a promotion', () => {
  const seen = { ...failover, roles: crashed, faults: [fault(['a'], 300)] };

  test('explains what its shard’s primary had not replicated', () => {
    expect(causeOf(write(low, 299, 'a'), seen)).toBe('unreplicated');
    expect(causeOf(write(low, 200, 'a'), seen, [write(low, 250, 'a')])).toBe('unexplained');
  });

  test('explains nothing in another shard', () => {
    expect(causeOf(write(high, 299, 'b'), seen)).toBe('unexplained');
    expect(causeOf(write(high, 700, 'b'), seen)).toBe('unexplained');
  });

  test('of another shard’s survivors nothing follows', () => {
    expect(causeOf(write(low, 200, 'a'), seen, [write(high, 250, 'b')])).toBe('unreplicated');
  });
});

describe('a primary that was cut off and went on', () => {
  const seen = { ...failover, roles: alive, faults: [fault(['a'], 300)] };

  test('is a minority’s, from the fault on, before the promotion and after it', () => {
    expect(causeOf(write(low, 400, 'a'), seen)).toBe('minority-primary');
    expect(causeOf(write(low, 700, 'a'), seen)).toBe('minority-primary');
    expect(causeOf(write(low, 299, 'a'), seen)).toBe('unreplicated');
  });

  test('and is none when somebody ordered the promotion', () => {
    const order = {
      at: 590,
      source: 'd',
      kind: 'manual-failover',
      text: '',
      data: { step: 'accepted', forced: true },
    };
    const byHand = { ...seen, events: [...failover.events, order] };
    expect(causeOf(write(low, 400, 'a'), byHand)).toBe('unreplicated');
    const takeover = { ...promotion('d', 600), data: { by: 'takeover' } };
    expect(causeOf(write(low, 400, 'a'), { ...seen, events: [takeover] })).toBe('unreplicated');
  });
});

test('a replica that had lost its primary before the write was a stale one', () => {
  const link = (at: number, linkUp: boolean): NodeSample => ({
    ...sample(at, {}, 'd'),
    role: 'replica',
    linkUp,
  });
  const faults = [fault(['d→a'], 100), { ...fault(['a'], 300), id: 'kill-1' }];
  const stale = { ...failover, roles: crashed, faults, samples: [link(90, true), link(120, false)] };
  expect(causeOf(write(low, 200, 'a'), stale)).toBe('stale-replica');
  expect(causeOf(write(low, 110, 'a'), stale)).toBe('unreplicated');
  const caughtUp = { ...stale, samples: [...stale.samples, link(150, true), link(320, false)] };
  expect(causeOf(write(low, 299, 'a'), caughtUp)).toBe('unreplicated');
});

test('a replica whose connection hung was a stale one: its offset stood still while the primary’s went on', () => {
  const at = (node: string, ms: number, offset: number): NodeSample => ({
    ...sample(ms, {}, node),
    ...(node === 'd' ? { role: 'replica' as const, linkUp: true } : {}),
    offset,
  });
  const dies = 2000;
  const seen = (samples: NodeSample[]) => ({
    durationMs: 4000,
    slots: slotViews(...whole, [2610, 'd', dRules]),
    events: [promotion('d', 2600)],
    roles: [role('a', 'primary', 0, dies), role('a', 'down', dies, 4000)],
    faults: [fault(['a'], dies)],
    samples,
  });
  const primary = [500, 1000, 1500, 1990].map((ms) => at('a', ms, ms));
  const hung = [at('d', 490, 490), at('d', 600, 550), at('d', 1100, 550), at('d', 1980, 550)];
  const together = (own: NodeSample[]) => seen([...primary, ...own].sort((x, y) => x.at - y.at));
  expect(causeOf(write(low, 1200, 'a'), together(hung))).toBe('stale-replica');
  // Before it hung, and where it did so for a moment only.
  expect(causeOf(write(low, 590, 'a'), together(hung))).toBe('unreplicated');
  expect(causeOf(write(low, 1990, 'a'), together([...hung, at('d', 1985, 1800)]))).toBe('unreplicated');
  // Nothing was written that it could have heard of.
  const idle = seen([at('a', 500, 550), ...hung]);
  expect(causeOf(write(low, 1200, 'a'), idle)).toBe('unreplicated');
});

describe('a slot that moves', () => {
  const slot = slotOf(low);
  const rest = `${slot === 0 ? '' : `0-${slot - 1} `}${slot + 1}-8191`;
  const moved = [owner('a', rest, 1), owner('b', `${slot} 8192-16383`, 3), d, e];
  const seen = { slots: slotViews(...whole, [480, 'b', [a, b, d, e]], [510, 'b', moved], [510, 'a', moved]) };

  test('takes keys along, or not', () => {
    expect(causeOf(write(low, 200, 'a'), seen)).toBe('slot-moved');
    expect(causeOf(write(low, 600, 'a'), seen)).toBe('slot-moved');
  });

  test('explains nothing where the key’s older writes are there, nor in another slot', () => {
    expect(causeOf(write(low, 200, 'a'), seen, [write(low, 100, 'a')])).toBe('unexplained');
    const other = keyIn((one) => one < 8192 && one !== slot);
    expect(causeOf(write(other, 200, 'a'), seen)).toBe('unexplained');
  });
});

describe('a slot on the move whose owner is replaced', () => {
  const slot = slotOf(low);
  const giving = [owner('a', '0-8191', 1, { moving: `${slot}>b` }), b, d, e];
  const open = [300, 'a', giving] as const;
  const demoted = [610, 'a', [replica('a', 'd', 3), b, owner('d', '0-8191', 3), e]] as const;
  const promoted = [610, 'd', dRules] as const;
  const byHand = { at: 590, source: 'd', kind: 'manual-failover', text: '', data: { step: 'accepted' } };
  const events = [...failover.events, byHand];
  const seen = { slots: slotViews(...whole, open, promoted, demoted), events };

  test('leaves behind what was carried over, and what the target acknowledged', () => {
    expect(causeOf(write(low, 400, 'b'), seen)).toBe('open-move');
    expect(
      causeOf(write(low, 200, 'a'), seen, [
        write(
          keyIn((one) => one < 8192 && one !== slot),
          500,
          'a',
        ),
      ]),
    ).toBe('open-move');
  });

  test('explains nothing where an older write of the key survived, in another slot, or before the move was closed', () => {
    const later = write(
      keyIn((one) => one < 8192 && one !== slot),
      500,
      'a',
    );
    expect(causeOf(write(low, 200, 'a'), seen, [write(low, 100, 'a'), later])).toBe('unexplained');
    const other = keyIn((one) => one < 8192 && one !== slot);
    expect(causeOf(write(other, 200, 'a'), seen, [later])).toBe('unexplained');
    const closed = [400, 'a', [a, b, d, e]] as const;
    const before = { slots: slotViews(...whole, open, closed, promoted, demoted), events };
    expect(causeOf(write(low, 200, 'a'), before, [later])).toBe('unexplained');
  });
});

test('a primary that starts again with nothing wipes its own shard alone', () => {
  const seen = { slots: slotViews(...whole), events: [started('a', 400, 'lost')] };
  expect(causeOf(write(low, 300, 'a'), seen, [write(low, 500, 'a')])).toBe('wiped');
  expect(causeOf(write(high, 300, 'b'), seen, [write(high, 500, 'b')])).toBe('unexplained');
});
