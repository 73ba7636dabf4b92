import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Remembers what versions binaries have, so that a run does not start each of them to ask. */
export interface VersionMemory {
  /** The version of a binary: remembered for this very file (path, size, time of change), or read now. */
  versionOf(tool: string, path: string, read: () => Promise<string>): Promise<string>;
  /** Writes what was learnt. A cache that cannot be written is no error: the next run asks again. */
  save(): void;
}

/** Remembers nothing. */
export const forgetful: VersionMemory = { versionOf: (_tool, _path, read) => read(), save() {} };

/** Keeps the memory in a JSON file; a file that is missing or damaged counts as empty. */
export function versionMemory(file: string): VersionMemory {
  const known = load(file);
  const learnt = new Map<string, string>();
  return {
    async versionOf(tool, path, read) {
      const key = keyOf(tool, path);
      const remembered = learnt.get(key) ?? known.get(key);
      if (remembered !== undefined) return remembered;
      const version = await read();
      learnt.set(key, version);
      return version;
    },
    save() {
      if (learnt.size === 0) return;
      try {
        mkdirSync(dirname(file), { recursive: true });
        // Read again: a lab beside us may have written since. What both learn at the same instant is lost once.
        const merged = Object.fromEntries([...load(file), ...learnt]);
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(merged, null, 1));
        renameSync(temporary, file);
      } catch {
        // See the docstring.
      }
    },
  };
}

function keyOf(tool: string, path: string): string {
  const real = realpathSync(path);
  const { size, mtimeMs } = statSync(real);
  return `${tool} ${real} ${size} ${mtimeMs}`;
}

function load(file: string): Map<string, string> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}
