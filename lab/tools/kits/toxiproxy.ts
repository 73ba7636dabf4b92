import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { goArch } from '../go-arch.ts';
import { goModuleVersion } from '../go-module-version.ts';
import type { Kit } from '../kit.ts';
import { printedVersion } from '../printed-version.ts';

const version = '2.12.0';
const printedByToxiproxy = {
  pattern: /toxiproxy-server version v?(\d+\.\d+\.\d+|git)/,
  example: `toxiproxy-server version ${version}`,
};

/** toxiproxy-server. */
export const toxiproxy: Kit = {
  name: 'toxiproxy',
  main: 'toxiproxy-server',
  provides: ['toxiproxy-server'],
  aliases: [],
  system: false,
  subdirectories: ['bin'],
  variable: 'LAB_TOXIPROXY',
  range: { minimum: '2.12.0', below: '3.0.0' },
  version: toxiproxyVersion,
  packages: { brew: ['toxiproxy'] },
  release: {
    version,
    base: `https://github.com/Shopify/toxiproxy/releases/download/v${version}`,
    mirrorVariable: 'LAB_TOXIPROXY_MIRROR',
    sums: { file: 'checksums.txt' },
    file: (platform, arch) => {
      const processor = goArch(arch);
      if (processor === undefined || (platform !== 'linux' && platform !== 'darwin')) return undefined;
      return `toxiproxy-server-${platform}-${processor}`;
    },
    place: async (file, into) => {
      const binary = join(into, 'toxiproxy-server');
      copyFileSync(file, binary);
      chmodSync(binary, 0o755);
    },
  },
  go: {
    target: `github.com/Shopify/toxiproxy/v2/cmd/server@v${version}`,
    module: `github.com/Shopify/toxiproxy/v2@v${version}`,
    builtAs: 'server',
  },
  homepage: 'https://github.com/Shopify/toxiproxy#installing-toxiproxy',
};

/**
 * A release prints its number. A binary made by `go install` prints `git` (the number is set by the project's
 * own build only, and its HTTP API says `git` too), but Go's linker has recorded the module's version in it.
 */
async function toxiproxyVersion(path: string, context: Context): Promise<string> {
  const printed = await printedVersion(path, ['--version'], printedByToxiproxy, context.environment);
  if (printed !== 'git') return printed;
  const recorded = goModuleVersion(path, 'github.com/Shopify/toxiproxy/v2');
  if (recorded !== undefined) return recorded;
  throw new LabError(
    `expected a Toxiproxy that knows its version, got "version git" and no module version in ${path}`,
    {
      details: [
        'it was built from a working copy: build it with -ldflags "-X github.com/Shopify/toxiproxy/v2.Version=2.12.0"',
      ],
    },
  );
}
