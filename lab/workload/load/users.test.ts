import { describe, expect, test } from 'vitest';
import { validateWorkload } from '../validate.ts';
import type { JourneyOptions } from './journeys.ts';
import { users } from './users.ts';

test('defaults are filled in, and users are counted', () => {
  const load = users({
    name: 'shoppers',
    journeys: [
      { kind: 'session', users: 7 },
      { kind: 'limits', policies: ['api'] },
    ],
  });
  expect(load).toMatchObject({ kind: 'load', on: 'load-1', clients: 57, accounts: 10_000, thresholds: {} });
  expect(load.journeys).toMatchObject([
    { name: 'session', thinkMs: 0, stepsPerSession: 20, requestTimeoutMs: 2000 },
    { name: 'limits', perSecond: 100, keys: 5 },
  ]);
  validateWorkload(JSON.parse(JSON.stringify(load)), 'kept');
});

describe('wrong options are named', () => {
  const wrong: [string, JourneyOptions[], string][] = [
    ['no journey', [], 'load "x": journeys: expected at least one journey, got []'],
    ['an unknown kind', [{ kind: 'sesion' as 'session' }], 'got "sesion"'],
    ['a field of another kind', [{ kind: 'session', policies: ['a'] } as never], 'unknown field "policies"'],
    [
      'a share',
      [{ kind: 'session', logoutShare: 2 }],
      'journeys[0]: logoutShare: expected a number from 0 to 1, got 2',
    ],
    ['no policies', [{ kind: 'limits' }], 'journeys[0]: policies: expected a list of names of policies'],
    [
      'stages without a rate',
      [{ kind: 'orders', stages: [{ perSecond: 1, overMs: 5 }] }],
      'journeys[0].perSecond: expected a rate',
    ],
    [
      'a stage',
      [{ kind: 'orders', perSecond: 1, stages: [{ perSecond: 1 } as never] }],
      'journeys[0]: stages: expected',
    ],
    [
      'two of a name',
      [{ kind: 'orders' }, { kind: 'orders' }],
      'journeys[1].name: expected a name of its own, got "orders"',
    ],
    [
      'shares together',
      [{ kind: 'session', viewShare: 0.7, orderShare: 0.7 }],
      'viewShare + orderShare: expected at most 1',
    ],
    [
      'work beyond the timeout',
      [{ kind: 'slow-request', workMs: 5000 }],
      'workMs: expected less than requestTimeoutMs',
    ],
  ];
  test.each(wrong)('%s', (_, journeys, message) => {
    expect(() => users({ name: 'x', journeys })).toThrow(message);
  });

  test('thresholds, accounts, fields of the load', () => {
    const journeys: JourneyOptions[] = [{ kind: 'revocation', everywhere: true }];
    expect(() => users({ name: 'x', journeys, thresholds: { a: 'b' } as never })).toThrow(
      'thresholds: expected lists',
    );
    expect(() => users({ name: 'x', journeys, accounts: 3 })).toThrow('accounts: expected at least 11');
    expect(() => users({ name: 'x', journeys, treshold: 1 } as never)).toThrow('unknown field "treshold"');
  });
});
