import { existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';
import { fits, rangeText } from '../common/version-number.ts';
import { type Context, contextOf } from '../tools/context.ts';
import { withLock } from '../tools/lock.ts';
import { runCommand } from '../tools/run-command.ts';
import { onPath } from '../tools/search-path.ts';
import { debianMirror, privateApt } from '../tools/servers/private-apt.ts';

/** The first that takes files' contents from the file itself. */
const range = { minimum: '2.23.1' };
/** Debian 12 has one that is too old; this release's needs nothing but the C library of 2021. */
const RELEASE = 'trixie';
const PACKAGE = 'docker-compose';
const PROGRAM = 'usr/libexec/docker/cli-plugins/docker-compose';

/**
 * A program that takes Compose's commands: the plug-in of `docker`, or `docker-compose` on PATH; where both are missing
 * or too old, that of a later Debian release, unpacked into the lab's cache without being installed. LabError, which
 * says what was tried, where none can be had.
 */
export async function composeProgram(context: Context = contextOf({})): Promise<readonly string[]> {
  const tried: string[] = [];
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const version = await versionOf(command, context);
    if (version !== undefined && fits(version, range)) return command;
    tried.push(`${command.join(' ')}: ${version ?? 'not there'}`);
  }
  try {
    return [await unpacked(context)];
  } catch (cause) {
    throw new LabError(
      `expected Docker Compose ${rangeText(range)}, got ${tried.join(', ')}; Debian's: ${messageOf(cause)}`,
      { cause },
    );
  }
}

async function versionOf(command: readonly string[], { environment }: Context): Promise<string | undefined> {
  const [name = '', ...args] = command;
  const program = onPath(name, environment);
  if (program === undefined) return undefined;
  const printed = await runCommand(program, [...args, 'version', '--short'], { environment }).catch(() => '');
  return /\d+\.\d+\.\d+/.exec(printed)?.[0];
}

async function unpacked(context: Context): Promise<string> {
  const { environment, cache } = context;
  const place = path.join(cache, 'kits', `${PACKAGE}-${RELEASE}`);
  const program = path.join(place, PROGRAM);
  if (existsSync(program)) return program;
  return withLock(path.join(cache, 'locks', `${PACKAGE}.lock`), async () => {
    if (existsSync(program)) return program;
    const mirror = await debianMirror(context);
    const lists = path.join(cache, 'apt', PACKAGE);
    const apt = await privateApt(RELEASE, mirror, lists, context);
    await apt.update();
    const archives = await apt.download(PACKAGE);
    const [file] = globSync(`${PACKAGE}_*.deb`, { cwd: archives });
    if (file === undefined) throw new LabError(`expected ${PACKAGE}_….deb in ${archives}, got none`);
    const unfinished = `${place}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(path.dirname(place), { recursive: true });
    await runCommand('dpkg-deb', ['-x', path.join(archives, file), unfinished], { environment });
    renameSync(unfinished, place);
    // Lists of all packages, four times as large, for this one.
    rmSync(lists, { recursive: true, force: true });
    return program;
  });
}
