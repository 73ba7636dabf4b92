import { describe, expect, test } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { slotOf } from '../common/key-slot.ts';
import { toClusterOptions } from './cluster-options.ts';
import { keysOf } from './keys-of.ts';
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
      /^here: kind: expected 'set' or 'registers' or 'counters' or 'locks' or 'load', got "list"$/,
    ],
    ['another kind’s field', { readShare: 0.5 }, /^here: unknown field "readShare"/],
    [
      'a client less patient than WAIT',
      { redis: { commandTimeout: 100 }, wait: { replicas: 1, timeoutMs: 200 } },
      /wait.timeoutMs \(200\) has to be shorter than redis.commandTimeout \(100\)/,
    ],
    [
      'an unknown library',
      { library: 'redis' },
      /^here: library: expected 'ioredis' or 'node-redis', got "redis"$/,
    ],
    [
      'options of a library that is not used',
      { nodeRedis: {} },
      /^here: nodeRedis: expected none without library: 'node-redis', got \{\}$/,
    ],
    [
      'ioredis’ options for node-redis',
      { library: 'node-redis', redis: { commandTimeout: 1 } },
      /^here: redis: expected none beside library: 'node-redis', whose options are in nodeRedis, got/,
    ],
    [
      'an unknown option of node-redis',
      { library: 'node-redis', nodeRedis: { maxComandRedirections: 1 } },
      /nodeRedis: unknown field "maxComandRedirections"; did you mean "maxCommandRedirections"\?$/,
    ],
    [
      'an unknown option of node-redis’ sockets',
      { library: 'node-redis', nodeRedis: { defaults: { socket: { timeout: 1 } } } },
      /nodeRedis.defaults.socket: unknown field "timeout"; there are: connectTimeout, /,
    ],
    [
      'an unknown default of node-redis',
      { library: 'node-redis', nodeRedis: { defaults: { sockets: {} } } },
      /nodeRedis.defaults: unknown field "sockets"; did you mean "socket"\?$/,
    ],
    [
      'a strategy that is none',
      { library: 'node-redis', nodeRedis: { defaults: { socket: { reconnectStrategy: true } } } },
      /reconnectStrategy: expected a whole number of at least 0, or false, got true$/,
    ],
    [
      'half a strategy',
      { library: 'node-redis', nodeRedis: { defaults: { socket: { reconnectStrategy: { minMs: 1 } } } } },
      /reconnectStrategy.maxMs: expected a whole number of at least 0, got nothing$/,
    ],
    [
      'a node-redis less patient than WAIT',
      {
        library: 'node-redis',
        nodeRedis: { defaults: { socket: { socketTimeout: 100 } } },
        wait: { replicas: 1, timeoutMs: 100 },
      },
      /wait.timeoutMs \(100\) has to be shorter than nodeRedis.defaults.socket.socketTimeout \(100\)/,
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

describe('where keys lie in a cluster', () => {
  const check = (keySlots: object, keys = 2) =>
    validateWorkload({ ...addToSet({ name: 'w', keys }), keySlots }, 'here');

  test('a tag: all in its slot, which may be stated', () => {
    const workload = addToSet({ name: 'w', keys: 3, keySlots: { tag: 'user1000', slot: 3443 } });
    expect(keysOf(workload).keys).toEqual(['w:{user1000}:0', 'w:{user1000}:1', 'w:{user1000}:2']);
    expect(keysOf(workload).keys.map(slotOf)).toEqual([3443, 3443, 3443]);
  });

  test('ranges: as many keys in each, always the same ones', () => {
    const ranges = [[0, 99] as const, [16_000, 16_383] as const];
    const { keys } = keysOf(addToSet({ name: 'w', keys: 5, keySlots: { ranges } }));
    expect(new Set(keys).size).toBe(5);
    expect(keys.filter((key) => slotOf(key) <= 99)).toHaveLength(3);
    expect(keys.filter((key) => slotOf(key) >= 16_000)).toHaveLength(2);
    expect(keysOf(addToSet({ name: 'w', keys: 5, keySlots: { ranges } })).keys).toEqual(keys);
  });

  test('named keys, each in the slot that is stated', () => {
    const slotOfKey = { 'w:0': slotOf('w:0'), 'w:{foo}': 12_182 };
    expect(keysOf(addToSet({ name: 'w', keys: 2, keySlots: { slotOfKey } })).keys).toEqual([
      'w:0',
      'w:{foo}',
    ]);
  });

  test('readers of another workload’s keys', () => {
    const written = versionedRegisters({ name: 'w', keys: 2 });
    const readers = { name: 'r', keysOf: 'w', keys: 2, readShare: 1 };
    expect(keysOf(versionedRegisters(readers)).keys).toEqual(keysOf(written).keys);
    const slotOfKey = { 'w:0': slotOf('w:0'), 'w:1': slotOf('w:1') };
    expect(keysOf(versionedRegisters({ ...readers, keySlots: { slotOfKey } })).keys).toEqual(['w:0', 'w:1']);
    expect(() => versionedRegisters({ ...readers, readShare: 0.5 })).toThrow(
      /readShare: expected 1 beside keysOf, got 0.5/,
    );
    expect(() => addToSet({ name: 'r', keysOf: 'w' } as object as { name: string })).toThrow(
      /unknown field "keysOf"/,
    );
  });

  const wrong: [string, object, RegExp][] = [
    [
      'a key elsewhere than stated',
      { slotOfKey: { 'w:{foo}': 12_182, 'w:{bar}': 5062 } },
      /^here: keySlots.slotOfKey: the key "w:\{bar\}" is in slot 5061, not in slot 5062$/,
    ],
    [
      'a tag elsewhere than stated',
      { tag: 'foo', slot: 1 },
      /^here: keySlots.slot: the key "w:\{foo\}:0" is in slot 12182, not in slot 1$/,
    ],
    ['too few keys', { slotOfKey: { 'w:{foo}': 12_182 } }, /as many keys as `keys` says \(2\), got 1$/],
    [
      'a key of another workload',
      { slotOfKey: { foo: 12_182, bar: 5061 } },
      /keys that begin with "w:", got "foo"/,
    ],
    [
      'ranges that overlap',
      {
        ranges: [
          [5, 9],
          [0, 5],
        ],
      },
      /^here: keySlots.ranges: 0-5 and 5-9 overlap$/,
    ],
    ['a range that ends before it begins', { ranges: [[9, 5]] }, /expected \[from, to\], .*got \[9,5\]$/],
    ['a slot that does not exist', { ranges: [[0, 16_384]] }, /a slot from 0 to 16383, got \[0,16384\]$/],
    ['two ways at once', { tag: 'a', ranges: [[0, 1]] }, /expected one of tag, ranges, slotOfKey, got/],
    ['a tag that is none', { tag: 'a}b' }, /keySlots.tag: expected a text without braces/],
    ['an unknown field', { tags: 'a' }, /unknown field "tags"; did you mean "tag"\?$/],
  ];
  test.each(wrong)('%s', (_, keySlots, message) => {
    expect(() => check(keySlots)).toThrow(UsageError);
    expect(() => check(keySlots)).toThrow(message);
  });
});

describe('toClusterOptions', () => {
  test('what concerns the cluster, and what each of its connections', () => {
    const options = toClusterOptions(
      {
        ...{ maxRedirections: 50, retryDelayOnFailover: 0, scaleReads: 'all', enableOfflineQueue: false },
        ...{ commandTimeout: 5, retryDelay: null, clusterRetryDelay: { minMs: 10, maxMs: 20 } },
      },
      { password: 'x' },
      () => 0,
    );
    expect(options).toMatchObject({
      ...{ maxRedirections: 50, retryDelayOnFailover: 0, scaleReads: 'all', enableOfflineQueue: false },
      redisOptions: { commandTimeout: 5, password: 'x' },
    });
    expect(Object.keys(options.redisOptions).sort()).toEqual(['commandTimeout', 'password']);
    expect([1, 2, 3].map((attempt) => options.clusterRetryStrategy?.(attempt))).toEqual([10, 20, 20]);
    expect(options.clusterNodeRetryStrategy).toBeUndefined();
  });

  test('nothing of it reaches a client of one server', () => {
    expect(
      toIoredisOptions({ maxRedirections: 1, scaleReads: 'all', clusterRetryDelay: null }, () => 0),
    ).toEqual({});
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
