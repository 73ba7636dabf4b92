import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monotonicMs } from '../lab/common/clock.ts';
import { freePort } from '../lab/common/free-port.ts';
import { until } from '../lab/common/until.ts';
import { TestServers } from '../lab/workload/test-servers.ts';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';
import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';

const APP = path.join(import.meta.dirname, '../lab/app/main.ts');
const DATABASE = new URL('./database.cases.ts', import.meta.url);

/**
 * One instance of the application, with Redis and PostgreSQL there, from the start of its process until `/ready`
 * answers 200; and the lab's PostgreSQL, whose prepared cluster is in the cache, until it answers a query.
 */
export async function application(runs = 9): Promise<Figure[]> {
  const { lines } = await inSandbox(DATABASE, 'starts again and again', 'done');
  return [
    {
      name: 'application, from start to /ready',
      unit: 'ms',
      samples: await instanceStarts(runs),
      bar: { max: 700 },
    },
    {
      name: 'PostgreSQL on a host, ready',
      unit: 'ms',
      samples: lines.filter(({ text }) => text !== 'done').map(({ text }) => Number(text)),
      bar: { max: 2000 },
    },
  ];
}

async function instanceStarts(runs: number): Promise<number[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
  const servers = new TestServers();
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => rmSync(dir, { recursive: true, force: true }));
  undo.defer(() => servers.end());
  const { host, port } = await servers.redis();
  const postgres = await startEmbeddedPostgres(dir);
  undo.defer(() => postgres.end());
  const server = { kind: 'single', host, port };
  const own = await freePort();
  const settings = {
    listen: { port: own },
    database: { url: postgres.url },
    redis: { sessions: server, cache: server, limits: server, jobs: server },
  };
  const file = path.join(dir, 'app.json');
  writeFileSync(file, JSON.stringify(settings));
  // The first start compiles, and caches what it compiled.
  await instanceStart(file, own);
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) samples.push(await instanceStart(file, own));
  return samples;
}

async function instanceStart(file: string, port: number): Promise<number> {
  const startedAt = monotonicMs();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', APP, file], {
    stdio: 'ignore',
  });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status === 200, {
    what: 'the application to be ready',
    withinMs: 10_000,
    everyMs: 2,
  });
  const ms = monotonicMs() - startedAt;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return ms;
}
