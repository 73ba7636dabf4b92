import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';
import type { Context } from './context.ts';
import type { Kit } from './kit.ts';

/** Where a kit that the lab brought lies in the cache. A newer pin of the lab's gets a directory of its own. */
export function kitDirectory(kit: Kit, context: Context): string {
  return join(context.cache, 'kits', `${kit.name}-${kit.release?.version ?? 'none'}`);
}

/** How what lies in a directory of the cache was brought, from the note beside it. */
export function broughtHow(directory: string): string {
  try {
    const note: unknown = JSON.parse(readFileSync(join(directory, 'brought.json'), 'utf8'));
    if (typeof note === 'object' && note !== null && 'how' in note) return `brought by ${note.how}`;
  } catch {
    // The binary is checked by itself; the note only tells its story.
  }
  return 'put there by hand';
}

/** A directory of the cache that is to be filled. */
export interface Filled {
  /** What it is called where it is made; of those that are made at the same time each has its own. */
  name: string;
  directory: string;
  /** The file in it that is checked. */
  main: string;
  /** For the note beside it. */
  note: Readonly<Record<string, unknown>>;
}

/** The directory of a kit. */
export function filledKit(kit: Kit, context: Context, how: string): Filled {
  const note = { kit: kit.name, version: kit.release?.version, how };
  return { name: kit.name, directory: kitDirectory(kit, context), main: kit.main, note };
}

/**
 * Fills a directory in the cache whole or not at all: `fill` works in a directory of its own, `check`
 * must pass there, and only then it gets its name. Call it with its lock held: it clears away what an
 * earlier attempt that was killed has left.
 */
export async function bringInto(
  { name, directory, main, note }: Filled,
  context: Context,
  fill: (into: string, scratch: string) => Promise<void>,
  check: (main: string) => Promise<unknown>,
): Promise<void> {
  const temporary = join(context.cache, 'tmp');
  const mine = `${name}.`;
  const scratch = join(temporary, `${mine}${randomUUID()}`);
  const into = join(scratch, 'out');
  try {
    mkdirSync(temporary, { recursive: true });
    for (const left of readdirSync(temporary))
      if (left.startsWith(mine)) rmSync(join(temporary, left), { recursive: true, force: true });
    mkdirSync(into, { recursive: true });
    mkdirSync(dirname(directory), { recursive: true });
  } catch (error) {
    throw new LabError(`expected a cache that can be written, got: ${messageOf(error)}`, {
      cause: error,
      details: ['set FAILOVER_LAB_CACHE to a directory that you may write to'],
    });
  }
  try {
    await fill(into, scratch);
    chmodSync(join(into, main), 0o755);
    await check(join(into, main));
    const told = { ...note, at: new Date().toISOString() };
    writeFileSync(join(into, 'brought.json'), `${JSON.stringify(told, null, 2)}\n`);
    // What is there did not pass the check, or nobody would bring it again.
    rmSync(directory, { recursive: true, force: true });
    renameSync(into, directory);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
