import { UsageError } from '../common/errors.ts';
import type { Daemon } from './daemon.ts';
import { candidates, type ImageRole, imageRoles, images } from './images.ts';

/** Who chose an image: an option, its variable, or nobody: then it is the official one, or where that is not there a packed one. */
export type ImageChoice = 'option' | 'environment' | 'official' | 'packed';

/** A role's image as a run would use it. */
export interface ListedImage {
  role: ImageRole;
  purpose: string;
  reference: string;
  from: ImageChoice;
  /** Null when the daemon does not have it. */
  sizeBytes: number | null;
}

export interface ImageOptions {
  /** Images that options name, before the variables: a reference, or of a server a name as `valkey:9`. */
  chosen?: Partial<Record<ImageRole, string>>;
  /** Where the variables are read from. Default: process.env. */
  environment?: NodeJS.ProcessEnv;
}

/** Names in lower case, a tag, a digest: enough to tell a slip from a name that the daemon has to judge. */
const REFERENCE = /^[a-z0-9][a-z0-9._\-/:]*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

/**
 * The image of every role (default: all): the one that an option or its variable names, else the official one, and of
 * either a packed one instead where the daemon has that alone. UsageError for what cannot be an image's name.
 */
export async function listImages(
  daemon: Daemon,
  { chosen = {}, environment = process.env }: ImageOptions = {},
  roles: readonly ImageRole[] = imageRoles,
): Promise<ListedImage[]> {
  return Promise.all(
    roles.map(async (role) => {
      const { purpose, variable } = images[role];
      const given = chosen[role] || environment[variable] || undefined;
      const named = chosen[role] ? 'option' : 'environment';
      if (given !== undefined && !REFERENCE.test(given))
        throw new UsageError(
          `expected an image as redis:8 or registry/owner/name:tag for ${purpose}, got ${JSON.stringify(given)}`,
        );
      const listed = await Promise.all(
        candidates(role, given).map(async (reference, index): Promise<ListedImage> => {
          const from = given !== undefined ? named : index === 0 ? 'official' : 'packed';
          return { role, purpose, reference, from, sizeBytes: await sizeOf(daemon, reference) };
        }),
      );
      return listed.find(({ sizeBytes }) => sizeBytes !== null) ?? (listed[0] as ListedImage);
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
