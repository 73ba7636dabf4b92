import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';
import type { Host } from '../hosts/host.ts';
import { withLock } from '../tools/lock.ts';
import { SUPERUSER } from './postgres-configuration.ts';

/** What a database holds before anybody comes: schema and seed. */
export interface Preparation {
  /** What tells it from others, for people too: `schema 3, 5000 users`; part of the template's name only through its hash. */
  key: string;
  /** Statements, separated by semicolons. */
  sql: string;
  /** Fills the tables, after `sql`. Whatever changes what it does belongs into the key. */
  seed?: (database: SeedTarget) => Promise<void>;
}

/** The database that is being prepared; `name` is what the statement is for. */
export interface SeedTarget {
  query<Row extends object>(name: string, sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface ClusterOptions {
  host: Host;
  /** Path of the program `postgres`; `initdb` lies beside it. */
  postgres: string;
  /** The lab's cache, in which templates are kept: `<cache>/postgres/<version>-<hash>`. */
  cache: string;
  prepare: Preparation;
  /** Fills an initialised cluster by starting it and running the SQL; it is stopped again when this resolves. */
  fill: (directory: string) => Promise<void>;
}

/** For `initdb`: no replication, a WAL of a few small files, the locale that is nobody's: 31 MB, 1000 files. */
export const INITDB = [
  ...['--auth=trust', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
  ...['--wal-segsize=1', '--no-sync', '--no-instructions'],
];
const UNUSED_DAYS = 14;

/**
 * Puts a cluster with the prepared database into `directory`, which must not exist: a copy of a template that is
 * made once for each version of PostgreSQL and each preparation, whole or not at all, and then kept in the cache.
 * LabError when the cache cannot be used or the preparation is refused.
 */
export async function placeCluster(directory: string, options: ClusterOptions): Promise<void> {
  const { host, cache } = options;
  const template = path.join(cache, 'postgres', await nameOf(options));
  if (!existsSync(template)) {
    await withLock(path.join(cache, 'locks', 'postgres-template.lock'), async () => {
      if (!existsSync(template)) await make(template, `${directory}.new`, options);
    });
  }
  try {
    await host.run('cp', ['-a', template, directory]);
    const now = new Date();
    utimesSync(template, now, now);
  } catch (cause) {
    throw new LabError(
      `expected a database template that can be copied at ${template}, got: ${messageOf(cause)}`,
      {
        cause,
        details: ['it may be removed; the next run makes another'],
      },
    );
  }
}

async function nameOf({ host, postgres, prepare }: ClusterOptions): Promise<string> {
  const version = /(\d+\.\d+)/.exec(await host.run(postgres, ['--version']))?.[1] ?? 'unknown';
  const parts = [postgres, ...INITDB, prepare.key, prepare.sql];
  const hash = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
  return `${version}-${hash}`;
}

/** In memory first, then into the cache under another name: a template that is there is complete. */
async function make(template: string, scratch: string, options: ClusterOptions): Promise<void> {
  const { host, postgres, fill } = options;
  const templates = path.dirname(template);
  const unfinished = path.join(templates, `unfinished-${randomUUID()}`);
  const initdb = path.join(path.dirname(postgres), 'initdb');
  mkdirSync(templates, { recursive: true });
  tidy(templates);
  rmSync(scratch, { recursive: true, force: true });
  try {
    const args = ['-D', scratch, `--username=${SUPERUSER}`, ...INITDB];
    await host.run(...host.asOrdinaryUser(initdb, args));
    await fill(scratch);
    await host.run('cp', ['-a', scratch, unfinished]);
    renameSync(unfinished, template);
  } finally {
    for (const left of [scratch, unfinished]) rmSync(left, { recursive: true, force: true });
  }
}

/** Under the lock nobody else makes one: unfinished ones are those of killed labs. */
function tidy(templates: string): void {
  const oldest = Date.now() - UNUSED_DAYS * 24 * 3_600_000;
  for (const name of readdirSync(templates)) {
    const one = path.join(templates, name);
    if (name.startsWith('unfinished-') || statSync(one).mtimeMs < oldest) rmSync(one, { recursive: true });
  }
}
