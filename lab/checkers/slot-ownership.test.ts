import { expect, test } from 'vitest';
import { type Handwritten, handwritten, owner, replica, role, slotViews } from './handwritten.ts';
import { slotOwnershipOf } from './slot-ownership.ts';

const ownership = (seen: NonNullable<Handwritten['seen']>) => {
  const found = slotOwnershipOf(handwritten({ seen }).seen);
  if (found === null) throw new Error('no ownership');
  return found;
};

const [a, b, c] = [owner('a', '0-5460', 1), owner('b', '5461-10922', 2), owner('c', '10923-16383', 3)];
const all = [a, b, c, replica('d', 'a', 1)];
const whole = ['a', 'b', 'c', 'd'].map((node, i) => [10 + i, node, all] as const);
const roles = ['a', 'b', 'c', 'd'].map((node) => role(node, node === 'd' ? 'replica' : 'primary', 0, 1000));
const seen = { nodes: ['a', 'b', 'c', 'd'], roles, loadWindow: { from: 100, to: 1000 } };
const agreed = (name: string | null) => [{ owner: name, by: [] }];

test('where nobody ever disagreed, slots of one owner are one group with one belief', () => {
  expect(ownership({ ...seen, slots: slotViews(...whole) })).toEqual({
    from: 13,
    coverage: [{ at: 13, share: 1 }],
    shards: [
      { shard: 'a', count: 5461, coverage: [{ at: 13, share: 1 }] },
      { shard: 'b', count: 5462, coverage: [{ at: 13, share: 1 }] },
      { shard: 'c', count: 5461, coverage: [{ at: 13, share: 1 }] },
    ],
    groups: [
      { slots: '0-5460', count: 5461, doubles: [], beliefs: [{ from: 13, to: 1000, owners: agreed('a') }] },
      {
        slots: '5461-10922',
        count: 5462,
        doubles: [],
        beliefs: [{ from: 13, to: 1000, owners: agreed('b') }],
      },
      {
        slots: '10923-16383',
        count: 5461,
        doubles: [],
        beliefs: [{ from: 13, to: 1000, owners: agreed('c') }],
      },
    ],
  });
});

/** d takes over from a, which hears of it last and serves until then. */
const taken = [owner('a', '', 1), b, c, owner('d', '0-5460', 4)];
const takenOver = slotViews(
  ...whole,
  [400, 'd', taken],
  [450, 'b', taken],
  [450, 'c', taken],
  [550, 'a', taken],
);

test('who was of which mind, until all agree again; and when two served the slots at once', () => {
  const [first, ...others] = ownership({ ...seen, slots: takenOver }).groups;
  expect(first).toEqual({
    slots: '0-5460',
    count: 5461,
    doubles: [{ from: 400, to: 550 }],
    beliefs: [
      { from: 13, to: 400, owners: agreed('a') },
      {
        from: 400,
        to: 450,
        owners: [
          { owner: 'a', by: ['a', 'b', 'c'] },
          { owner: 'd', by: ['d'] },
        ],
      },
      {
        from: 450,
        to: 550,
        owners: [
          { owner: 'a', by: ['a'] },
          { owner: 'd', by: ['b', 'c', 'd'] },
        ],
      },
      { from: 550, to: 1000, owners: agreed('d') },
    ],
  });
  expect(others.map(({ beliefs }) => beliefs.length)).toEqual([1, 1]);
});

test('who does not run is of no mind: it neither agrees nor disagrees', () => {
  const paused = [role('a', 'paused', 420, 1000), ...roles.slice(1)];
  const { groups } = ownership({ ...seen, roles: paused, slots: takenOver });
  expect(groups[0]?.beliefs.at(-1)).toEqual({ from: 450, to: 1000, owners: agreed('d') });
  expect(groups[0]?.doubles).toEqual([{ from: 400, to: 420 }]);
});

test('who starts again has no view until it tells one: what it knew before is nobody’s mind', () => {
  const end = { at: 420, source: 'lab', kind: 'process', text: '', data: { node: 'a', action: 'end' } };
  const back = [
    role('a', 'primary', 0, 420),
    role('a', 'down', 420, 500),
    role('a', 'primary', 500, 1000),
    ...roles.slice(1),
  ];
  const { groups } = ownership({ ...seen, roles: back, events: [end], slots: takenOver });
  expect(groups[0]?.beliefs.at(-1)).toEqual({ from: 450, to: 1000, owners: agreed('d') });
  expect(groups[0]?.doubles).toEqual([{ from: 400, to: 420 }]);
  const unaware = ownership({ ...seen, roles: back, slots: takenOver });
  expect(unaware.groups[0]?.doubles).toEqual([
    { from: 400, to: 420 },
    { from: 500, to: 550 },
  ]);
});

test('answers to the same round of questions make no minds of their own', () => {
  const slots = slotViews(
    ...whole,
    [400, 'd', taken],
    [401, 'b', taken],
    [403, 'c', taken],
    [450, 'a', taken],
  );
  expect(ownership({ ...seen, slots }).groups[0]?.beliefs).toEqual([
    { from: 13, to: 400, owners: agreed('a') },
    {
      from: 400,
      to: 450,
      owners: [
        { owner: 'a', by: ['a'] },
        { owner: 'd', by: ['b', 'c', 'd'] },
      ],
    },
    { from: 450, to: 1000, owners: agreed('d') },
  ]);
});

test('slots with the same story are one group, wherever they lie; nobody is an owner too', () => {
  const without = owner('a', '0-99 200-5460', 1);
  const slots = slotViews(...whole, [500, 'a', [without, b, c]], [600, 'a', all]);
  const { groups } = ownership({ ...seen, slots });
  expect(groups.map(({ slots: text, count }) => [text, count])).toEqual([
    ['0-99 200-5460', 5361],
    ['100-199', 100],
    ['5461-10922', 5462],
    ['10923-16383', 5461],
  ]);
  expect(groups[1]?.beliefs[1]).toEqual({
    from: 500,
    to: 600,
    owners: [
      { owner: 'a', by: ['b', 'c', 'd'] },
      { owner: null, by: ['a'] },
    ],
  });
});

test('a shard’s coverage is the share of its own slots, and falls alone', () => {
  const hole = [owner('a', '0-99 200-5460', 1), b, c];
  const slots = slotViews(
    ...whole,
    ...['a', 'b', 'c'].map((node) => [500, node, hole] as const),
    ...['a', 'b', 'c'].map((node) => [600, node, all] as const),
  );
  const { shards, coverage } = ownership({ ...seen, slots });
  expect(shards.map((one) => one.coverage.length)).toEqual([3, 1, 1]);
  expect(shards[0]?.coverage[1]).toEqual({ at: 500, share: 5361 / 5461 });
  expect(coverage[1]).toEqual({ at: 500, share: 16_284 / 16_384 });
});

test('there is none without views', () => {
  expect(slotOwnershipOf(handwritten({}).seen)).toBeNull();
});
