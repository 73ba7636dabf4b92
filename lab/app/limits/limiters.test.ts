import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prng } from '../../common/prng.ts';
import { type TestServer, TestServers } from '../../workload/test-servers.ts';
import { algorithmOf, type Policy } from './algorithms.ts';
import { localLimiter } from './local-limiter.ts';
import { redisKey, redisLimiter } from './redis-limiter.ts';
import { modelOf } from './test-models.ts';

const servers = new TestServers();
let server: TestServer;
let redis: Redis;

beforeAll(async () => {
  server = await servers.redis();
  redis = new Redis(server.port, server.host);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await servers.end();
});

/** A Unix time in µs at which windows of 10 s and of 1 s begin. */
const epoch = 1_800_000_000_000_000;
const policies: Policy[] = [
  { algorithm: 'fixed-window', limit: 5, windowMs: 10_000 },
  { algorithm: 'sliding-log', limit: 5, windowMs: 10_000 },
  { algorithm: 'sliding-counter', limit: 5, windowMs: 10_000 },
  { algorithm: 'token-bucket', capacity: 5, perSecond: 0.5 },
  { algorithm: 'leaky-bucket', capacity: 5, perSecond: 0.5 },
];

/** Seconds in which a policy that was used up has everything again. */
const wholeUs = (policy: Policy) =>
  'windowMs' in policy ? 2 * policy.windowMs * 1000 : (policy.capacity / policy.perSecond) * 1e6;

