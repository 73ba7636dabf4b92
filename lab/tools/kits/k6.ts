import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { goArch } from '../go-arch.ts';
import type { Kit } from '../kit.ts';
import { printedVersion } from '../printed-version.ts';
import { runCommand } from '../run-command.ts';

const version = '1.8.1';
const printedByK6 = { pattern: /^k6(?:\.exe)? v(\d+\.\d+\.\d+)/m, example: `k6 v${version}` };

/** k6, the load generator. */
export const k6: Kit = {
  name: 'k6',
  main: 'k6',
  provides: ['k6'],
  aliases: [],
  system: false,
  subdirectories: ['bin'],
  variable: 'LAB_K6',
  range: { minimum: '1.0.0', below: '2.0.0' },
  version: (path, context) => printedVersion(path, ['version'], printedByK6, context.environment),
  packages: { brew: ['k6'] },
  release: {
    version,
    base: `https://github.com/grafana/k6/releases/download/v${version}`,
    mirrorVariable: 'LAB_K6_MIRROR',
    sums: { file: `k6-v${version}-checksums.txt` },
    file: (platform, arch) => {
      const processor = goArch(arch);
      if (processor === undefined) return undefined;
      if (platform === 'linux') return `k6-v${version}-linux-${processor}.tar.gz`;
      return platform === 'darwin' ? `k6-v${version}-macos-${processor}.zip` : undefined;
    },
    place: unpack,
  },
  go: { target: `go.k6.io/k6@v${version}`, module: `go.k6.io/k6@v${version}`, builtAs: 'k6' },
  homepage: 'https://grafana.com/docs/k6/latest/set-up/install-k6/',
};

/** The archive holds one directory with the binary. macOS's own tar reads zip files as well. */
async function unpack(archive: string, into: string, context: Context): Promise<void> {
  const directory = `${archive}.unpacked`;
  mkdirSync(directory);
  const { environment, signal } = context;
  await runCommand('tar', ['-xf', archive, '-C', directory, '--strip-components=1'], { environment, signal });
  copyFileSync(join(directory, 'k6'), join(into, 'k6'));
}
