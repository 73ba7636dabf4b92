import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { LabError, messageOf } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { attached } from './attached.ts';
import { bindMount } from './bind-mount.ts';
import type { ImageRole } from './images.ts';
import {
  type ContainersJob,
  LAB_LINK_LOCAL,
  LAB_NUMBER,
  SCRATCH_INSIDE,
  type SharedFolder,
  SOCKET_INSIDE,
} from './lab-job.ts';
import { createLabNetwork } from './lab-network.ts';
import { RUN_LABEL } from './labels.ts';

/** A daemon as labs use it; plain data. */
export interface DockerPlace {
  /** The daemon's socket on this machine. */
  socket: string;
  /** The same where the daemon runs: another path where that is a virtual machine. */
  daemonSocket: string;
  images: Readonly<Record<ImageRole, string>>;
  /** `uid:gid`, or null for root (see ContainersJob). */
  user: string | null;
  /** See ContainersJob. */
  passwd: string;
  /** The group that may use the socket; null where the user may anyway. */
  socketGroup: number | null;
  labels: Readonly<Record<string, string>>;
  /** The addresses of which the lab's network takes some: `198.18.0.0/15`. */
  pool: string;
}

export interface LabContainerOptions {
  /** What Node is started with, once it is known what is inside. */
  args(inside: ContainersJob): readonly string[];
  environment: Readonly<Record<string, string>>;
  folders: readonly SharedFolder[];
}

/** The container in which a lab's own process runs, with it the lab's network and its storage in memory. */
export interface LabContainer {
  readonly name: string;
  readonly inside: ContainersJob;
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  /** Its exit code, 128 + signal for one that was ended by a signal, once everything of the lab has been removed. */
  readonly ended: Promise<number>;
  /** Ends it at once by SIGKILL, and with it, since all share its process namespace, everything of the lab. */
  kill(): void;
}

const REMOVED_WITHIN_MS = 10_000;

/**
 * Starts the container of a lab's own process. When this process ends, however it ends, the daemon closes the
 * container's stdin: what runs in it has to go then. LabError with the daemon's words when it cannot be started.
 */
export async function startLabContainer(
  place: DockerPlace,
  options: LabContainerOptions,
): Promise<LabContainer> {
  const docker = new Docker({ socketPath: place.socket });
  const name = `failover-lab-${randomBytes(4).toString('hex')}`;
  const { images, user, passwd } = place;
  const labels = { ...place.labels, [RUN_LABEL]: name };
  const prefix = await createLabNetwork(docker, name, {
    labels,
    pool: place.pool,
  });
  const inside: ContainersJob = {
    lab: name,
    network: name,
    prefix,
    images,
    user,
    passwd,
    labels,
    folders: options.folders,
  };
  const network = docker.getNetwork(name);
  try {
    const container = await docker.createContainer(creation(place, options, inside));
    const { stdin, stdout, stderr, ended: over } = await attached(docker, container);
    const { Mounts } = await container.inspect();
    const volume = Mounts.find((mount) => mount.Destination === SCRATCH_INSIDE)?.Name;
    await container.start();
    const ended = over.then(async (status) => {
      await removed('the lab’s network', () => network.remove());
      if (volume !== undefined) await removed('the lab’s storage', () => docker.getVolume(volume).remove());
      return status;
    });
    ended.catch(() => {});
    const kill = () => void container.kill({ signal: 'SIGKILL' }).catch(() => {});
    return { name, inside, stdin, stdout, stderr, ended, kill };
  } catch (cause) {
    await docker
      .getContainer(name)
      .remove({ force: true, v: true })
      .catch(() => {});
    await network.remove().catch(() => {});
    throw new LabError(`cannot start the lab's own container: ${messageOf(cause)}`, { cause });
  }
}

function creation(
  { images, user, socketGroup, daemonSocket }: DockerPlace,
  { args, environment, folders }: LabContainerOptions,
  inside: ContainersJob,
): Docker.ContainerCreateOptions {
  const { lab, network, prefix, labels } = inside;
  const owner = user === null ? '' : `,uid=${user.split(':')[0]},gid=${user.split(':')[1]}`;
  return {
    name: lab,
    Image: images.node,
    Entrypoint: ['node'],
    Cmd: [...args(inside)],
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    Labels: { ...labels },
    Hostname: 'lab',
    ...(user === null ? {} : { User: user }),
    OpenStdin: true,
    // The end of our connection is the end of its stdin.
    StdinOnce: true,
    HostConfig: {
      AutoRemove: true,
      LogConfig: { Type: 'none', Config: {} },
      NetworkMode: network,
      // So that /proc tells, in whatever group hierarchy, to which container a process belongs (container-pid.ts).
      ...{ CgroupnsMode: 'host' },
      ...(socketGroup === null ? {} : { GroupAdd: [String(socketGroup)] }),
      Mounts: [
        bindMount(daemonSocket, false, SOCKET_INSIDE),
        ...folders.map(({ path, readOnly }) => bindMount(path, readOnly)),
        {
          Type: 'volume',
          // No source: it has no name, so the daemon removes it with the container.
          Source: '',
          Target: SCRATCH_INSIDE,
          VolumeOptions: {
            NoCopy: true,
            Labels: { ...labels },
            DriverConfig: {
              Name: 'local',
              Options: { type: 'tmpfs', device: 'tmpfs', o: `mode=0755${owner}` },
            },
          },
        },
      ],
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [network]: {
          IPAMConfig: { IPv4Address: `${prefix}.${LAB_NUMBER}`, LinkLocalIPs: [LAB_LINK_LOCAL] },
        },
      },
    },
  };
}

/** Removes what the daemon may still be taking off the last container; gone already is as good. */
async function removed(what: string, remove: () => Promise<unknown>): Promise<void> {
  const isGone = (error: unknown) => (error as { statusCode?: number }).statusCode === 404;
  await until(
    () =>
      remove().then(
        () => true,
        (error) => isGone(error) || Promise.reject(error),
      ),
    { what: `${what} to be removed`, withinMs: REMOVED_WITHIN_MS, everyMs: 50 },
  );
}
