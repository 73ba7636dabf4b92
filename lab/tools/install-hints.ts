import type { Context } from './context.ts';
import type { Kit, PackageManagerName } from './kit.ts';
import { packageManager } from './package-manager.ts';

const systems: Readonly<Record<PackageManagerName, string>> = {
  apt: 'Debian, Ubuntu: apt-get install',
  dnf: 'Fedora, RHEL: dnf install',
  apk: 'Alpine: apk add',
  brew: 'macOS: brew install',
};

/** What a person can do to get a kit on this platform, one way a line. */
export function installHints(kit: Kit, context: Context): string[] {
  const here = packageManager(context)?.name;
  const managers = here ? [here] : context.platform === 'darwin' ? (['brew'] as const) : linuxManagers;
  const lines = managers.flatMap((name) => {
    const packages = kit.packages[name];
    return packages === undefined ? [] : [`${systems[name]} ${packages.join(' ')}`];
  });
  if (kit.npm !== undefined)
    lines.push(`with the lab's own packages: npm install ${kit.npm.package(context.platform, context.arch)}`);
  if (kit.go !== undefined) {
    const rename =
      kit.go.builtAs === kit.main ? '' : `, and rename its binary "${kit.go.builtAs}" to ${kit.main}`;
    lines.push(`with Go: go install ${kit.go.target}${rename}`);
  }
  lines.push(`by hand: ${kit.homepage}`);
  if (kit.release !== undefined)
    lines.push(
      `from a mirror: ${kit.release.mirrorVariable}=<address of the directory with the release's files>`,
    );
  lines.push(`already there: ${kit.variable}=<path of ${kit.main}, or of its directory>`);
  return lines;
}

const linuxManagers = ['apt', 'dnf', 'apk'] as const;
