import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import type { AppSettings } from '../config.ts';
import { REVOKED_CHANNEL } from './announcements.ts';
import { createStore } from './create-store.ts';
import { indexKey, sessionKey } from './session-id.ts';
import type { SessionStore } from './store.ts';
import { configOn, heldUp, type TestContext, testContext } from './test-sessions.ts';

const servers = new TestServers();
let redis: TestServer;
let replica: TestServer;
beforeAll(async () => {
  redis = await servers.redis();
  replica = await servers.redis('--replicaof', redis.host, String(redis.port));
  await until(async () => String(await replica.command('INFO', 'replication')).includes('link_status:up'), {
    what: 'the replica',
    withinMs: 20_000,
  });
});
afterAll(() => servers.end());
beforeEach(() => redis.command('FLUSHALL'));

const contexts: TestContext[] = [];
afterAll(async () => {
  for (const context of contexts) await context.end();
});

type Settings = NonNullable<AppSettings['sessions']>;

async function storeWith(
  settings: Settings,
  elsewhere: Parameters<typeof testContext>[1] = {},
): Promise<{ store: SessionStore; context: TestContext }> {
  const context = testContext(configOn(redis, settings), elsewhere);
  contexts.push(context);
  const store = createStore(context);
  await context.ready();
  return { store, context };
}

/** Until what is read is kept: the subscription is there. */
async function listening(store: SessionStore, context: TestContext): Promise<void> {
  const { id } = await store.create(999);
  await until(
    async () => {
      const before = await context.count('local_hits');
      await store.read(id);
      await store.read(id);
      return (await context.count('local_hits')) > before;
    },
    { what: 'a local hit', withinMs: 20_000 },
  );
}

