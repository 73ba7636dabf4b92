import { LabError } from '../common/errors.ts';
import { fits, rangeText, type VersionRange } from '../common/version-number.ts';
import type { Context } from './context.ts';
import type { Kit, PackageManagerName } from './kit.ts';
import { runCommand } from './run-command.ts';
import { onPath } from './search-path.ts';

/** The system's own package manager, and whether we may use it. */
export interface PackageManager {
  name: PackageManagerName;
  /** The command a person would type. */
  command(packages: readonly string[]): string;
  /** Installs packages. Throws LabError when it may not, fails, or would bring a version that does not fit. */
  install(packages: readonly string[], range: VersionRange): Promise<void>;
}

const programs: readonly { name: PackageManagerName; program: string; verb: readonly string[] }[] = [
  { name: 'apt', program: 'apt-get', verb: ['install', '-y', '--no-install-recommends'] },
  { name: 'dnf', program: 'dnf', verb: ['install', '-y', '--setopt=install_weak_deps=False'] },
  { name: 'apk', program: 'apk', verb: ['add'] },
  { name: 'brew', program: 'brew', verb: ['install'] },
];

/** apt waits two minutes for a server that does not answer, and not at all for another apt. */
export const aptSettings = [
  ...['-o', 'Acquire::http::Timeout=5', '-o', 'Acquire::https::Timeout=5'],
  ...['-o', 'Acquire::Retries=0', '-o', 'DPkg::Lock::Timeout=120'],
];

/** The package manager on PATH; undefined when there is none that the lab knows. */
export function packageManager(context: Context): PackageManager | undefined {
  const known = programs.find(({ program }) => onPath(program, context.environment) !== undefined);
  if (known === undefined) return undefined;
  const { name, program, verb } = known;
  const path = onPath(program, context.environment) ?? program;
  const apt = name === 'apt';
  let updated = false;
  const run = async (args: readonly string[]) => {
    const prefix = await privileges(name, context);
    // sudo empties the environment, so the one variable that matters is set behind it.
    const quiet = apt ? ['env', 'DEBIAN_FRONTEND=noninteractive'] : [];
    const [command = path, ...rest] = [...prefix, ...quiet, path, ...args];
    await runCommand(command, rest, { environment: context.environment, signal: context.signal });
  };
  const update = async () => {
    updated = true;
    await run([...aptSettings, 'update']);
  };
  return {
    name,
    command: (packages) => [program, verb[0], ...packages].join(' '),
    async install(packages, range) {
      if (!apt) return run([...verb, ...packages]);
      await privileges(name, context);
      if ((await aptCandidate(packages, context)) === undefined && !updated) await update();
      const candidate = await aptCandidate(packages, context);
      if (candidate === undefined) throw new LabError(`apt knows no package ${packages[0]}`);
      if (!fits(candidate, range))
        throw new LabError(`expected ${packages[0]} ${rangeText(range)}, apt has ${candidate}`);
      await run([...aptSettings, ...verb, ...packages]).catch(async (error: unknown) => {
        // Lists that are older than the server's files name packages that are gone.
        if (updated) throw error;
        await update();
        await run([...aptSettings, ...verb, ...packages]);
      });
    },
  };
}

/** What to put before the command. Homebrew refuses root; the others need root or a sudo that asks nothing. */
async function privileges(name: PackageManagerName, context: Context): Promise<readonly string[]> {
  if (name === 'brew') {
    if (context.uid === 0) throw new LabError('Homebrew does not run as root');
    return [];
  }
  if (context.uid === 0) return [];
  const sudo = onPath('sudo', context.environment);
  if (sudo === undefined) throw new LabError(`${name} needs root, and there is no sudo`);
  await runCommand(sudo, ['-n', 'true'], { environment: context.environment, timeoutMs: 5000 }).catch(() => {
    throw new LabError(`${name} needs root, and sudo asks for a password`);
  });
  return [sudo, '-n'];
}

/** The upstream version that apt would install of the first package: `5:7.0.15-1~deb12u10` is 7.0.15. */
async function aptCandidate(packages: readonly string[], context: Context): Promise<string | undefined> {
  const aptCache = onPath('apt-cache', context.environment) ?? 'apt-cache';
  const policy = await runCommand(aptCache, ['policy', packages[0] ?? ''], {
    environment: { ...context.environment, LC_ALL: 'C' },
    timeoutMs: 20_000,
  });
  return candidateIn(policy);
}

/** The upstream version of the candidate that `apt-cache policy` names. */
export function candidateIn(policy: string): string | undefined {
  return /Candidate: (?:\d+:)?(\d+\.\d+(?:\.\d+)?)/.exec(policy)?.[1];
}

/** A kit's packages for a package manager; undefined when it has none there. */
export function packagesOf(kit: Kit, manager: PackageManager | undefined): readonly string[] | undefined {
  return manager === undefined ? undefined : kit.packages[manager.name];
}
