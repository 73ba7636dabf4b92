import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolOptions } from './tool.ts';

/** A machine for tests: a PATH of its own with programs that are shell scripts, and a cache of its own. */
export interface FakeMachine {
  directory: string;
  /** The only directory on its PATH. */
  bin: string;
  cache: string;
  environment: NodeJS.ProcessEnv;
  /** Options that keep a look-up inside this machine; it is Linux, and we are an ordinary user on it. */
  options: ToolOptions;
  /** Adds a program; its script may use the real system's basic commands. Returns its path. */
  program(name: string, script: string, directory?: string): string;
  /** Lines that programs have appended to $LOG. */
  log(): string[];
  remove(): void;
}

export function fakeMachine(): FakeMachine {
  const directory = mkdtempSync(join(tmpdir(), 'lab-tools-'));
  const [bin, cache, logFile] = [join(directory, 'bin'), join(directory, 'cache'), join(directory, 'log')];
  mkdirSync(bin);
  const environment = { PATH: bin, HOME: directory, FAILOVER_LAB_CACHE: cache, LOG: logFile, BIN: bin };
  return {
    directory,
    bin,
    cache,
    environment,
    options: { environment, systemDirectories: [], platform: 'linux', arch: 'x64', uid: 1000 },
    program(name, script, where = bin) {
      mkdirSync(where, { recursive: true });
      const path = join(where, name);
      writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
      chmodSync(path, 0o755);
      return path;
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n') : []),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Scripts that print what the real programs print. */
export const prints = {
  redisServer: (version: string) => `echo "Redis server v=${version} sha=00000000:0 malloc=libc bits=64"`,
  redisCli: (version: string) => `echo "redis-cli ${version}"`,
  /** Debian's: the server, Sentinel or the check program, by the name it is called by. */
  redisCheckRdb: (version: string) => `case "$0" in
    *redis-server | *redis-sentinel) echo "Redis server v=${version} sha=00000000:0" ;;
    *) echo "redis-check-rdb ${version}" ;;
    esac`,
  toxiproxy: (version: string) => `echo "toxiproxy-server version ${version}"`,
  postgres: (version: string) => `echo "postgres (PostgreSQL) ${version}"`,
  chromium: (version: string) => `echo "Chromium ${version} built on Debian GNU/Linux 12 (bookworm)"`,
  k6: (version: string) => `echo "k6 v${version} (go1.26.0, linux/amd64)"`,
} as const;
