import type { Daemon } from './daemon.ts';
import { type ImageRole, imageRoles, images, packedName } from './images.ts';

/** Who chose an image: its variable, nobody (the official one), or nobody and the official one is not there. */
export type ImageChoice = 'environment' | 'official' | 'packed';

/** A role's image as a run would use it. */
export interface ListedImage {
  role: ImageRole;
  purpose: string;
  reference: string;
  from: ImageChoice;
  /** Null when the daemon does not have it. */
  sizeBytes: number | null;
}

/**
 * The image of every role (default: all): the one that its variable names, else the official one if the daemon has it,
 * else the packed one if it has that, else the official one, which is still to be pulled.
 */
export async function listImages(
  daemon: Daemon,
  environment: NodeJS.ProcessEnv = process.env,
  roles: readonly ImageRole[] = imageRoles,
): Promise<ListedImage[]> {
  return Promise.all(
    roles.map(async (role) => {
      const { purpose, official, variable } = images[role];
      const listed = async (reference: string, from: ImageChoice): Promise<ListedImage> => {
        const sizeBytes = await sizeOf(daemon, reference);
        return { role, purpose, reference, from, sizeBytes };
      };
      const named = environment[variable];
      if (named) return listed(named, 'environment');
      const pinned = await listed(official, 'official');
      if (pinned.sizeBytes !== null) return pinned;
      const packed = await listed(packedName(role), 'packed');
      return packed.sizeBytes === null ? pinned : packed;
    }),
  );
}

async function sizeOf({ docker }: Daemon, reference: string): Promise<number | null> {
  try {
    return (await docker.getImage(reference).inspect()).Size;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}
