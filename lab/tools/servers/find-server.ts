import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions } from '../../common/version-number.ts';
import type { Context } from '../context.ts';
import { redis } from '../kits/redis.ts';
import { examine } from '../look.ts';
import { allOnPath, isExecutable } from '../search-path.ts';
import { serverId } from './inspect-server.ts';
import { means, nameText, type ServerName } from './server-choice.ts';

/** Where servers that were brought by name lie in the cache. */
export function serverDirectory(wanted: ServerName, context: Context): string {
  return join(context.cache, 'servers', nameText(wanted).replace(':', '-'));
}

/**
 * A server that is on this machine already: the newest that the name means, of LAB_REDIS_SERVER, PATH and the lab's cache.
 * Its binary's path, or null. What does not run, or lacks Sentinel, is passed over.
 */
export async function findServer(wanted: ServerName, context: Context): Promise<string | null> {
  const fitting: { path: string; version: string }[] = [];
  for (const path of candidates(context)) {
    try {
      const main = await examine(redis, ['redis-server', 'redis-sentinel'], path, context);
      const server = main['redis-server'];
      if (server === undefined) continue;
      const { product, version } = await serverId(server.path, context);
      if (product === wanted.product && means(wanted.version, version)) fitting.push({ path, version });
    } catch {
      // It is of no use here, which is all that matters.
    }
  }
  return fitting.sort((a, b) => compareVersions(b.version, a.version))[0]?.path ?? null;
}

function candidates({ environment, cache }: Context): string[] {
  const names = [redis.main, ...redis.aliases];
  const named = environment[redis.variable];
  const inside = (directory: string) => names.map((name) => join(directory, name));
  const brought = ['servers', 'kits'].flatMap((kind) =>
    directoriesIn(join(cache, kind)).flatMap((directory) => inside(directory)),
  );
  return [
    ...(named === undefined ? [] : [named, ...inside(named)]),
    ...names.flatMap((name) => allOnPath(name, environment)),
    ...brought,
  ].filter(isExecutable);
}

function directoriesIn(directory: string): string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
}
