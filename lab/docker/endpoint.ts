import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../common/errors.ts';

/** Where a Docker daemon is expected, and who said so. */
export interface Endpoint {
  /** As in DOCKER_HOST: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2376`. */
  host: string;
  /** For people: "DOCKER_HOST", "the context colima", "Docker's usual places". */
  from: string;
  /** Directory with ca.pem, cert.pem and key.pem, where the daemon wants to know who calls. */
  certificates?: string;
}

/**
 * The daemon's address by the rules of the `docker` command: DOCKER_HOST, else the context of DOCKER_CONTEXT, else the
 * one that `docker context use` chose, else the first socket that exists of the system's, Docker Desktop's and a
 * rootless daemon's. UsageError for an address that is none and a context that is not there.
 */
export function dockerEndpoint(environment: NodeJS.ProcessEnv = process.env): Endpoint {
  const host = environment.DOCKER_HOST;
  if (host) {
    if (!/^(unix|tcp|http|https|ssh|npipe):\/\/./.test(host))
      throw new UsageError(`DOCKER_HOST: expected an address as unix:///var/run/docker.sock, got ${host}`);
    const certificates = environment.DOCKER_TLS_VERIFY === '1' ? environment.DOCKER_CERT_PATH : undefined;
    return { host, from: 'DOCKER_HOST', ...(certificates ? { certificates } : {}) };
  }
  const folder = environment.DOCKER_CONFIG || path.join(environment.HOME || homedir(), '.docker');
  const context = environment.DOCKER_CONTEXT || currentContext(folder);
  if (context !== undefined && context !== 'default') return contextEndpoint(folder, context);
  const sockets = usualSockets(environment);
  const socket = sockets.find((each) => existsSync(each)) ?? sockets[0];
  return { host: `unix://${socket}`, from: 'Docker’s usual places' };
}

/** Where daemons put their sockets, in the order in which Testcontainers looks at them. */
function usualSockets(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME || homedir();
  const runtime = environment.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`;
  return [
    '/var/run/docker.sock',
    path.join(runtime, 'docker.sock'),
    path.join(home, '.docker/run/docker.sock'),
    path.join(home, '.docker/desktop/docker.sock'),
  ];
}

function currentContext(folder: string): string | undefined {
  const configuration = json(path.join(folder, 'config.json'));
  return typeof configuration?.currentContext === 'string' ? configuration.currentContext : undefined;
}

/** Contexts lie in directories named after their names' sums, as the `docker` command keeps them. */
function contextEndpoint(folder: string, name: string): Endpoint {
  const sum = createHash('sha256').update(name).digest('hex');
  const meta = json(path.join(folder, 'contexts', 'meta', sum, 'meta.json')) as {
    Endpoints?: { docker?: { Host?: string } };
  } | null;
  const host = meta?.Endpoints?.docker?.Host;
  if (host === undefined)
    throw new UsageError(
      `expected a Docker context named ${name} in ${folder}, got none (docker context ls)`,
    );
  const certificates = path.join(folder, 'contexts', 'tls', sum, 'docker');
  return { host, from: `the context ${name}`, ...(existsSync(certificates) ? { certificates } : {}) };
}

function json(file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}