describe.each(['plain', 'clustered'] as const)('a %s store', (kind) => {
  test('finds what it created, with an id that is new each time', async () => {
    const { store } = await storeWith({ store: kind });
    const [a, b] = await Promise.all([store.create(17), store.create(17)]);
    expect(a.id).not.toBe(b.id);
    expect(await store.read(a.id)).toMatchObject({ id: a.id, user: 17, visits: 0 });
    expect(await store.read('17.AAAAAAAAAAAAAAAAAAAAAAAA')).toBeNull();
  });

  test('counts visits', async () => {
    const { store } = await storeWith({ store: kind });
    const { id } = await store.create(17);
    for (let visit = 1; visit <= 5; visit++) {
      const session = await store.read(id);
      expect(session).not.toBeNull();
      if (session !== null) expect(await store.save(session)).toBe(visit);
    }
  });

  test('a use begins the time to live anew, of the session and of its user’s index; nothing lacks one', async () => {
    const { store } = await storeWith({ store: kind, ttlSeconds: 100 });
    const { id } = await store.create(17);
    for (const key of [sessionKey(id), indexKey(17)]) await redis.command('PEXPIRE', key, 20_000);
    const session = await store.read(id);
    if (session !== null) await store.save(session);
    for (const key of [sessionKey(id), indexKey(17)])
      await until(async () => Number(await redis.command('PTTL', key)) > 95_000, {
        what: `${key} to live longer`,
        withinMs: 20_000,
      });
  });

  test('the index forgets what has expired', async () => {
    const { store } = await storeWith({ store: kind, ttlSeconds: 100 });
    await redis.command('ZADD', indexKey(17), Date.now() - 1000, '17.expired');
    const { id } = await store.create(17);
    expect(await redis.command('ZRANGE', indexKey(17), 0, -1)).toEqual([id]);
  });

  test('a revoked session is gone, and its other sessions are not', async () => {
    const { store } = await storeWith({ store: kind });
    const [a, b] = await Promise.all([store.create(17), store.create(17)]);
    await store.read(a.id);
    await store.revoke(a.id);
    await store.revoke(a.id);
    expect(await store.read(a.id)).toBeNull();
    expect(await store.read(b.id)).toMatchObject({ user: 17 });
    expect(await redis.command('ZRANGE', indexKey(17), 0, -1)).toEqual([b.id]);
  });

  test('all of a user’s sessions are gone, and nobody else’s', async () => {
    const { store } = await storeWith({ store: kind });
    const mine = await Promise.all(Array.from({ length: 5 }, () => store.create(17)));
    const yours = await store.create(18);
    for (const { id } of [...mine, yours]) await store.read(id);
    await store.revokeAll(17);
    for (const { id } of mine) expect(await store.read(id)).toBeNull();
    expect(await store.read(yours.id)).toMatchObject({ user: 18 });
    expect(await redis.command('KEYS', '*{17}*')).toEqual([]);
  });

  test('what races a revocation cannot bring the session back', async () => {
    const { store } = await storeWith({ store: kind });
    const { id } = await store.create(17);
    const slow = await store.read(id);
    await store.revoke(id);
    if (slow !== null) expect(await store.save(slow)).toBeNull();
    expect(await store.read(id)).toBeNull();
  });

  test('it does where each save writes, whatever happened meanwhile', async () => {
    const { store } = await storeWith({ store: kind, save: 'always' });
    const { id } = await store.create(17);
    const slow = await store.read(id);
    await store.revoke(id);
    if (slow !== null) await store.save(slow);
    expect(await store.read(id)).toMatchObject({ user: 17 });
  });

  test('a login is kept once enough replicas have it, and removed when too few do', async () => {
    const { store } = await storeWith({ store: kind, acknowledgedBy: 1, acknowledgeWithinMs: 2000 });
    const { id } = await store.create(17);
    expect(await replica.command('EXISTS', sessionKey(id))).toBe(1);
    const strict = await storeWith({ store: kind, acknowledgedBy: 2, acknowledgeWithinMs: 20 });
    await expect(strict.store.create(18)).rejects.toThrow('expected 2 replicas');
    expect(await redis.command('KEYS', '*{18}*')).toEqual([]);
  });

  test('a revocation is acknowledged once enough replicas have it, or by the primary alone', async () => {
    const { store } = await storeWith({ store: kind, acknowledgedBy: 1, acknowledgeWithinMs: 2000 });
    const [one, two, three] = [await store.create(17), await store.create(17), await store.create(17)];
    await store.revoke(one.id);
    expect(await replica.command('EXISTS', sessionKey(one.id))).toBe(0);
    const strict = await storeWith({ store: kind, acknowledgedBy: 2, acknowledgeWithinMs: 20 });
    await expect(strict.store.revoke(two.id)).rejects.toThrow('expected 2 replicas');
    await expect(strict.store.revokeAll(17)).rejects.toThrow('expected 2 replicas');
    expect(await store.read(three.id)).toBeNull();
    const careless = await storeWith({ store: kind });
    await careless.store.revoke(one.id);
  });

  test('rejects while Redis is away', async () => {
    const away = await servers.redis();
    const context = testContext(configOn(away, { store: kind }));
    contexts.push(context);
    const store = createStore(context);
    await context.ready();
    const { id } = await store.create(17);
    away.process.kill('SIGKILL');
    await until(() => away.process.signalCode !== null, { what: 'its end', withinMs: 20_000 });
    await expect(store.read(id)).rejects.toThrow();
    await expect(store.create(17)).rejects.toThrow();
  });

  test('reads from replicas where it is told to', async () => {
    const readFrom = { replica: { host: replica.host, port: replica.port } };
    const { store } = await storeWith({ store: kind, readFrom: 'replica' }, readFrom);
    await replica.command('REPLICAOF', 'NO', 'ONE');
    const { id } = await store.create(17);
    expect(await store.read(id)).toBeNull();
    await replica.command('REPLICAOF', redis.host, String(redis.port));
    await until(() => store.read(id), { what: 'the replica to have it', withinMs: 20_000 });
  });
});