describe.each(policies)('$algorithm', (policy) => {
  const algorithm = algorithmOf(policy);
  const limit = 'limit' in policy ? policy.limit : policy.capacity;
  let now = epoch;
  const onRedis = () => redisLimiter(redis, algorithm, 'client', () => now);
  const both = () => [onRedis(), localLimiter(algorithm, 1, 100, () => now)] as const;

  test.each([1, 2, 3])('decides as its definition says, at random times (seed %i)', async (seed) => {
    const random = prng(seed);
    const model = modelOf(policy);
    const admitted: number[] = [];
    const limiters = both();
    now = epoch;
    for (let i = 0; i < 400; i++) {
      // Often to the next multiple of half a second, less a µs, or plus one: where windows begin and tokens come.
      const halves = Math.ceil((now + 1) / 500_000) * 500_000;
      now = random.pick([now + random.integer(3_000_000), halves - 1, halves, halves + 1, now + 1]);
      const expected = model(admitted, now);
      for (const limiter of limiters) {
        const decision = await limiter.decide('k');
        expect({ i, now, admitted: decision.admitted }).toEqual({ i, now, admitted: expected });
        expect(decision.atUs).toBe(now);
      }
      if (expected) admitted.push(now);
    }
    expect(admitted.length).toBeGreaterThan(20);
    expect(admitted.length).toBeLessThan(390);
  });

  test('says how many remain, and when a refusal ends: not before, and then for sure', async () => {
    for (const limiter of both()) {
      now = epoch + 1_234_567;
      for (let left = limit - 1; left >= 0; left--)
        expect(await limiter.decide('k')).toMatchObject({ admitted: true, remaining: left });
      const refused = await limiter.decide('k');
      expect(refused).toMatchObject({ admitted: false, remaining: 0 });
      now += refused.resetUs - 1;
      expect((await limiter.decide('k')).admitted).toBe(false);
      now += 1;
      expect((await limiter.decide('k')).admitted).toBe(true);
    }
  });

  test('by the clock of the server, with many at once, decides exactly as defined', async () => {
    const fast: Policy =
      'windowMs' in policy
        ? { ...policy, limit: 20, windowMs: 20 }
        : { ...policy, capacity: 20, perSecond: 1000 };
    const limiter = redisLimiter(redis, algorithmOf(fast));
    const model = modelOf(fast);
    const decisions = [];
    for (let round = 0; round < 60; round++)
      decisions.push(...(await Promise.all(Array.from({ length: 50 }, () => limiter.decide('k')))));
    const admitted: number[] = [];
    for (const { admitted: was, atUs } of decisions) {
      expect({ atUs, was }).toEqual({ atUs, was: model(admitted, atUs) });
      if (was) admitted.push(atUs);
    }
    expect(admitted.length).toBeGreaterThan(20);
    expect(admitted.length).toBeLessThan(decisions.length);
  });

  test('always sets a TTL, as long as what it knows matters', async () => {
    now = epoch + 1;
    const limiter = onRedis();
    for (let i = 0; i < limit + 2; i++) {
      await limiter.decide('k');
      const ttl = await redis.pttl(redisKey('k', algorithm.tag));
      expect(ttl).toBeGreaterThan(0);
      expect(ttl).toBeLessThanOrEqual(wholeUs(policy) / 1000);
    }
    const [refused, ttl] = [await limiter.decide('k'), await redis.pttl(redisKey('k', algorithm.tag))];
    expect(ttl).toBeGreaterThan(refused.resetUs / 1000 - 1000);
  });

  test('a clock that steps back gives no more than one limit for each long step, and blocks nobody for long', async () => {
    const limiter = onRedis();
    const take = async () => {
      let got = 0;
      for (let i = 0; i < limit + 3; i++) if ((await limiter.decide('k')).admitted) got++;
      return got;
    };
    now = epoch + 1000;
    expect(await take()).toBe(limit);
    // Less than the limit's own time: nothing is given.
    now -= 500_000;
    expect(await take()).toBe(0);
    // An hour: once everything, and then nothing more.
    now -= 3_600_000_000;
    expect(await take()).toBeLessThanOrEqual(limit);
    expect(await take()).toBe(0);
    now += 2 * wholeUs(policy);
    expect(await take()).toBe(limit);
  });

  test('survives a server that has forgotten the script', async () => {
    now = epoch;
    const limiter = onRedis();
    await limiter.decide('k');
    await redis.script('FLUSH');
    expect(await limiter.decide('k')).toMatchObject({ admitted: true, remaining: limit - 2 });
  });

  test('instances whose clocks differ admit more by their own clocks, and not by the server’s', async () => {
    const admittedBy = async (clock: 'server' | 'client') => {
      const skewed = [0, 3_600_000_000].map((ahead) =>
        redisLimiter(redis, algorithm, clock, () => epoch + ahead),
      );
      let count = 0;
      for (let i = 0; i < 40; i++) if ((await skewed[i % 2]?.decide(`clock/${clock}`))?.admitted) count++;
      return count;
    };
    expect(await admittedBy('client')).toBeGreaterThan(2 * limit);
    expect(await admittedBy('server')).toBeLessThanOrEqual(2 * limit);
  });

  test('keys of any characters are counted apart', async () => {
    now = epoch;
    const limiter = onRedis();
    for (const key of ['p/', 'p/{}', 'p/}{', 'p/\u0000\r\n', 'p/ä €', "p/'; FLUSHALL"]) {
      for (let i = 0; i < limit; i++) expect((await limiter.decide(key)).admitted).toBe(true);
      expect((await limiter.decide(key)).admitted).toBe(false);
    }
  });

  test('the local count keeps so many keys and no more', async () => {
    now = epoch;
    const limiter = localLimiter(algorithm, 0.5, 3, () => now);
    const share = Math.floor(limit * 0.5);
    for (let i = 0; i < share; i++) expect((await limiter.decide('first')).admitted).toBe(true);
    expect((await limiter.decide('first')).admitted).toBe(false);
    for (const key of ['b', 'c']) await limiter.decide(key);
    expect((await limiter.decide('first')).admitted).toBe(false);
    for (const key of ['d', 'e', 'f']) await limiter.decide(key);
    expect((await limiter.decide('first')).admitted).toBe(true);
  });
});
