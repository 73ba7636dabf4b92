/**
 * `npm run app`: the reference application on this machine, with one Redis and an embedded PostgreSQL, in the
 * foreground. `npm run app -- memory-audit [--redis host:port] [--json]`: what a Redis keeps.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { type AppSettings, ConfigError, validateConfig } from '../lab/app/config.ts';
import { connectDatabase } from '../lab/app/database/database.ts';
import { seed } from '../lab/app/database/seed.ts';
import { auditTable } from '../lab/app/operations/audit-table.ts';
import { auditMemory } from '../lab/app/operations/memory-audit.ts';
import { primariesOf } from '../lab/app/operations/primaries-of.ts';
import { createApp } from '../lab/app/server.ts';
import { LabError, UsageError } from '../lab/common/errors.ts';
import { findTools } from '../lab/tools/find-tools.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const HOST = '127.0.0.1';
const DIRECTORY = 'failover-lab-app-';
const USAGE = `usage: npm run app [-- --port 8080] [-- --redis-port 6390] [-- --users 100] [-- --products 1000]
       npm run app -- memory-audit [--redis ${HOST}:6390] [--top 5] [--json]`;

try {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'memory-audit') await audit(rest);
  else await serve(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof ConfigError;
  const isArgument = error instanceof TypeError && 'code' in error;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  if (error instanceof LabError) for (const line of error.details) process.stderr.write(`  ${line}\n`);
  if (isArgument) process.stderr.write(`${USAGE}\n`);
  process.exit(isUsage || isArgument ? 2 : 3);
}

async function serve(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8080' },
      'redis-port': { type: 'string', default: '6390' },
      users: { type: 'string', default: '100' },
      products: { type: 'string', default: '1000' },
    },
  });
  const port = wholeNumber('--port', values.port);
  const redisPort = wholeNumber('--redis-port', values['redis-port']);
  const seeds = {
    users: wholeNumber('--users', values.users),
    products: wholeNumber('--products', values.products),
  };
  removeLeftovers();
  const dir = mkdtempSync(join(tmpdir(), `${DIRECTORY}${process.pid}-`));
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(dir, { recursive: true, force: true })];
  const end = async (code: number) => {
    for (const each of undo.splice(0).reverse()) await each().catch(() => {});
    process.exit(code);
  };
  process.on('SIGINT', () => void end(0));
  process.on('SIGTERM', () => void end(0));
  process.on('SIGHUP', () => void end(0));
  try {
    const redis = await startRedis(dir, redisPort);
    undo.push(() => stop(redis));
    const postgres = await startEmbeddedPostgres(dir);
    undo.push(postgres.end);
    const server = { kind: 'single' as const, host: HOST, port: redisPort };
    const settings: AppSettings = {
      listen: { host: HOST, port },
      database: { url: postgres.url },
      redis: { sessions: server, cache: server, limits: server, jobs: server },
      limits: { policies: { demo: { algorithm: 'token-bucket', capacity: 5, perSecond: 1 } } },
      logLevel: 'warn',
    };
    const config = validateConfig(settings);
    const database = connectDatabase({ ...config, instance: 'seed' });
    await seed(database, seeds);
    await database.close();
    const app = await createApp(config);
    undo.push(app.close);
    process.stdout.write(introduction(app.url, redisPort));
  } catch (error) {
    for (const each of undo.splice(0).reverse()) await each().catch(() => {});
    throw error;
  }
}

/** Directories of runs that were killed and could not tidy up; their servers went with them. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(DIRECTORY) ? Number.parseInt(name.slice(DIRECTORY.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is somebody else's, and alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function introduction(url: string, redisPort: number): string {
  return `
the application is at ${url}, its Redis at ${HOST}:${redisPort}; Ctrl-C ends everything

  curl -c /tmp/cookies -H 'content-type: application/json' -d '{"user": 17, "password": "password-17"}' ${url}/login
  curl -b /tmp/cookies ${url}/me
  curl -i -H 'x-client: me' ${url}/limited/demo

  npm run app -- memory-audit --redis ${HOST}:${redisPort}
`;
}

/** A redis-server that the kernel kills with this process, where there is setpriv (Linux). */
async function startRedis(dir: string, port: number): Promise<ChildProcess> {
  const { 'redis-server': tool } = await findTools(['redis-server']);
  const own = ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no'];
  const all = [tool.path, ...own, '--maxmemory-policy', 'noeviction'];
  const [command = '', ...args] = platform() === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', ...all] : all;
  const child = spawn(command, args, { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output = (output + chunk).slice(-2000);
  });
  child.on('error', () => {});
  const redis = new Redis(port, HOST, { retryStrategy: () => 50 });
  redis.on('error', () => {});
  try {
    const exited = once(child, 'exit').then(() => {
      throw new LabError(`redis-server on port ${port} ended`, {
        details: output.trim().split('\n').slice(-5),
      });
    });
    const info = await Promise.race([redis.info('server'), exited]);
    exited.catch(() => {});
    // Somebody else's server may have had the port already, and would have answered.
    if (!info.includes(`process_id:${child.pid}\r\n`))
      throw new LabError(`port ${port} is taken by another Redis; choose one with --redis-port`);
  } finally {
    redis.disconnect();
  }
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function audit(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      redis: { type: 'string', default: `${HOST}:6390` },
      top: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
    },
  });
  const [, host, port] = /^(.+):(\d+)$/.exec(values.redis) ?? [];
  if (host === undefined) throw new UsageError(`--redis: expected host:port, got ${values.redis}`);
  const redis = new Redis(Number(port), host, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  const failed = once(redis, 'error').then(([error]) => {
    throw new LabError(`no Redis at ${values.redis}`, { details: [String(error.message)] });
  });
  const servers = [redis];
  const look = async () => {
    servers.push(...(await primariesOf(redis)).filter((server) => server !== redis));
    const holders = servers.length === 1 ? servers : servers.slice(1);
    return auditMemory(holders, { top: wholeNumber('--top', values.top) });
  };
  try {
    const result = await Promise.race([look(), failed]);
    process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : auditTable(result)}\n`);
  } finally {
    failed.catch(() => {});
    for (const server of servers) server.disconnect();
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${name}: expected a whole number, got ${text}`);
  return Number(text);
}
