import { expect, test } from 'vitest';
import { type Handwritten, handwritten, owner, promotion, replica, slotViews } from './handwritten.ts';
import { slotOwnersOf } from './slot-owners.ts';

const owners = (seen: NonNullable<Handwritten['seen']>) => {
  const found = slotOwnersOf(handwritten({ seen }).seen);
  if (found === null) throw new Error('no owners');
  return { ...found, turns: (slot: number) => found.courses[found.courseOf(slot)] };
};
const start = Number.NEGATIVE_INFINITY;
const [a, b] = [owner('a', '0-99', 1), owner('b', '100-16383', 2)];
const both = [
  [10, 'a', [a, b]] as const,
  [11, 'b', [a, b]] as const,
  [12, 'd', [replica('d', 'a', 1)]] as const,
];

test('a promotion counts from its own time, a move from the new owner’s view before; other slots know nothing of it', () => {
  const slots = slotViews(
    ...both,
    [400, 'd', [owner('d', '0-99', 3)]],
    [500, 'b', [owner('b', '50 100-16383', 4)]],
  );
  const { turns, ownerAt } = owners({ slots, events: [promotion('d', 380)] });
  expect(turns(0)).toEqual([
    { node: 'a', from: start, by: 'first' },
    { node: 'd', from: 380, by: 'promotion' },
  ]);
  expect(turns(50)).toEqual([...(turns(0) ?? []), { node: 'b', from: 11, by: 'move' }]);
  expect(turns(100)).toEqual([{ node: 'b', from: start, by: 'first' }]);
  expect([ownerAt(0, 379), ownerAt(0, 380)]).toEqual(['a', 'd']);
});

test('who comes back with a lower epoch claims in vain', () => {
  const slots = slotViews(
    ...both,
    [400, 'd', [owner('d', '0-99', 3)]],
    [500, 'a', [owner('a', '0-99', 1, { flags: 'x' })]],
  );
  expect(
    owners({ slots })
      .turns(7)
      ?.map(({ node }) => node),
  ).toEqual(['a', 'd']);
});

test('without a logged promotion it counts from the first claim', () => {
  const slots = slotViews(...both, [400, 'd', [owner('d', '0-99', 3)]]);
  expect(owners({ slots }).turns(7)?.at(-1)).toEqual({ node: 'd', from: 400, by: 'promotion' });
});

test('there are none without views', () => {
  expect(slotOwnersOf(handwritten({}).seen)).toBeNull();
});
