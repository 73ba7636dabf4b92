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
  platform?: NodeJS.Platform;
}

/** What `lab doctor` says of the library, without building anything. */
export interface ClockLook {
  /** null where it is not there yet. */
  path: string | null;
  /** Whether runs can have a clock of their own: it is there, or can be built. */
  possible: boolean;
  /** A phrase for people: where it comes from, or what is missing. */
  how: string;
  /** What a person can do, a line each. */
  hints: readonly string[];
}

/** Where the library is, or whether it could be built, without changing anything. */
export function lookForClock(options: ClockLibraryOptions): ClockLook {
  const { environment = process.env, arch = process.arch, platform = process.platform } = options;
  if (existsSync(prebuilt(arch)))
    return { path: prebuilt(arch), possible: true, how: 'brought by the package', hints: [] };
  if (!isSupported(platform, arch))
    return { path: null, possible: false, how: unsupported(platform, arch), hints: [] };
  const built = builtFile(options);
  if (existsSync(built)) return { path: built, possible: true, how: 'built here', hints: [] };
  const compilers = compilersOf(environment);
  const compiler = compilers.find((name) => isOnPath(name, environment));
  return compiler === undefined
    ? { path: null, possible: false, how: noCompiler(compilers), hints: NO_COMPILER_HINTS }
    : { path: null, possible: true, how: `to be built with ${compiler}`, hints: [] };
}

/**
 * The library that puts a process on a lab clock: the package's own for this processor, else built once with the C
 * compiler that is there ($CC, cc, gcc or clang) and kept in the cache. Throws LabError, which says what to do, where
 * there is neither.
 */
export async function clockLibrary(options: ClockLibraryOptions): Promise<string> {
  const { environment = process.env, arch = process.arch, platform = process.platform } = options;
  const ready = prebuilt(arch);
  if (existsSync(ready)) return ready;
  if (!isSupported(platform, arch)) throw new LabError(unsupported(platform, arch));
  const built = builtFile(options);
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
  const compilers = compilersOf(environment);
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
  throw new LabError(noCompiler(compilers), { details: NO_COMPILER_HINTS });
}

const NO_COMPILER_HINTS = [
  'install one (Debian: apt install gcc libc6-dev; Alpine: apk add gcc), or name one with CC=…',
  'without it everything runs at speed 1, on the machine’s own clock',
];

function noCompiler(compilers: readonly string[]): string {
  return `expected a C compiler to build the lab clock with, got none of: ${compilers.join(', ')}`;
}

function compilersOf(environment: NodeJS.ProcessEnv): string[] {
  return environment.CC ? [environment.CC] : ['cc', 'gcc', 'clang'];
}

function isOnPath(program: string, { PATH = '' }: NodeJS.ProcessEnv): boolean {
  return PATH.split(path.delimiter).some((directory) => existsSync(path.resolve(directory, program)));
}

function isSupported(platform: NodeJS.Platform, arch: string): boolean {
  return platform === 'linux' && ['x64', 'arm64'].includes(arch);
}

function unsupported(platform: NodeJS.Platform, arch: string): string {
  return `expected Linux on x64 or arm64 for a lab clock of its own speed, got ${platform} on ${arch}`;
}

/** In the cache; each version of the source has its own. */
function builtFile({ cache, arch = process.arch }: ClockLibraryOptions): string {
  const source = readFileSync(SOURCE);
  const version = createHash('sha256').update(source).update(COMPILER_OPTIONS.join(' ')).digest('hex');
  return path.join(cache, 'lab-clock', `lab-clock-${arch}-${version.slice(0, 16)}.so`);
}
