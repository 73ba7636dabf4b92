import path from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';
import { namespacesSupport } from '../hosts/namespaces-support.ts';
import type { RunJob } from '../run/job.ts';
import type { BackendName, Place } from '../run/place.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import { type InspectedServer, inspectServer } from '../tools/servers/inspect-server.ts';
import { serverPath } from '../tools/servers/server-by-name.ts';
import type { SetupProgress } from '../tools/setup-progress.ts';
import { setupTools } from '../tools/setup-tools.ts';
import { toolsForRun } from '../tools/tool-sets.ts';
import { chooseBackend } from './choose-backend.ts';
import { libraryIf } from './machine-clock.ts';
import { makeDirectory } from './make-directory.ts';
import { dependencyVersion, packageVersion } from './package-root.ts';

/** What this machine gives to runs. */
export interface Machine {
  tools: RunJob['tools'];
  place: Place;
  /** Which server runs, and what it offers. */
  server: InspectedServer;
  /** Versions of whatever takes part, for the record. */
  versions: Readonly<Record<string, string>>;
  /** Where each run mounts its private tmpfs. */
  scratch: string;
  /** The lab's cache. */
  cache: string;
  /** What puts processes on a lab's own clock; null where nobody asked for one. */
  clockLibrary: string | null;
}

export interface MachineOptions {
  /** Default `auto`. */
  backend?: BackendName | 'auto';
  /** Told, a line each, why `auto` chose what it chose, where that is worth a line, and of images that are pulled. */
  say?: (why: string) => void;
  /** Path of redis-server or of the directory that holds it, or a server's name such as `valkey:8`. */
  redis?: string;
  /** Whether runs have the application: PostgreSQL and k6 are then needed. Default true. */
  application?: boolean;
  /** Whether runs have a clock of their own; where it is only useful and cannot be had, they go without. Default none. */
  labClock?: 'needed' | 'useful' | 'none';
  signal?: AbortSignal;
  onProgress?: (progress: SetupProgress) => void;
}

/**
 * Finds or brings the tools that runs need, and the way to isolate hosts. UsageError for a wrong `redis`,
 * LabError with what can be done when something cannot be had.
 */
export async function prepareMachine(options: MachineOptions): Promise<Machine> {
  const { backend = 'auto', say = () => {} } = options;
  if (backend === 'namespaces') return namespacesMachine(options);
  if (backend === 'containers') return containersMachine(options);
  const { name, why } = await chooseBackend();
  // That it is the usual one goes without saying unless somebody asked.
  if (name === 'containers' || options.backend === 'auto') say(why);
  return name === 'containers' ? containersMachine(options) : namespacesMachine(options);
}

/** Loaded only here: what speaks to Docker takes a third of a second to load. */
async function containersMachine(options: MachineOptions): Promise<Machine> {
  return (await import('./containers-machine.ts')).containersMachine(options);
}

async function namespacesMachine(options: MachineOptions): Promise<Machine> {
  if (process.platform !== 'linux') await refuse();
  const { signal, redis, application = true, labClock = 'none' } = options;
  const withSignal = signal === undefined ? {} : { signal };
  const path = redis === undefined ? undefined : await serverPath(redis, withSignal, options.onProgress);
  const found = await setupTools(
    toolsForRun(process.platform, { application }),
    { ...(path === undefined ? {} : { paths: { redis: path } }), ...withSignal },
    options.onProgress,
  );
  const tool = (name: keyof typeof found) => found[name].path;
  const { mode, why, hint } = await namespacesSupport({ unshare: tool('unshare') });
  if (mode === 'none') throw new LabError(`hosts cannot be isolated here: ${why}`, { details: hint });
  const server = await inspectServer(tool('redis-server'));
  return {
    tools: {
      redisServer: tool('redis-server'),
      toxiproxy: tool('toxiproxy-server'),
      iptables: tool('iptables'),
      ip: tool('ip'),
      application: application
        ? { postgres: tool('postgres'), k6: tool('k6'), setpriv: tool('setpriv') }
        : null,
    },
    place: { backend: 'namespaces', mode, unshare: tool('unshare'), setpriv: tool('setpriv') },
    server,
    versions: {
      'failover-lab': packageVersion(),
      node: process.versions.node,
      ioredis: dependencyVersion('ioredis'),
      [`${server.product}-server`]: server.version,
      'toxiproxy-server': found['toxiproxy-server'].version,
      ...(application ? { postgres: found.postgres.version, k6: found.k6.version } : {}),
    },
    scratch: scratchDirectory(),
    cache: cacheDirectory(process.env),
    clockLibrary: await libraryIf(labClock),
  };
}

async function refuse(): Promise<never> {
  const { why, hint } = await namespacesSupport();
  throw new LabError(`hosts cannot be isolated here: ${why}`, { details: hint });
}

/** An empty directory that all labs share: each mounts a tmpfs over it that only itself can see. */
function scratchDirectory(): string {
  const directory = path.join(cacheDirectory(process.env), 'sandbox');
  try {
    makeDirectory(directory);
  } catch (error) {
    throw new LabError(`expected a cache that can be written, got: ${messageOf(error)}`, {
      cause: error,
      details: ['set FAILOVER_LAB_CACHE to a directory that you may write to'],
    });
  }
  return directory;
}
