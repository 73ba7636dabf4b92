/**
 * Real servers and real instances for the parts' tests. One redis-server and one PostgreSQL for each test file,
 * started when first needed; everything is ended after the file's last test, whatever became of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { type TestServer, TestServers } from '../workload/test-servers.ts';
import { type AppConfig, type AppSettings, validateConfig } from './config.ts';
import type { Database } from './context.ts';
import { connectDatabase } from './database/database.ts';
import { seed } from './database/seed.ts';
import { type App, createApp } from './server.ts';

export interface TestAppOptions {
  /** true: an empty database of its own on the file's PostgreSQL, with tables and these seeds. Default: none, nothing listens. */
  database?: boolean;
  /** Seeds of that database. Default: 5 users, 20 products. */
  seeds?: { users?: number; products?: number };
}

/** One instance in this process. */
export interface TestApp {
  app: App;
  /** Base URL. */
  url: string;
  /** Another connection to the file's Redis, for looking and for mischief. */
  redis: Redis;
  /** Another connection to the instance's database; throws where it has none. */
  database: Database;
  /** Give it to another instance: the same database, the same Redis. */
  settings: AppSettings;
  /** `fetch` on this instance, with a JSON body where one is given. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

const endings: (() => Promise<unknown>)[] = [];
let postgres: Promise<EmbeddedPostgres> | undefined;
let redis: Promise<TestServer> | undefined;
let databases = 0;

/** More servers for this file: `servers.redis(...)`, `servers.toxiproxy(server)`. */
export const servers = new TestServers();

afterAll(async () => {
  for (const end of endings.reverse()) await end().catch(() => {});
  await servers.end();
}, 30_000);

/** The file's Redis. */
export function testRedis(): Promise<TestServer> {
  redis ??= servers.redis();
  return redis;
}

/** Starts an instance on free ports; all Redis roles lead to the file's Redis, unless `settings` say otherwise. */
export async function startTestApp(
  settings: AppSettings = {},
  options: TestAppOptions = {},
): Promise<TestApp> {
  const { host, port } = await testRedis();
  const one = { kind: 'single' as const, host, port };
  const all: AppSettings = {
    logLevel: 'error',
    shutdownMs: 1000,
    ...settings,
    listen: { port: 0, ...settings.listen },
    database: { url: options.database ? await emptyDatabase() : NOWHERE, ...settings.database },
    redis: { sessions: one, cache: one, limits: one, jobs: one, ...settings.redis },
  };
  const config = validateConfig(all);
  const database = testDatabase(config);
  if (options.database) await seed(database, { users: 5, products: 20, ...options.seeds });
  const app = await createApp(config);
  endings.push(app.close);
  return {
    app,
    url: app.url,
    redis: client(port),
    database,
    settings: all,
    request: (method, path, body, headers = {}) => {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const text = body === undefined ? null : JSON.stringify(body);
      return fetch(app.url + path, { method, headers: { ...json, ...headers }, body: text });
    },
  };
}

/** Port 9 is `discard`: refused. */
const NOWHERE = 'postgres://postgres@127.0.0.1:9/postgres';

/** The file's PostgreSQL. */
export function testPostgres(): Promise<EmbeddedPostgres> {
  postgres ??= (async () => {
    const dir = mkdtempSync(join(tmpdir(), 'app-postgres-'));
    endings.push(async () => rmSync(dir, { recursive: true, force: true }));
    const server = await startEmbeddedPostgres(dir);
    endings.push(server.end);
    return server;
  })();
  return postgres;
}

/** A database without tables on the file's PostgreSQL; its URL. */
export async function emptyDatabase(): Promise<string> {
  const { url } = await testPostgres();
  databases += 1;
  const admin = connectDatabase({ instance: 'test', database: { ...DATABASE, url } });
  await admin.query('create', `CREATE DATABASE test_${databases}`);
  await admin.close();
  return url.replace(/postgres$/, `test_${databases}`);
}

const DATABASE = { connections: 2, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };

function testDatabase({ database: { url } }: AppConfig): Database {
  const database = connectDatabase({ instance: 'test', database: { ...DATABASE, url } });
  endings.push(database.close);
  return database;
}

function client(port: number): Redis {
  const redis = new Redis({ port, host: '127.0.0.1' });
  redis.on('error', () => {});
  endings.push(async () => redis.disconnect());
  return redis;
}
