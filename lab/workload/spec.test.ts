import { describe, expect, test } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { toIoredisOptions } from './redis-options.ts';
import { addToSet, counters, versionedRegisters } from './spec.ts';
import { validateWorkload } from './validate.ts';

describe('factories', () => {
  test('fill in what is not said, and give plain JSON that is valid again', () => {
    const all = [
      addToSet({ name: 'a' }),
      versionedRegisters({ name: 'b', clients: 3 }),
      counters({ name: 'c' }),
    ];
    expect(all[0]).toMatchObject({
      kind: 'set',
      clients: 4,
      on: 'client-1',
      rate: 'closed-loop',
      wait: null,
    });
    expect(all[1]).toMatchObject({ kind: 'registers', keys: 3, readFrom: 'primary', readShare: 0.5 });
    for (const workload of all) {
      const copy: unknown = JSON.parse(JSON.stringify(workload));
      expect(copy).toEqual(workload);
      expect(() => validateWorkload(copy, 'here')).not.toThrow();
    }
  });
});

describe('validateWorkload', () => {
  const good = addToSet({ name: 'w' });
  const bad: [string, object, RegExp][] = [
    ['an unknown field', { client: 3 }, /^here: unknown field "client"; did you mean "clients"\?$/],
    [
      'an unknown option',
      { redis: { comandTimeout: 1 } },
      /^here: redis: unknown field "comandTimeout"; did you mean "commandTimeout"\?$/,
    ],
    ['nothing like it', { redis: { zzz: 1 } }, /unknown field "zzz"; there are: connectTimeout, /],
    ['a wrong type', { clients: '4' }, /^here: clients: expected a whole number of at least 1, got "4"$/],
    ['a missing field', { on: undefined }, /^here: on: expected a text that is not empty, got nothing$/],
    [
      'a wrong rate',
      { rate: 'open' },
      /^here: rate: expected 'closed-loop' or \{ perSecond: number \}, got "open"$/,
    ],
    [
      'a rate of zero',
      { rate: { perSecond: 0 } },
      /^here: rate.perSecond: expected a number of at least 0.001, got 0$/,
    ],
    ['a wrong name', { name: 'a b' }, /^here: name: expected letters, digits/],
    [
      'a wait without end',
      { wait: { replicas: 1, timeoutMs: 0 } },
      /^here: wait.timeoutMs: expected a whole number of at least 1/,
    ],
    ['half a wait', { wait: { replicas: 1 } }, /^here: wait.timeoutMs: expected .*, got nothing$/],
    ['a delay', { redis: { retryDelay: { minMs: 1 } } }, /^here: redis.retryDelay.maxMs: expected/],
    [
      'an unknown action',
      { redis: { reconnectOnError: { codes: ['READONLY'], action: 'x' } } },
      /'reconnect' or 'reconnect-and-resend', got "x"/,
    ],
    [
      'an option that is null',
      { redis: { commandTimeout: null } },
      /^here: redis.commandTimeout: expected a whole number of at least 1, got null$/,
    ],
    [
      'a kind of its own',
      { kind: 'list' },
      /^here: kind: expected 'set' or 'registers' or 'counters' or 'load', got "list"$/,
    ],
    ['another kind’s field', { readShare: 0.5 }, /^here: unknown field "readShare"/],
    [
      'a client less patient than WAIT',
      { redis: { commandTimeout: 100 }, wait: { replicas: 1, timeoutMs: 200 } },
      /wait.timeoutMs \(200\) has to be shorter than redis.commandTimeout \(100\)/,
    ],
  ];
  test.each(bad)('%s', (_, change, message) => {
    const check = () => validateWorkload({ ...good, ...change }, 'here');
    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });

  test('what is no object at all', () => {
    expect(() => validateWorkload(null, 'here')).toThrow(/^here: expected an object, got null$/);
  });
});

describe('toIoredisOptions', () => {
  test('plain options go through, nothing else is set', () => {
    expect(toIoredisOptions({ commandTimeout: 5, maxRetriesPerRequest: null }, () => 0)).toEqual({
      commandTimeout: 5,
      maxRetriesPerRequest: null,
    });
  });

  test('delays double up to their bound, with jitter; null means no retry', () => {
    const delay = { minMs: 10, maxMs: 35, jitter: 0.5 };
    const options = toIoredisOptions({ retryDelay: delay, sentinelRetryDelay: null }, () => 1);
    expect([1, 2, 3, 100].map((attempt) => options.retryStrategy?.(attempt))).toEqual([15, 30, 53, 53]);
    expect(options.sentinelRetryStrategy?.(1)).toBeNull();
  });

  test('reconnectOnError looks at the code alone', () => {
    const { reconnectOnError } = toIoredisOptions(
      { reconnectOnError: { codes: ['READONLY'], action: 'reconnect-and-resend' } },
      () => 0,
    );
    expect(reconnectOnError?.(new Error('READONLY You cannot'))).toBe(2);
    expect(reconnectOnError?.(new Error('ERR this is not READONLY'))).toBe(false);
  });
});
