import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { aptSettings, candidateIn } from '../package-manager.ts';
import { runCommand } from '../run-command.ts';
import { onPath } from '../search-path.ts';

/** apt's own machinery with lists and packages of its own: the system's stay as they are, and no root is needed. */
export interface PrivateApt {
  /** Fetches a release's list of packages, signatures checked. Throws LabError. */
  update(): Promise<void>;
  /** The upstream version of a package; undefined where the release has none for this architecture. */
  versionOf(name: string): Promise<string | undefined>;
  /** Fetches a package with everything that it needs, sums checked, into a directory. Throws LabError. */
  download(name: string): Promise<string>;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Where Debian's packages come from: LAB_DEBIAN_MIRROR, else what the machine's own apt uses.
 * Throws LabError where this is no machine with apt that knows a Debian archive and its keys.
 */
export async function debianMirror(context: Context): Promise<string> {
  const { environment } = context;
  const apt = onPath('apt-get', environment);
  if (apt === undefined || onPath('dpkg-deb', environment) === undefined)
    throw new LabError('Debian’s packages need apt-get and dpkg-deb, and they are not there');
  if (!existsSync(environment.LAB_DEBIAN_KEYRING || KEYRING))
    throw new LabError(
      `Debian’s packages need ${KEYRING}, and it is not there (the package debian-archive-keyring has it)`,
    );
  if (environment.LAB_DEBIAN_MIRROR) return environment.LAB_DEBIAN_MIRROR;
  const targets = await runCommand(
    apt,
    ['indextargets', '--format', '$(ORIGIN) $(REPO_URI)', 'Created-By: Packages'],
    { environment, timeoutMs: 20_000 },
  );
  const archive = targets
    .split('\n')
    .map((line) => line.split(' '))
    .find(([origin, uri = '']) => origin === 'Debian' && !uri.includes('security'))?.[1];
  if (archive !== undefined) return archive;
  throw new LabError(
    'expected an apt source of Debian’s, got none configured; LAB_DEBIAN_MIRROR=<address> names one',
  );
}

/** An apt for one of Debian's releases, whose lists are kept in `directory`. */
export async function privateApt(
  release: string,
  mirror: string,
  directory: string,
  context: Context,
): Promise<PrivateApt> {
  const { environment, signal } = context;
  const archives = join(directory, 'archives');
  for (const folder of ['state/lists/partial', 'archives/partial'])
    mkdirSync(join(directory, folder), { recursive: true });
  const keyring = environment.LAB_DEBIAN_KEYRING || KEYRING;
  writeFileSync(join(directory, 'status'), '');
  writeFileSync(join(directory, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  const config = join(directory, 'apt.conf');
  writeFileSync(config, `${await howToReach(context)}${settings(directory)}`);
  const own = { environment: { ...environment, APT_CONFIG: config, LC_ALL: 'C' }, signal };
  const program = (name: string) => onPath(name, environment) ?? name;
  return {
    update: async () => {
      await runCommand(program('apt-get'), [...aptSettings, 'update'], own);
    },
    versionOf: async (name) => candidateIn(await runCommand(program('apt-cache'), ['policy', name], own)),
    async download(name) {
      const args = [...aptSettings, 'install', '-y', '--download-only', name];
      await runCommand(program('apt-get'), args, own);
      return archives;
    },
  };
}

/** The proxies, logins and certificates that the machine's own apt uses. What it fetches besides packages is left out. */
async function howToReach({ environment }: Context): Promise<string> {
  const config = onPath('apt-config', environment);
  if (config === undefined) return '';
  const all = await runCommand(config, ['dump', '--format', '%F "%v";%n'], { environment });
  const lines = all.split('\n').filter((line) => /^Acquire::(?!IndexTargets)/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

/** Nothing of the system's: neither its sources, pins and hooks nor its lists and what is installed. */
function settings(directory: string): string {
  const values = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourcelist': join(directory, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': join(directory, 'state'),
    'Dir::State::status': join(directory, 'status'),
    'Dir::Cache': directory,
    'Dir::Cache::archives': join(directory, 'archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'Dir::Log': directory,
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}
