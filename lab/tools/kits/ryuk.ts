import { goKit } from './go-kit.ts';

/** Testcontainers' reaper, which removes what a killed process started. */
export const ryuk = goKit({
  name: 'ryuk',
  module: 'github.com/testcontainers/moby-ryuk',
  version: '0.14.0',
  builtAs: 'moby-ryuk',
  homepage: 'https://github.com/testcontainers/moby-ryuk',
});
