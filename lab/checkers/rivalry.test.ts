import { expect, test } from 'vitest';
import { handwritten, owner, promotion, replica, role, slotViews } from './handwritten.ts';
import { redisCauses } from './limit-causes.ts';
import { rivalry } from './rivalry.ts';

const [a, b] = [owner('a', '0-99', 1), owner('b', '100-16383', 2)];
const slots = slotViews(
  [10, 'a', [a, b]],
  [10, 'b', [a, b]],
  [10, 'd', [replica('d', 'a', 1)]],
  [400, 'd', [owner('d', '0-99', 3)]],
);
const events = [promotion('d', 390)];

test('a rival is whose slots were taken over; without a cluster everybody else', () => {
  const isRival = rivalry(handwritten({ seen: { slots, events } }).seen);
  expect([isRival('a', 'd'), isRival('b', 'd'), isRival('d', 'd')]).toEqual([true, false, false]);
  expect(rivalry(handwritten({}).seen)('b', 'd')).toBe(true);
});

test('the primaries of other shards make no minority, the deposed one does', () => {
  const others = [role('b', 'primary', 0, 1000), role('d', 'primary', 390, 1000)];
  const cause = (roles: typeof others) =>
    redisCauses(handwritten({ seen: { slots, events, roles } }).seen)(500, 50);
  expect(cause([role('a', 'primary', 0, 390), ...others])).toBe('unexplained');
  expect(cause([role('a', 'primary', 0, 900), ...others])).toBe('minority-primary');
});
