import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDatabase } from '../lab/app/database/database.ts';
import { seed } from '../lab/app/database/seed.ts';
import { freePort } from '../lab/common/free-port.ts';
import { until } from '../lab/common/until.ts';
import { TestServers } from '../lab/workload/test-servers.ts';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';
import type { Figure } from './figure.ts';

const MAIN = path.join(import.meta.dirname, '../lab/app/main.ts');
const requests = 200;
/** How long the database needs for one product: long enough for the others to come meanwhile. */
const queryMs = 50;

/** What an application does that has nothing against stampedes. */
const unprotected = { coalesce: false, leaseMs: null, staleMs: 0, maxFills: null, jitter: 0 };

/**
 * 200 requests at once for one key that nobody has, half of them at each of two instances (processes of their own)
 * on one Redis and one PostgreSQL that takes 50 ms for a product: how often the database was asked for it, as the
 * database itself counts, in a table that the statement writes to. Each run is a key of its own.
 */
export async function stampede(runs = 5): Promise<Figure[]> {
  const all = await queries({}, runs);
  const none = await queries(unprotected, runs);
  const name = `database queries, ${requests} requests for a cold key at two instances`;
  return [
    { name: `${name}, all mitigations`, unit: 'queries', samples: all, bar: { min: 1, max: 1 } },
    { name: `${name}, none`, unit: 'queries', samples: none, bar: {} },
  ];
}

async function queries(cache: object, runs: number): Promise<number[]> {
  const servers = new TestServers();
  const dir = mkdtempSync(path.join(tmpdir(), 'bench-stampede-'));
  chmodSync(dir, 0o755);
  const postgres = await startEmbeddedPostgres(path.join(dir, 'postgres'));
  const patience = { connections: 2, connectTimeoutMs: 30_000, statementTimeoutMs: 30_000 };
  const database = connectDatabase({ instance: 'bench', database: { ...patience, url: postgres.url } });
  try {
    const { host, port } = await servers.redis();
    await seed(database, { users: 1, products: runs });
    await database.query('counted', COUNTED);
    const one = { kind: 'single', host, port };
    const settings = {
      logLevel: 'error',
      database: { ...patience, connections: 20, url: postgres.url },
      redis: { sessions: one, cache: one, limits: one, jobs: one },
      cache,
    };
    const urls = await Promise.all(['app-1', 'app-2'].map((name) => instance(servers, name, settings)));
    const samples: number[] = [];
    for (let id = 1; id <= runs; id++) {
      const answers = await Promise.all(
        Array.from({ length: requests }, (_, i) => fetch(`${urls[i % urls.length]}/products/${id}`)),
      );
      const wrong = answers.find(({ status }) => status !== 200);
      if (wrong !== undefined) throw new Error(`expected 200 from every request, got ${wrong.status}`);
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      const asked = 'SELECT count(*)::int AS count FROM asked WHERE id = $1';
      const [row] = await database.query<{ count: number }>('count', asked, [id]);
      samples.push(row?.count ?? 0);
    }
    return samples;
  } finally {
    await servers.end();
    await database.close();
    await postgres.end();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Products as a view whose rows cost time and leave a trace each time that they are read. */
const COUNTED = `
ALTER TABLE products RENAME TO shelf;
CREATE TABLE asked (id integer NOT NULL);
CREATE FUNCTION ask(wanted integer) RETURNS boolean LANGUAGE plpgsql VOLATILE AS
  $$ BEGIN INSERT INTO asked VALUES (wanted); PERFORM pg_sleep(${queryMs / 1000}); RETURN true; END $$;
CREATE VIEW products AS SELECT id, version, name, price_cents FROM shelf WHERE ask(id)`;

async function instance(servers: TestServers, name: string, settings: object): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = Object.entries({ ...settings, instance: name, listen: { port } });
  const env = config.map(([field, value]) => [
    `APP_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...Object.fromEntries(env) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  servers.track(child);
  await until(async () => (await fetch(`${url}/ready`)).ok, {
    what: `${name} to be ready`,
    withinMs: 30_000,
  });
  return url;
}
