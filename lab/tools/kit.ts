import type { VersionRange } from '../common/version-number.ts';
import type { Context } from './context.ts';
import type { KitName, ToolName } from './tool.ts';

export type PackageManagerName = 'apt' | 'dnf' | 'apk' | 'brew';

/** A module that `go install` builds. */
export interface GoModule {
  /** What is built, with its version: `go.k6.io/k6@v1.8.1`. */
  target: string;
  /** The module alone, with its version: what the reachability check asks for. */
  module: string;
  /** The name that go gives to the binary. */
  builtAs: string;
}

/** A project's official release: what its files are called, and how a tool is made of one. */
export interface Release {
  /** The pinned version, which is also the one that `go install` builds. */
  version: string;
  /** Where its files are, without a slash at the end. */
  base: string;
  /** The environment variable that names a mirror to use instead of `base`. */
  mirrorVariable: string;
  /** The list of SHA-256 sums: a file beside the others, or at `url` of its own unless a mirror is used. */
  sums: { file: string; url?: string };
  /** The file for a platform, as Node names it; undefined where the project publishes none. */
  file(platform: NodeJS.Platform, arch: string): string | undefined;
  /** Makes the kit's binaries in `into` from the checked file. */
  place(file: string, into: string, context: Context, say: (text: string) => void): Promise<void>;
}

/** Binaries at a place, with their versions. */
export type Binaries = Partial<Record<ToolName, { path: string; version: string }>>;

/** A group of binaries that come together: how to recognise it, and where to get it. */
export interface Kit {
  name: KitName;
  /** The binary that decides; the others of `provides` are found from it. */
  main: ToolName;
  provides: readonly ToolName[];
  /** Other names of files that hold the main binary, tried along PATH when its own name is not there. */
  aliases: readonly string[];
  /** A tool of the system itself: looked for in the system's directories too, which may not be on PATH. */
  system: boolean;
  /** Subdirectories of an explicitly named directory that may hold the main binary. */
  subdirectories: readonly string[];
  /** The environment variable that names a path; the option is `--<name>`. */
  variable: string;
  range: VersionRange;
  /** The main binary's version. Throws LabError when it cannot be told. */
  version(path: string, context: Context): Promise<string>;
  /** Finds the rest of the kit from its main binary. Default: the main binary is all there is. */
  complete?(main: { path: string; version: string }, context: Context): Promise<Binaries>;
  /** What to install by package manager, and the package whose version is looked at before. */
  packages: Partial<Record<PackageManagerName, readonly string[]>>;
  /** The npm package that brings it for a platform, as a dependency of the lab: looked at before PATH. */
  npm?: {
    package(platform: NodeJS.Platform, arch: string): string;
    /** Path of the main binary in the installed package, or undefined. */
    find(context: Context): string | undefined;
  };
  release?: Release;
  go?: GoModule;
  /** A last line of help: where the project describes its own installation. */
  homepage: string;
}
