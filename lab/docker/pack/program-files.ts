import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../../common/errors.ts';
import { runCommand } from '../../tools/run-command.ts';
import { type Elf, readElf } from './elf.ts';
import type { ImageEntry } from './image-entry.ts';

/** A program of this machine: its file, and where a wrapper says so the loader and the libraries to use. */
interface Program {
  file: string;
  loader?: string;
  libraries?: string;
}

/** A program that was unpacked beside the system's own libraries is started by its own loader, from such a script. */
const wrapper = /^exec (?<loader>\/\S+) --library-path (?<libraries>\/\S+) (?:--argv0 \S+ )?(?<file>\/\S+)/m;

/**
 * The program at a path: itself, or the one that a wrapper of the form above starts, in which `$here` is its own
 * directory. LabError for any other script.
 */
export function programAt(place: string): Program {
  const file = realpathSync(place);
  if (readElf(file) !== undefined) return { file };
  const script = readFileSync(file, 'latin1').slice(0, 4096);
  const found = wrapper.exec(script.replaceAll('"', '').replaceAll('$here', path.dirname(file)))?.groups;
  if (found === undefined)
    throw new LabError(
      `expected a Linux program or a script "exec LOADER --library-path DIR PROGRAM", got neither at ${place}`,
    );
  return { ...found, file: realpathSync(found.file ?? '') };
}

/**
 * A program and all that it needs to be loaded, for an image: the program at `target`, its interpreter, and the
 * libraries that its interpreter itself lists, where it will look for them again. LabError when one is missing.
 */
export async function programFiles(place: string, target: string): Promise<ImageEntry[]> {
  const { file, loader, libraries } = programAt(place);
  const program: ImageEntry = { path: target, from: file, mode: 0o755 };
  const { interpreter = null, arch } = readElf(file) ?? {};
  if (interpreter === null || arch === undefined) return [program];
  const start = loader ?? interpreter;
  const search = libraries === undefined ? [] : ['--library-path', libraries];
  const listing = await runCommand(start, [...search, '--list', file], {
    environment: { PATH: process.env.PATH },
  });
  const found = librariesIn(listing, file).map((library) => ({
    path: libraries === undefined ? library : placed(library, libraries, arch),
    from: realpathSync(library),
    mode: 0o755,
  }));
  return [program, { path: interpreter, from: realpathSync(start), mode: 0o755 }, ...found];
}

/** Lines of `ld.so --list`: `name => /path (0x…)`; that of the interpreter is left out, as it has a place of its own. */
function librariesIn(listing: string, file: string): string[] {
  const missing = /(\S+) => not found/.exec(listing)?.[1];
  if (missing !== undefined) throw new LabError(`expected all libraries of ${file}, got no ${missing}`);
  return [...listing.matchAll(/^\s*([^\s/]\S*) => (\/\S+) \(0x/gm)].map((match) => match[2] ?? '');
}

const triplets = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' } as const;

/**
 * A library of a wrapper's own directory, in the image's directory of the same name: `/usr/lib/x86_64-linux-gnu`. One that
 * was called `lib` for short is that one, too: whatever the loader finds there it takes before what is in /usr/lib, and the
 * shell's libraries of this machine, which may be older, are there.
 */
function placed(library: string, directory: string, arch: Elf['arch']): string {
  const last = path.basename(directory);
  const folder = /^lib(64|32)$/.test(last)
    ? `/usr/${last}`
    : `/usr/lib/${last === 'lib' ? triplets[arch] : last}`;
  return path.join(folder, path.basename(library));
}
