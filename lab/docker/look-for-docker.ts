import { LabError, messageOf } from '../common/errors.ts';
import { openDaemon, socketsOf } from './daemon.ts';
import { type ImageOptions, type ListedImage, listImages } from './list-images.ts';

/** What is known of Docker on this machine. */
export interface DockerLook {
  /** The daemon's; null when there is none that labs can use. */
  version: string | null;
  /** One sentence: which daemon, or why there is none. */
  why: string;
  /** What a person can do; empty when there is one. */
  hints: readonly string[];
  /** The lab's images as runs would use them, but for the reaper's, which they do without. */
  images: readonly ListedImage[];
}

/** Looks for a daemon and the images in it, of which an option may have chosen some, and changes nothing; never throws. */
export async function lookForDocker(
  environment: NodeJS.ProcessEnv = process.env,
  chosen: ImageOptions['chosen'] = {},
): Promise<DockerLook> {
  try {
    const daemon = await openDaemon(environment);
    socketsOf(daemon);
    const { version, arch, system, rootless, endpoint } = daemon;
    const images = (await listImages(daemon, { environment, chosen })).filter(
      ({ role }) => role !== 'reaper',
    );
    const how = `${rootless ? 'rootless, ' : ''}${arch}, ${system}`;
    return { version, why: `${version} at ${endpoint.host} (${how})`, hints: [], images };
  } catch (error) {
    const hints = error instanceof LabError ? error.details : [];
    return { version: null, why: messageOf(error), hints, images: [] };
  }
}
