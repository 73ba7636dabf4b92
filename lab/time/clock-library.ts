import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { LabError, messageOf } from '../common/errors.ts';

const SOURCE = path.join(import.meta.dirname, 'lab-clock.c');
/** What a package brings ready-made, beside this file. */
const prebuilt = (arch: string) => path.join(import.meta.dirname, `lab-clock-${arch}.so`);

/** Freestanding: no start files and no libc, so that the file serves glibc and musl. */
export const COMPILER_OPTIONS = [
  '-O2',
  '-shared',
  '-fPIC',
  '-nostdlib',
  '-ffreestanding',
  '-fvisibility=hidden',
  '-fno-stack-protector',
  '-Wall',
  '-Wextra',
  // They are declared here as the kernel has them, not as a C library's headers would.
  '-Wno-builtin-declaration-mismatch',
];

export interface ClockLibraryOptions {
  /** The lab's cache directory. */
  cache: string;
  environment?: NodeJS.ProcessEnv;
  arch?: string;
}

/**
 * The library that puts a process on a lab clock: the package's own for this processor, else built once with the C
 * compiler that is there ($CC, cc, gcc or clang) and kept in the cache. Throws LabError, which says what to do, where
 * there is neither.
 */
export async function clockLibrary(options: ClockLibraryOptions): Promise<string> {
  const { cache, environment = process.env, arch = process.arch } = options;
  const ready = prebuilt(arch);
  if (existsSync(ready)) return ready;
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(arch))
    throw new LabError(
      `expected Linux on x64 or arm64 for a lab clock of its own speed, got ${process.platform} on ${arch}`,
    );
  const source = readFileSync(SOURCE);
  const version = createHash('sha256').update(source).update(COMPILER_OPTIONS.join(' ')).digest('hex');
  const built = path.join(cache, 'lab-clock', `lab-clock-${arch}-${version.slice(0, 16)}.so`);
  if (existsSync(built)) return built;
  mkdirSync(path.dirname(built), { recursive: true });
  // Several may build it at once: each into a file of its own, and the last one's stays.
  const fresh = `${built}.${process.pid}`;
  try {
    await compile(fresh, environment);
    renameSync(fresh, built);
  } finally {
    rmSync(fresh, { force: true });
  }
  return built;
}

async function compile(to: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const compilers = environment.CC ? [environment.CC] : ['cc', 'gcc', 'clang'];
  for (const compiler of compilers) {
    try {
      await promisify(execFile)(compiler, [...COMPILER_OPTIONS, '-o', to, SOURCE], { env: environment });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new LabError(`${compiler} could not build ${SOURCE}`, {
        cause: error,
        details: messageOf(error).trim().split('\n').slice(0, 20),
      });
    }
  }
  throw new LabError(
    `expected a C compiler to build the lab clock with, got none of: ${compilers.join(', ')}`,
    {
      details: [
        'install one (Debian: apt install gcc libc6-dev; Alpine: apk add gcc), or name one with CC=…',
        'without it everything runs at speed 1, on the machine’s own clock',
      ],
    },
  );
}
