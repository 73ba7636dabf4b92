import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { LabError, messageOf } from '../common/errors.ts';
import { bindMount } from './bind-mount.ts';
import { dockerEndpoint, type Endpoint } from './endpoint.ts';

/** A Docker daemon that answered. */
export interface Daemon {
  docker: Docker;
  endpoint: Endpoint;
  /** `20.10.24`. */
  version: string;
  /** Of the machine that containers run on, by the name that images use: `amd64`. */
  arch: string;
  /** The daemon's own words for where it runs: "Docker Desktop", "Debian GNU/Linux 12 (bookworm)". */
  system: string;
  /** It runs as an ordinary user, who is root only inside of containers. */
  rootless: boolean;
}

const ANSWER_MS = 10_000;
const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/**
 * The Docker daemon that DOCKER_HOST, the context or the usual places lead to. UsageError for an address or a context
 * that is none, LabError with what to do when nothing answers there or this user may not ask.
 */
export async function openDaemon(environment: NodeJS.ProcessEnv = process.env): Promise<Daemon> {
  const endpoint = dockerEndpoint(environment);
  const docker = new Docker(connection(endpoint));
  let info: Awaited<ReturnType<Docker['info']>>;
  try {
    info = await docker.info();
    if (typeof info?.ServerVersion !== 'string') throw new Error('an answer that is no Docker daemon’s');
  } catch (cause) {
    throw unreachable(endpoint, cause);
  }
  return {
    docker,
    endpoint,
    version: info.ServerVersion,
    arch: architectures[info.Architecture] ?? info.Architecture,
    system: info.OperatingSystem,
    rootless: ((info.SecurityOptions ?? []) as string[]).some((each) => each.includes('rootless')),
  };
}

/**
 * Makes Testcontainers, which knows no contexts and silently takes another daemon when the named one does not answer,
 * use this daemon: by its own variables, in this process and those it starts.
 */
export function useDaemon({ endpoint }: Daemon): void {
  process.env.DOCKER_HOST = endpoint.host;
  if (endpoint.certificates === undefined) return;
  process.env.DOCKER_TLS_VERIFY = '1';
  process.env.DOCKER_CERT_PATH = endpoint.certificates;
}

/**
 * Proves that the daemon sees this machine's files, without which nothing can be mounted into containers: LabError
 * for a daemon on another machine. `image` is any that it has; `folder` one of this machine's (default: the temporary one).
 */
export async function proveMounts(daemon: Daemon, image: string, folder = tmpdir()): Promise<void> {
  const source = mkdtempSync(path.join(folder, 'failover-lab-mount-'));
  try {
    // The daemon looks at a mount's source when a container is created: none has to run.
    const Mounts = [bindMount(source, true, '/mount')];
    const container = await daemon.docker.createContainer({
      Image: image,
      Cmd: ['-'],
      HostConfig: { Mounts },
    });
    await container.remove();
  } catch (cause) {
    if (!messageOf(cause).includes('bind source path does not exist')) throw cause;
    throw new LabError(
      `expected a Docker daemon that sees this machine's files, got one that does not see ${folder} at ${shown(daemon.endpoint)}`,
      {
        cause,
        details: [
          ...mountHints,
          'with Docker Desktop and the like: share this directory with its virtual machine, in its settings',
        ],
      },
    );
  } finally {
    rmSync(source, { recursive: true });
  }
}

/**
 * The daemon's socket, for what runs on this machine and for what is mounted into containers: where the daemon runs in a
 * virtual machine it has another path there. LabError for a daemon that is reached over the network, which does not see
 * this machine's files.
 */
export function socketsOf({ endpoint, system }: Daemon): { here: string; there: string } {
  if (!endpoint.host.startsWith('unix://'))
    throw new LabError(
      `expected a Docker daemon of this machine, got one over the network: ${shown(endpoint)}`,
      {
        details: mountHints,
      },
    );
  const here = endpoint.host.slice('unix://'.length);
  const virtual = process.platform === 'darwin' || system === 'Docker Desktop';
  return { here, there: virtual ? '/var/run/docker.sock' : here };
}

const mountHints = [
  'the lab mounts its own files and the daemon’s socket into its containers, which works only where the daemon runs',
  'use a daemon of this machine: unset DOCKER_HOST, or docker context use default',
];

function shown({ host, from }: Endpoint): string {
  return `${host} (${from})`;
}

function connection({ host, certificates }: Endpoint): Docker.DockerOptions {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length), timeout: ANSWER_MS };
  if (host.startsWith('npipe://')) return { socketPath: host.slice('npipe://'.length), timeout: ANSWER_MS };
  const { hostname, port, protocol, username } = new URL(host);
  if (protocol === 'ssh:')
    return { protocol: 'ssh', host: hostname, port: port || 22, username, timeout: ANSWER_MS };
  const pem = (name: string) => readFileSync(path.join(certificates ?? '', `${name}.pem`));
  const secure = certificates === undefined ? {} : { ca: pem('ca'), cert: pem('cert'), key: pem('key') };
  return {
    host: hostname,
    port: port || (certificates === undefined ? 2375 : 2376),
    protocol: certificates === undefined && protocol !== 'https:' ? 'http' : 'https',
    timeout: ANSWER_MS,
    ...secure,
  };
}

/** Why nothing was answered, and what helps. */
function unreachable(endpoint: Endpoint, cause: unknown): LabError {
  const code = (cause as NodeJS.ErrnoException).code;
  const where = shown(endpoint);
  if (code === 'EACCES' || code === 'EPERM')
    return new LabError(`expected to be let in by the Docker daemon at ${where}, got no permission`, {
      cause,
      details: [
        `${userInfo().username} may not use its socket: sudo usermod -aG docker ${userInfo().username}, then log in again`,
        'or a daemon of your own: dockerd-rootless-setuptool.sh install',
        'or without Docker, on Linux: --backend namespaces',
      ],
    });
  return new LabError(`expected a Docker daemon at ${where}, got ${reason(code, cause)}`, {
    cause,
    details: [
      process.platform === 'linux'
        ? 'start it: sudo systemctl start docker (Debian and Ubuntu: apt-get install docker.io)'
        : 'start Docker Desktop, or another that brings a daemon: OrbStack, Colima, Rancher Desktop',
      'if it is elsewhere: docker context use …, or DOCKER_HOST=unix:///path/of/its/docker.sock',
      'or without Docker, on Linux: --backend namespaces',
    ],
  });
}

function reason(code: string | undefined, cause: unknown): string {
  if (code === 'ENOENT') return 'no socket there';
  if (code === 'ECONNREFUSED') return 'nobody who answers there';
  return messageOf(cause);
}
