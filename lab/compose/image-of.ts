import { type ImageRole, images } from '../docker/images.ts';

/** A role's image as a Compose file names it: the pinned one, or what the environment says instead. */
export function imageOf(role: ImageRole): string {
  const { variable, official } = images[role];
  return `\${${variable}:-${official}}`;
}
