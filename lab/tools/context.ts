import { join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { systemDirectories } from './search-path.ts';
import type { ToolOptions } from './tool.ts';
import { type VersionMemory, versionMemory } from './version-memory.ts';

/** The options with their defaults filled in, and what the steps share. */
export interface Context {
  paths: NonNullable<ToolOptions['paths']>;
  mirrors: NonNullable<ToolOptions['mirrors']>;
  environment: NodeJS.ProcessEnv;
  systemDirectories: readonly string[];
  platform: NodeJS.Platform;
  arch: string;
  uid: number;
  connectTimeoutMs: number;
  signal: AbortSignal | undefined;
  /** The lab's cache: kits/ (what was brought), links/, locks/, tmp/ and versions.json. */
  cache: string;
  versions: VersionMemory;
}

export function contextOf(options: ToolOptions): Context {
  const environment = options.environment ?? process.env;
  const cache = cacheDirectory(environment);
  return {
    paths: options.paths ?? {},
    mirrors: options.mirrors ?? {},
    environment,
    systemDirectories: options.systemDirectories ?? systemDirectories,
    platform: options.platform ?? process.platform,
    arch: options.arch ?? process.arch,
    uid: options.uid ?? process.geteuid?.() ?? -1,
    connectTimeoutMs: options.connectTimeoutMs ?? 3000,
    signal: options.signal,
    cache,
    versions: versionMemory(join(cache, 'versions.json')),
  };
}
