import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validateConfig } from './config.ts';
import { readSettings } from './read-settings.ts';

const single = { kind: 'single', host: '127.0.0.1', port: 6379 };
const redis = { sessions: single, cache: single, limits: single, jobs: single };
const database = { url: 'postgres://a@b/c' };
const valid = { database, redis };

test('fills defaults in to any depth, and leaves what was given alone', () => {
  const config = validateConfig({ ...valid, cache: { breaker: { failures: 2 } }, limits: {} });
  expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 });
  expect(config.cache.breaker).toEqual({ failures: 2, openMs: 1000, serveStale: true });
  expect(config.clients.jobs.retryDelayMs).toEqual({ from: 50, to: 1000, jitter: 0.5 });
  expect(config.redis.cache).toEqual(single);
  expect(validateConfig({ ...valid, cache: { breaker: null } }).cache.breaker).toBe(null);
  expect(validateConfig(config)).toEqual(config);
});

test.each([
  [{ redis }, 'database: expected an object, got nothing'],
  [{ ...valid, listen: { port: 'x' } }, 'listen.port: expected a whole number from 0 to 65535, got "x"'],
  [{ ...valid, sesions: {} }, 'sesions: unknown field; did you mean "sessions"?'],
  [{ ...valid, cache: { ttlMS: 3 } }, 'cache.ttlMS: unknown field; did you mean "ttlMs"?'],
  [{ ...valid, cache: { jitter: 2 } }, 'cache.jitter: expected a number from 0 to 1, got 2'],
  [
    { ...valid, sessions: { store: 'plane' } },
    'sessions.store: expected "plain" or "clustered", got "plane"',
  ],
  [
    { ...valid, redis: { ...redis, jobs: { kind: 'sentinal' } } },
    'redis.jobs.kind: expected "single" or "sentinel" or "cluster", got "sentinal"',
  ],
  [
    { ...valid, redis: { ...redis, jobs: { kind: 'cluster', nodes: [{ host: 'a', port: 0 }] } } },
    'redis.jobs.nodes[0].port: expected a whole number from 1 to 65535, got 0',
  ],
  [
    { ...valid, limits: { policies: { p: { algorithm: 'fixed-window', limit: 1 } } } },
    'limits.policies.p.windowMs: expected a whole number of at least 1, got nothing',
  ],
  [{ ...valid, limits: { policies: { 'A B': 1 } } }, 'limits.policies.A B: expected a name like'],
  [
    { ...valid, sessions: { invalidation: 'sharded' } },
    'sessions.invalidation: expected "pubsub" where redis.sessions is no cluster, got "sharded"',
  ],
  [
    { ...valid, cache: { invalidation: 'sharded' } },
    'cache.invalidation: expected "pubsub" where redis.cache is no cluster, got "sharded"',
  ],
  [
    {
      database,
      redis: { ...redis, cache: { kind: 'cluster', nodes: [{ host: 'a', port: 1 }] } },
      cache: { invalidation: 'sharded', strategy: 'write-behind' },
    },
    'cache.invalidation: expected "pubsub" where cache.strategy is "write-behind", got "sharded"',
  ],
  [[], 'configuration: expected an object, got []'],
])('%j is refused by name', (settings, message) => {
  expect(() => validateConfig(settings)).toThrow(message);
});

test('sharded invalidation is taken where the role has a cluster, whatever the others have', () => {
  const cluster = { kind: 'cluster', nodes: [{ host: 'a', port: 1 }] };
  const given = { database, redis: { ...redis, sessions: cluster }, sessions: { invalidation: 'sharded' } };
  const config = validateConfig(given);
  expect([config.sessions.invalidation, config.cache.invalidation]).toEqual(['sharded', 'pubsub']);
});

test('a secret that is wrong is not shown', () => {
  const settings = { ...valid, sessions: { cookieSecrets: ['hunter2'] } };
  expect(() => validateConfig(settings)).toThrow(
    'sessions.cookieSecrets[0]: expected a text of at least 16 characters, got a string (not shown)',
  );
  expect(() => validateConfig({ redis, database: { url: 'mysql://root:hunter2@h' } })).toThrow(
    /^(?!.*hunter2)/,
  );
});

test('variables go on top of the file, by the words of their path', () => {
  const dir = mkdtempSync(join(tmpdir(), 'app-config-'));
  try {
    const file = join(dir, 'app.json');
    writeFileSync(file, JSON.stringify({ instance: 'a', listen: { port: 1, host: '::1' } }));
    const settings = readSettings([file], {
      APP_LISTEN__PORT: '8081',
      APP_SESSIONS__TTL_SECONDS: '60',
      APP_REDIS__JOBS__PASSWORD: '1234',
      APP_LIMITS__POLICIES: '{"login": {"algorithm": "x"}}',
      HOME: '/root',
    });
    expect(settings).toEqual({
      instance: 'a',
      listen: { port: 8081, host: '::1' },
      sessions: { ttlSeconds: 60 },
      redis: { jobs: { password: '1234' } },
      limits: { policies: { login: { algorithm: 'x' } } },
    });
    writeFileSync(file, '{"instance": ');
    expect(() => readSettings([], { APP_CONFIG: file })).toThrow(/expected JSON/);
    expect(() => readSettings(['/nowhere/x.json'], {})).toThrow(/cannot read \/nowhere\/x\.json/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
