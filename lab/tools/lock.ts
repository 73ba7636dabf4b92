import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sleep } from '../common/clock.ts';
import { LabError, messageOf } from '../common/errors.ts';

/** SQLite's result code for "somebody else holds the lock". */
const busy = 5;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called once, when somebody else holds the lock. */
  onWait?: () => void;
}

/**
 * Does `work` while no other lab on this machine does anything under the same lock.
 * The lock is SQLite's on its own file, that is, one of the kernel's record locks: it ends with the process
 * that holds it, however that dies, and works across process-id namespaces. The file itself stays, empty.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const database = open(file);
  try {
    for (let waited = false; !take(database, file); waited = true) {
      if (!waited) options.onWait?.();
      await sleep(100, options.signal);
    }
    return await work();
  } finally {
    database.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw notLockable(file, error);
  }
}

function take(database: DatabaseSync, file: string): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return false;
    throw notLockable(file, error);
  }
}

function notLockable(file: string, cause: unknown): LabError {
  return new LabError(
    `expected a cache that can be written, for the lock ${file}, got: ${messageOf(cause)}`,
    {
      cause,
      details: ['set FAILOVER_LAB_CACHE to a directory that you may write to'],
    },
  );
}
