import { createHash } from 'node:crypto';
import { mkdirSync, readlinkSync, realpathSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';

/**
 * A path that starts `binary` under another name, as a symbolic link in the cache: one binary serves as
 * redis-server and redis-sentinel and decides by the name it is called by.
 * Throws LabError when the cache cannot be written.
 */
export function linkNamed(cache: string, binary: string, name: string): string {
  const target = realpathSync(binary);
  const directory = join(cache, 'links', createHash('sha256').update(target).digest('hex').slice(0, 12));
  const link = join(directory, name);
  if (pointsTo(link, target)) return link;
  try {
    mkdirSync(directory, { recursive: true });
    const temporary = `${link}.${process.pid}`;
    symlinkSync(target, temporary);
    renameSync(temporary, link);
    return link;
  } catch (error) {
    throw new LabError(
      `expected a cache that can be written, for a link named ${name} to ${target}, got: ${messageOf(error)}`,
      {
        cause: error,
        details: ['set FAILOVER_LAB_CACHE to a directory that you may write to'],
      },
    );
  }
}

function pointsTo(link: string, target: string): boolean {
  try {
    return readlinkSync(link) === target;
  } catch {
    return false;
  }
}
