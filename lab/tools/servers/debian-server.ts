import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { LabError } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { runCommand } from '../run-command.ts';
import { onPath } from '../search-path.ts';
import { debianMirror, privateApt } from './private-apt.ts';
import { means, type ServerName } from './server-choice.ts';
import type { ServerWay } from './server-way.ts';

/** Debian's releases with Redis or Valkey, oldest first; `sid` has what is newer than any of them. */
const RELEASES = ['bookworm', 'trixie', 'forky', 'sid'];
/** Where to look first, so that the other lists (10 MB each) are seldom fetched. */
const LIKELY: Readonly<Record<string, string>> = {
  'redis 8': 'trixie',
  'valkey 8': 'trixie',
  'valkey 9': 'forky',
};

/**
 * A server from the packages of whichever of Debian's releases has it, with its own C library and everything else that it
 * needs beside it: nothing is installed, and the system's own libraries are not used.
 */
export async function debianServer(wanted: ServerName, context: Context): Promise<ServerWay> {
  const mirror = await debianMirror(context);
  const tools = `${wanted.product}-tools`;
  const seen: string[] = [];
  const likely = LIKELY[`${wanted.product} ${wanted.version.split('.')[0]}`];
  for (const release of [...new Set([...(likely === undefined ? [] : [likely]), ...RELEASES])]) {
    const apt = await privateApt(release, mirror, path.join(context.cache, 'apt', release), context);
    await apt.update();
    const version = await apt.versionOf(tools);
    if (version === undefined) continue;
    if (!means(wanted.version, version)) {
      seen.push(`${version} in ${release}`);
      continue;
    }
    return {
      how: `package ${tools} ${version} of Debian ${release}, from ${mirror}`,
      fill: async (into, _scratch, say) => {
        say(`fetching ${tools} of Debian ${release} and its libraries`);
        const archives = await apt.download(tools);
        say('unpacking');
        await unpack(archives, path.join(into, 'root'), context);
        rmSync(archives, { recursive: true, force: true });
        writeStarters(into, wanted);
      },
    };
  }
  const there = seen.length === 0 ? `no ${tools}` : `${tools} ${seen.join(', ')}`;
  return { absent: `Debian’s releases have ${there} for this architecture` };
}

/** The programs and the libraries of all packages; what else they hold is of no use here. */
async function unpack(archives: string, root: string, { environment, signal }: Context): Promise<void> {
  const program = onPath('dpkg-deb', environment) ?? 'dpkg-deb';
  const whole = `${root}.whole`;
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
    await runCommand(program, ['-x', path.join(archives, file), whole], { environment, signal });
  mkdirSync(path.join(root, 'lib'), { recursive: true });
  for (const file of globSync(['{,usr/}lib/*/*.so*', '{,usr/}lib*/ld-linux*.so*'], { cwd: whole }))
    cpSync(path.join(whole, file), path.join(root, 'lib', path.basename(file)), { verbatimSymlinks: true });
  for (const file of globSync('usr/bin/{redis,valkey}-*', { cwd: whole }))
    cpSync(path.join(whole, file), path.join(root, path.basename(file)), { verbatimSymlinks: true });
  rmSync(whole, { recursive: true, force: true });
}

/**
 * Programs that start the unpacked ones by the loader that came with them. The server is the program that calls itself
 * check-rdb: the packages of tools, unlike those of servers, hold it without a service.
 */
function writeStarters(into: string, { product }: ServerName): void {
  const [loader] = globSync('root/lib/ld-linux*.so*', { cwd: into });
  if (loader === undefined) throw new LabError('expected a loader (ld-linux) among the libraries, got none');
  const start = (name: string, program: string) => {
    const file = path.join(into, name);
    // It is also found through links, and called by other names.
    const lines = [
      '#!/bin/sh',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own expansion
      'here=$(readlink -f "$0") && here=${here%/*}',
      `exec "$here/${loader}" --library-path "$here/root/lib" --argv0 "\${0##*/}" "$here/root/${program}" "$@"`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    chmodSync(file, 0o755);
  };
  start(`${product}-server`, `${product}-check-rdb`);
  start(`${product}-cli`, `${product}-cli`);
  symlinkSync(`${product}-server`, path.join(into, `${product}-sentinel`));
}
