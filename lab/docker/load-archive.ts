import type { Readable } from 'node:stream';
import { LabError, messageOf } from '../common/errors.ts';
import type { Daemon } from './daemon.ts';

/**
 * Loads an archive of images, as `docker load` does, and returns the names that the daemon now has. `what` names it for
 * people. LabError when it is none or the daemon refuses it.
 */
export async function loadArchive({ docker }: Daemon, archive: Readable, what: string): Promise<string[]> {
  try {
    const answer = await docker.loadImage(archive, { quiet: true });
    const events = await new Promise<{ stream?: string }[]>((resolve, reject) => {
      docker.modem.followProgress(answer, (error, all) => (error ? reject(error) : resolve(all)));
    });
    const names = events.flatMap(({ stream }) => /Loaded image: (\S+)/.exec(stream ?? '')?.[1] ?? []);
    if (names.length > 0) return names;
    throw new Error(events.map(({ stream }) => stream).join(' ') || 'it named no image');
  } catch (cause) {
    throw new LabError(`expected an archive of images: ${what}, got: ${messageOf(cause)}`, { cause });
  }
}
