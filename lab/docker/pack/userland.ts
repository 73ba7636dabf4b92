import { existsSync } from 'node:fs';
import { LabError } from '../../common/errors.ts';
import { onPath } from '../../tools/search-path.ts';
import type { ImageEntry } from './image-entry.ts';
import { programFiles } from './program-files.ts';

/** What scripts and health checks expect to find; those that this machine lacks are left out, except the shell. */
const commands =
  'cat chmod chown cp cut date echo env false grep head hostname id kill ln ls mkdir mktemp mv nproc printf ps pwd readlink rm sed sleep stat tail tee timeout touch tr true uname wc'.split(
    ' ',
  );

/** A shell and the usual commands, from this machine. LabError when it has no shell. */
export async function userland(): Promise<ImageEntry[]> {
  if (!existsSync('/bin/sh')) throw new LabError('expected a shell for the images at /bin/sh, got none');
  const found = commands.flatMap((name) => onPath(name, { PATH: '/usr/bin:/bin' }) ?? []);
  const files = ['/bin/sh', ...found].map((place) => programFiles(place, place));
  return (await Promise.all(files)).flat();
}

/** What every system has: somebody to be, and somewhere to write. `user` is a further one, with a home of its own. */
export function essentials(user?: { name: string; id: number }): ImageEntry[] {
  const extra =
    user === undefined ? '' : `${user.name}:x:${user.id}:${user.id}::/home/${user.name}:/bin/sh\n`;
  const group = user === undefined ? '' : `${user.name}:x:${user.id}:\n`;
  return [
    {
      path: '/etc/passwd',
      text: `root:x:0:0:root:/root:/bin/sh\n${extra}nobody:x:65534:65534::/:/bin/false\n`,
    },
    { path: '/etc/group', text: `root:x:0:\n${group}nogroup:x:65534:\n` },
    { path: '/etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nhosts: files dns\n' },
    { path: '/tmp', directory: true, mode: 0o1777 },
    { path: '/run', directory: true },
    { path: '/root', directory: true, mode: 0o700 },
  ];
}
