import { expect, test } from 'vitest';
import { slotOf } from '../common/key-slot.ts';
import type { Observations } from '../history/observations.ts';
import { fault, handwritten, owner, promotion, replica, role, sample, slotViews } from './handwritten.ts';
import { logoutAttribution } from './logout-attribution.ts';
import type { Logout } from './session-judge.ts';

/** a with its replica d has the lower half of the slots, b the upper one; d takes over at 600 ms while a goes on until 800. */
const [a, b] = [owner('a', '0-8191', 1), owner('b', '8192-16383', 2)];
const seen = handwritten({
  seen: {
    slots: slotViews(
      [10, 'a', [a, b]],
      [10, 'b', [a, b]],
      [10, 'd', [replica('d', 'a', 1)]],
      [610, 'd', [b, owner('d', '0-8191', 3)]],
    ),
    events: [promotion('d', 600)],
    roles: [role('a', 'primary', 0, 800), role('b', 'primary', 0, 1000), role('d', 'primary', 600, 1000)],
  },
}).seen;
const userIn = (isWanted: (slot: number) => boolean) =>
  Array.from({ length: 99 }, (_, user) => user).find((user) => isWanted(slotOf(`{${user}}`))) ?? -1;
const [low, high] = [userIn((slot) => slot < 8192), userIn((slot) => slot >= 8192)];

const sessionOf = (user: number, at: number) => ({
  key: 's',
  client: 'c',
  user,
  login: { invoked: at - 1, completed: at },
  endBegun: Number.POSITIVE_INFINITY,
  ended: Number.POSITIVE_INFINITY,
  visits: [],
});
const logoutAt = (lastSeen: number): Logout => ({
  invoked: 899,
  completed: 900,
  instance: 0,
  lastSeen,
  foundAgain: false,
});
const causeOf = (user: number, at: number) =>
  logoutAttribution(seen, 0).causeOf(sessionOf(user, at), logoutAt(at));

test('in a cluster a promotion explains the logouts of its own shard alone', () => {
  expect([causeOf(low, 590), causeOf(high, 590)]).toEqual(['unreplicated', 'unexplained']);
  expect([causeOf(low, 700), causeOf(high, 700)]).toEqual(['minority-primary', 'unexplained']);
});

test('keys that expired while a host’s clock was wrong were ended by the clock, whatever a failover lost', () => {
  const wrong = { ...fault(['host-d'], 550), name: 'step-clock' };
  const expired = (at: number, count: number) => sample(at, { expired_keys: count }, 'd');
  const causeWith = (more: Partial<Observations>) =>
    logoutAttribution({ ...seen, ...more }, 0).causeOf(sessionOf(low, 590), logoutAt(590));
  const samples = [expired(500, 0), expired(700, 9)];
  expect(causeWith({ samples, faults: [wrong] })).toBe('clock');
  expect(causeWith({ samples })).toBe('unreplicated');
  expect(causeWith({ faults: [wrong] })).toBe('unreplicated');
});

test('what survived in one shard rules nothing out in another', () => {
  const attribution = logoutAttribution(seen, 0);
  attribution.survived(sessionOf(high, 595), 990);
  expect(attribution.causeOf(sessionOf(low, 590), logoutAt(590))).toBe('unreplicated');
});