describe('the local cache', () => {
  test('answers without Redis, is bounded, and ends with its time', async () => {
    const local = { entries: 10, ttlMs: 2000 };
    const { store, context } = await storeWith({ store: 'clustered', local });
    await listening(store, context);
    const { id } = await store.create(17);
    await store.read(id);
    const reads = await context.count('redis_reads');
    for (let i = 0; i < 20; i++) expect(await store.read(id)).toMatchObject({ user: 17 });
    expect(await context.count('redis_reads')).toBe(reads);
    await redis.command('DEL', sessionKey(id));
    await until(async () => (await store.read(id)) === null, { what: 'its end', withinMs: 20_000 });

    for (let user = 1; user <= 30; user++) await store.read((await store.create(user)).id);
    expect(await context.count('local_evictions')).toBeGreaterThanOrEqual(20);
  });

  test('does not outlive the session in Redis', async () => {
    const { store, context } = await storeWith({ store: 'clustered', ttlSeconds: 100 });
    await listening(store, context);
    const { id } = await store.create(17);
    await redis.command('PEXPIRE', sessionKey(id), 1500);
    expect(await store.read(id)).not.toBeNull();
    await until(async () => (await store.read(id)) === null, { what: 'its end', withinMs: 20_000 });
  });

  test('tells Redis of uses in one go, also of those that are pushed out', async () => {
    const { store, context } = await storeWith({ store: 'clustered', local: { entries: 1 } });
    await listening(store, context);
    const { id } = await store.create(17);
    const writes = await context.count('redis_writes');
    for (let i = 0; i < 50; i++) {
      const session = await store.read(id);
      if (session !== null) await store.save(session);
    }
    expect(await context.count('redis_writes')).toBe(writes);
    await store.read((await store.create(18)).id);
    await until(async () => (await redis.command('HGET', sessionKey(id), 'visits')) === '50', {
      what: 'fifty visits in Redis',
      withinMs: 20_000,
    });
  });

  test('hears of what another instance revokes', async () => {
    const [a, b] = await Promise.all([storeWith({ store: 'clustered' }), storeWith({ store: 'clustered' })]);
    await Promise.all([listening(a.store, a.context), listening(b.store, b.context)]);
    const [one, two] = await Promise.all([a.store.create(17), a.store.create(17)]);
    for (const { id } of [one, two]) await b.store.read(id);
    await a.store.revoke(one.id);
    await until(async () => (await b.store.read(one.id)) === null, { what: 'b to know', withinMs: 20_000 });
    expect(await b.store.read(two.id)).not.toBeNull();
    await a.store.revokeAll(17);
    await until(async () => (await b.store.read(two.id)) === null, { what: 'b to know', withinMs: 20_000 });
  });

  describe('a subscription that was cut', () => {
    const kill = async () => {
      const list = String(await redis.command('CLIENT', 'LIST', 'TYPE', 'pubsub'));
      for (const [, id] of list.matchAll(/^id=(\d+)/gm))
        await redis.command('CLIENT', 'KILL', 'ID', id ?? '');
    };
    const missed = async (flushAfterGap: boolean) => {
      const local = { flushAfterGap, pingEveryMs: null };
      const { store, context } = await storeWith({ store: 'clustered', local });
      await listening(store, context);
      const { id } = await store.create(17);
      await store.read(id);
      await kill();
      // Revoked by somebody of whom this instance hears nothing: before it is back, nobody tells it.
      await redis.command('DEL', sessionKey(id));
      await until(
        async () => String(await redis.command('PUBSUB', 'NUMSUB', REVOKED_CHANNEL)).endsWith(',1'),
        { what: 'the subscription to be back', withinMs: 20_000 },
      );
      return { store, context, id };
    };
    beforeEach(async () => {
      for (const context of contexts.splice(0)) await context.end();
    });

    test('everything is forgotten', async () => {
      const { store, context, id } = await missed(true);
      expect(await store.read(id)).toBeNull();
      expect(await context.count('local_flushes')).toBe(1);
      await listening(store, context);
    });

    test('without that, a revoked session lives on', async () => {
      const { store, id } = await missed(false);
      expect(await store.read(id)).not.toBeNull();
    });
  });

  describe('a subscription that is silent', () => {
    const silent = async (pingEveryMs: number | null) => {
      const proxy = await servers.toxiproxy(redis);
      const elsewhere = { revocations: { host: proxy.host, port: proxy.port } };
      const { store, context } = await storeWith({ store: 'clustered', local: { pingEveryMs } }, elsewhere);
      await listening(store, context);
      const { id } = await store.create(17);
      await store.read(id);
      proxy.process.kill('SIGSTOP');
      await redis.command('DEL', sessionKey(id));
      return { store, context, id };
    };

    test('is noticed within two beats', async () => {
      const { store, context, id } = await silent(500);
      const from = performance.now();
      await until(async () => (await store.read(id)) === null, { what: 'a flush', withinMs: 20_000 });
      // Two beats, and a machine that is busy; without beats it is never.
      expect(performance.now() - from).toBeLessThan(2 * 500 + 2000);
      expect(await context.count('local_flushes')).toBeGreaterThan(0);
    });

    test('is noticed by nobody without beats', async () => {
      const { store, id } = await silent(null);
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await store.read(id)).not.toBeNull();
    });
  });

  test.each([
    [true, 'is thrown away', null],
    [false, 'stays, when nobody looks', { user: 17 }],
  ])('a fill that a revocation overtook (guardFills %s) %s', async (guardFills, _, after) => {
    const slow = await heldUp(redis);
    const { store, context } = await storeWith(
      { store: 'clustered', readFrom: 'replica', local: { guardFills } },
      { replica: slow },
    );
    try {
      await listening(store, context);
      const { id } = await store.create(17);
      slow.hold();
      const reading = store.read(id);
      await slow.holding();
      await store.revoke(id);
      slow.release();
      // It was read before the revocation, so the request itself may be answered.
      expect(await reading).toMatchObject({ user: 17 });
      if (after === null) expect(await store.read(id)).toBeNull();
      else expect(await store.read(id)).toMatchObject(after);
      expect(await context.count('overtaken_fills')).toBe(guardFills ? 1 : 0);
    } finally {
      await context.end();
      slow.end();
    }
  });
});
