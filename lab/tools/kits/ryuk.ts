import { goKit } from './go-kit.ts';

/** Testcontainers' reaper, which removes what a killed process started. */
export const ryuk = goKit({
  name: 'ryuk',
  module: 'github.com/testcontainers/moby-ryuk',
  version: '0.14.0',
  // The project's tags have no v, so that to Go they are no versions: this is the tag's commit.
  pseudoVersion: 'v0.0.0-20250926081232-b3726afd6cc2',
  builtAs: 'moby-ryuk',
  homepage: 'https://github.com/testcontainers/moby-ryuk',
});
