import { copyFileSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../../common/errors.ts';
import { type ServerProduct, serverTitles } from '../../common/server.ts';
import { fits } from '../../common/version-number.ts';
import type { Context } from '../context.ts';
import type { Binaries, Kit } from '../kit.ts';
import { linkNamed } from '../links.ts';
import { printedVersion } from '../printed-version.ts';
import { runCommand } from '../run-command.ts';
import { isExecutable, onPath } from '../search-path.ts';

const version = '7.2.15';
const printedByServer = { pattern: /server v=(\d+\.\d+\.\d+)/, example: `Redis server v=${version}` };
const printedByClient = { pattern: /-cli (\d+\.\d+\.\d+)/, example: `redis-cli ${version}` };

/**
 * redis-server, redis-sentinel and redis-cli (or Valkey's). The server's binary is also Sentinel, by the name
 * it is called by, and so is Debian's redis-check-rdb: the package redis-tools holds the whole server under that
 * name and, unlike the package redis-server, starts no service.
 */
export const redis: Kit = {
  name: 'redis',
  main: 'redis-server',
  provides: ['redis-server', 'redis-sentinel', 'redis-cli'],
  aliases: ['redis-check-rdb', 'valkey-server', 'valkey-check-rdb'],
  system: false,
  // bin: an installation prefix; src: a source tree that was built.
  subdirectories: ['bin', 'src'],
  variable: 'LAB_REDIS_SERVER',
  // SENTINEL DEBUG, which the fast timing is made of, came with 7.0.
  range: { minimum: '7.0.0' },
  version: async (path, context) => serverVersion(calledServer(path, context), context),
  complete,
  packages: { apt: ['redis-tools'], dnf: ['redis'], apk: ['redis'], brew: ['redis'] },
  release: {
    version,
    base: 'https://download.redis.io/releases',
    mirrorVariable: 'LAB_REDIS_MIRROR',
    // Redis publishes sources only, and their sums in a repository of their own. A mirror holds both.
    sums: { url: 'https://raw.githubusercontent.com/redis/redis-hashes/master/README', file: 'README' },
    file: () => `redis-${version}.tar.gz`,
    place: (...how) => buildServer('redis', ...how),
  },
  homepage: 'https://redis.io/docs/latest/operate/oss_and_stack/install/',
};

async function serverVersion(path: string, context: Context): Promise<string> {
  return printedVersion(path, ['--version'], printedByServer, context.environment);
}

/** A path by which this binary knows that it is the server. */
function calledServer(path: string, context: Context): string {
  return /check|sentinel/.test(basename(path)) ? linkNamed(context.cache, path, 'redis-server') : path;
}

async function complete(main: { path: string; version: string }, context: Context): Promise<Binaries> {
  const server = calledServer(main.path, context);
  const sentinel =
    beside(main.path, ['redis-sentinel', 'valkey-sentinel']).find(
      (path) => realpathSync(path) === realpathSync(main.path),
    ) ?? linkNamed(context.cache, main.path, 'redis-sentinel');
  const binaries: Binaries = {
    'redis-server': { path: server, version: main.version },
    'redis-sentinel': { path: sentinel, version: main.version },
  };
  const cli = await client(main.path, context);
  if (cli !== undefined) binaries['redis-cli'] = cli;
  return binaries;
}

/** redis-cli beside the server, else the one on PATH, when it is new enough. */
async function client(
  server: string,
  context: Context,
): Promise<{ path: string; version: string } | undefined> {
  const elsewhere = onPath('redis-cli', context.environment);
  const candidates = [...beside(server, ['redis-cli', 'valkey-cli']), ...(elsewhere ? [elsewhere] : [])];
  for (const path of candidates) {
    const found = await context.versions
      .versionOf('redis-cli', path, () =>
        printedVersion(path, ['--version'], printedByClient, context.environment),
      )
      .catch(() => undefined);
    if (found !== undefined && fits(found, redis.range)) return { path, version: found };
  }
  return undefined;
}

/** Executables of these names in the directory of a binary, or of the file that it links to. */
function beside(binary: string, names: readonly string[]): string[] {
  const directories = [...new Set([dirname(binary), dirname(realpathSync(binary))])];
  return directories
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .filter((path) => isExecutable(path));
}

/** Builds a release's sources with make; takes a minute or two. */
export async function buildServer(
  product: ServerProduct,
  archive: string,
  into: string,
  context: Context,
  say: (text: string) => void,
): Promise<void> {
  const needed = ['make', 'cc', 'tar'].filter((name) => onPath(name, context.environment) === undefined);
  if (needed.length > 0)
    throw new LabError(
      `building ${serverTitles[product]} from source needs make, a C compiler (cc) and tar: ${needed} missing`,
    );
  const sources = `${archive}.sources`;
  const { environment, signal } = context;
  const options = { environment, signal, diesWithUs: true };
  mkdirSync(sources);
  await runCommand('tar', ['-xzf', archive, '-C', sources], options);
  const top = readdirSync(sources)[0];
  if (top === undefined) throw new LabError(`expected sources in ${basename(archive)}, got an empty archive`);
  const directory = join(sources, top);
  say(`building ${top} from source, which takes a minute or two`);
  const jobs = `-j${availableParallelism()}`;
  const programs = [`${product}-server`, `${product}-cli`];
  await runCommand('make', [jobs, '-C', 'src', ...programs], { ...options, directory });
  for (const name of programs) copyFileSync(join(directory, 'src', name), join(into, name));
  symlinkSync(`${product}-server`, join(into, `${product}-sentinel`));
}
