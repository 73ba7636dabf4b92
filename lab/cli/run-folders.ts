import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UsageError } from '../common/errors.ts';
import { makeDirectory } from './make-directory.ts';
import { packageRoot } from './package-root.ts';
import { shownPath } from './shell-word.ts';

/** Makes the folders of one invocation: `<out>/<time>-<what>`, with `-2`, `-3`, … where that is taken. */
export interface RunFolders {
  readonly out: string;
  /** Makes a new folder and returns its absolute path. */
  make(what: string): string;
  /** Makes `<out>/latest` a link to this folder. */
  linkLatest(folder: string): void;
}

/** UsageError when `out` cannot be written. */
export function runFolders(out: string, startedAt = new Date()): RunFolders {
  const absolute = path.resolve(out);
  const time = timeText(startedAt);
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new UsageError(
        `--out ${out}: expected a directory that can be written, got: ${messageOf(error)}`,
      );
    }
  };
  attempt(() => makeDirectory(absolute));
  return {
    out: absolute,
    make(what) {
      for (let n = 1; ; n++) {
        const folder = path.join(absolute, `${time}-${what}${n === 1 ? '' : `-${n}`}`);
        if (attempt(() => madeNow(folder))) return folder;
      }
    },
    linkLatest(folder) {
      const link = path.join(absolute, 'latest');
      const draft = `${link}.${process.pid}`;
      symlinkSync(path.basename(folder), draft);
      renameSync(draft, link);
    },
  };
}

/** Where runs go unless told: in a clone of the lab to its own ignored folder, elsewhere into the working directory. */
export function defaultOut(cwd = process.cwd(), root = packageRoot()): string {
  const isClone = !root.split(path.sep).includes('node_modules');
  const isInside = cwd === root || shownPath(cwd, root) !== cwd;
  return isClone && isInside ? path.join(root, 'reports', 'runs') : path.join(cwd, 'failover-lab-runs');
}

function madeNow(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Local time that sorts and that every file system takes: 2026-11-21-014502. */
function timeText(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}
