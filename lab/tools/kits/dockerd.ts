import type { Kit } from '../kit.ts';
import { printedVersion } from '../printed-version.ts';

const printed = { pattern: /Docker version (\d+\.\d+\.\d+)/, example: 'Docker version 20.10.24' };

/** Docker's daemon, for the tests of the containers backend alone, which start one of their own. */
export const dockerd: Kit = {
  name: 'dockerd',
  main: 'dockerd',
  provides: ['dockerd'],
  aliases: [],
  // In a directory that a user's PATH may lack.
  system: true,
  subdirectories: [],
  variable: 'LAB_DOCKERD',
  range: { minimum: '20.10.0' },
  version: (path, context) => printedVersion(path, ['--version'], printed, context.environment),
  packages: { apt: ['docker.io'], dnf: ['moby-engine'], apk: ['docker-engine'] },
  homepage: 'https://docs.docker.com/engine/install/',
};
