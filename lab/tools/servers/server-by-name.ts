import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, messageOf, UsageError } from '../../common/errors.ts';
import { bringInto } from '../brought.ts';
import { type Context, contextOf } from '../context.ts';
import { redis } from '../kits/redis.ts';
import { withLock } from '../lock.ts';
import { examine } from '../look.ts';
import type { SetupProgress } from '../setup-progress.ts';
import type { ToolOptions } from '../tool.ts';
import { forgetful } from '../version-memory.ts';
import { debianServer } from './debian-server.ts';
import { findServer, serverDirectory } from './find-server.ts';
import { nameText, refusedImage, type ServerName, serverChoice } from './server-choice.ts';
import { sourceServer } from './source-server.ts';

/**
 * The path that `--redis` means where servers are plain processes: itself, or that of a server by its name, which is found
 * on this machine or brought: from Debian's packages, else built from source. UsageError for an image, and for a version
 * that nobody has; LabError where it could not be had.
 */
export async function serverPath(
  given: string,
  options: ToolOptions = {},
  onProgress: (progress: SetupProgress) => void = () => {},
): Promise<string> {
  const choice = serverChoice(given);
  if (choice.kind === 'image') throw refusedImage(choice.image);
  if (choice.kind === 'path') return choice.path;
  const context = contextOf(options);
  try {
    return (await findServer(choice, context)) ?? (await locked(choice, context, onProgress));
  } finally {
    context.versions.save();
  }
}

function locked(
  wanted: ServerName,
  context: Context,
  onProgress: (progress: SetupProgress) => void,
): Promise<string> {
  const say = (state: SetupProgress['state'], text: string) =>
    onProgress({ kit: 'redis', state, text: `${nameText(wanted)}: ${text}` });
  // One lock for all: apt's lists are shared.
  return withLock(
    join(context.cache, 'locks', 'servers.lock'),
    async () => {
      try {
        return (await findServer(wanted, context)) ?? (await bring(wanted, context, say));
      } finally {
        // Lists of packages are large, and soon old.
        rmSync(join(context.cache, 'apt'), { recursive: true, force: true });
      }
    },
    { signal: context.signal, onWait: () => say('working', 'waiting for another lab that brings a server') },
  );
}

/** By the first way that works. The list of releases is asked first: it is short, and knows what there is not. */
async function bring(
  wanted: ServerName,
  context: Context,
  say: (state: SetupProgress['state'], text: string) => void,
): Promise<string> {
  const name = nameText(wanted);
  const passedOver: string[] = [];
  const tried = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      context.signal?.throwIfAborted();
      const details = error instanceof LabError ? error.details.map((line) => `  ${line}`) : [];
      passedOver.push(messageOf(error), ...details);
      return null;
    }
  };
  say('working', 'looking for it');
  const source = await tried(() => sourceServer(wanted, context));
  if (source !== null && 'absent' in source)
    throw new UsageError(`--redis ${name}: there is no such server: ${source.absent}`);
  for (const find of [debianServer, async () => source]) {
    const way = await tried(() => find(wanted, context));
    if (way === null) continue;
    if ('absent' in way) {
      passedOver.push(way.absent);
      continue;
    }
    const directory = serverDirectory(wanted, context);
    const main = `${wanted.product}-server`;
    const note = { server: name, how: way.how };
    const unremembered = { ...context, versions: forgetful };
    const path = await tried(async () => {
      await bringInto(
        { name: name.replace(':', '-'), directory, main, note },
        context,
        (into, scratch) => way.fill(into, scratch, (text) => say('working', text)),
        (binary) => examine(redis, ['redis-server', 'redis-sentinel'], binary, unremembered),
      );
      return join(directory, main);
    });
    if (path === null) continue;
    say('done', `brought: ${way.how}`);
    return path;
  }
  throw new LabError(`--redis ${name}: none on this machine, and it could not be brought`, {
    details: [
      ...passedOver,
      `already there: --redis <path of ${wanted.product}-server, or of its directory>`,
    ],
  });
}
