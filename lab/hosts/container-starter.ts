import path from 'node:path';
import type Docker from 'dockerode';
import { LabError, messageOf } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { until } from '../common/until.ts';
import { type Attached, attached } from '../docker/attached.ts';
import { bindMount } from '../docker/bind-mount.ts';
import { type ImageRole, images } from '../docker/images.ts';
import { type ContainersJob, ORDINARY_USER, SCRATCH_INSIDE } from '../docker/lab-job.ts';
import { HOST_LABEL, PROCESS_LABEL } from '../docker/labels.ts';
import { containerExit } from './container-exit.ts';
import { pidOfContainer } from './container-pid.ts';
import type { ProcessExit } from './host.ts';

/** A program that gets a container to itself. */
export interface Launch {
  /** Part of the container's name. */
  name: string;
  /** The host on which it is. */
  host: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd: string;
  /** Whose network it is on: that of a container, whose name is told once it exists and which has to be up, or one of its own. */
  network:
    | { of: Promise<string>; up: Promise<unknown> }
    | { own: Docker.EndpointSettings; sysctls: Record<string, string> };
}

/** A program that runs in a container. */
export interface Launched extends Omit<Attached, 'ended'> {
  /** Name of its container. */
  readonly container: string;
  /** Null when it ended at once. */
  readonly pid: number | null;
  /** Resolves once it has ended and all that it wrote has been handed on. */
  readonly exited: Promise<ProcessExit>;
  signal(signal: NodeJS.Signals): void;
}

/** Where programs of other images are put that the lab's own programs start. */
export const CARRIED_INSIDE = '/failover-lab-programs';

const REMOVED_WITHIN_MS = 5000;

const roles = new Map<string, ImageRole>(
  Object.entries(images).flatMap(([role, { programs }]) =>
    Object.entries(programs)
      .flat()
      .map((program): [string, ImageRole] => [program, role as ImageRole]),
  ),
);

/** The image that has a program; what is in none of the others is the lab's own, or a command that is anywhere. */
export function roleOf(command: string): ImageRole {
  return roles.get(command) ?? 'node';
}

/** Starts each program in a container of its own, in the lab's process namespace. */
export class ContainerStarter {
  readonly #docker: Docker;
  readonly #job: ContainersJob;
  readonly #environment: Readonly<Record<string, string>>;
  #volume: string | null = null;
  #carried: string | null = null;
  readonly #ordered = new Set<string>();
  #count = 0;

  /** `environment`: what every program has in its own. */
  constructor(docker: Docker, job: ContainersJob, environment: Readonly<Record<string, string>>) {
    this.#docker = docker;
    this.#job = job;
    this.#environment = environment;
  }

  /** Finds the lab's storage, and lays ready the directory of `carried`, a program of another image, for the lab's own. */
  async prepare(carried?: { role: ImageRole; program: string }): Promise<void> {
    const [{ Mounts }] = await Promise.all([
      this.#docker.getContainer(this.#job.lab).inspect(),
      carried === undefined ? null : this.#carry(carried.role, path.posix.dirname(carried.program)),
    ]);
    this.#volume = Mounts.find((mount) => mount.Destination === SCRATCH_INSIDE)?.Name ?? null;
  }

  /** A new volume over a directory of an image is filled with what is in it, when the container is created. */
  async #carry(role: ImageRole, directory: string): Promise<void> {
    const store = await this.#docker.createContainer({
      name: this.#store,
      Image: this.#job.images[role],
      Entrypoint: ['-'],
      Labels: { ...this.#job.labels },
      HostConfig: {
        Mounts: [
          // Labelled, for the sweep: it has no name of ours.
          {
            Type: 'volume',
            Source: '',
            Target: directory,
            VolumeOptions: {
              NoCopy: false,
              Labels: { ...this.#job.labels },
              DriverConfig: { Name: 'local', Options: {} },
            },
          },
        ],
      },
    });
    const { Mounts } = await store.inspect();
    this.#carried = Mounts.find((mount) => mount.Destination === directory)?.Name ?? null;
  }

  get #store(): string {
    return `${this.#job.lab}-programs`;
  }

  /** Removes what `prepare` laid ready; nobody may use it any more. */
  async close(): Promise<void> {
    if (this.#carried === null) return;
    await this.#docker.getContainer(this.#store).remove({ force: true });
    const volume = this.#docker.getVolume(this.#carried);
    // Containers that have ended are still being taken away for a moment.
    const gone = async () => {
      await volume.remove();
      return true;
    };
    await until(gone, {
      what: 'the volume of programs to be free',
      withinMs: real(REMOVED_WITHIN_MS),
      everyMs: 20,
    });
    this.#carried = null;
  }

  /**
   * LabError when there is no such program, with the daemon's words when it does not start it. `onExists` is told the
   * container's name as soon as there is one: what shares its network can be made ready meanwhile.
   */
  async launch(launch: Launch, onExists: (container: string) => void = () => {}): Promise<Launched> {
    const name = `${this.#job.lab}-${launch.name}-${++this.#count}`;
    const { network } = launch;
    const mode = 'of' in network ? `container:${await network.of}` : this.#job.network;
    const creation = this.#creation(name, launch, mode);
    const container = await this.#docker.createContainer(creation).catch((cause) => {
      throw new LabError(`cannot start ${launch.name}: ${messageOf(cause)}`, { cause });
    });
    onExists(name);
    if (roleOf(launch.command) === 'net')
      process.stderr.write(`${name} runs ${launch.command} with NET_ADMIN, for its host’s network alone\n`);
    try {
      const { ended, ...ends } = await attached(this.#docker, container);
      if ('up' in network) await network.up;
      await container.start();
      const pid = pidOfContainer(container.id);
      const exited = ended.then(containerExit);
      const signal = (name: NodeJS.Signals) => this.#signal(container, launched, name);
      const launched: Launched = { container: name, pid, ...ends, exited, signal };
      return launched;
    } catch (cause) {
      await container.remove({ force: true }).catch(() => {});
      throw new LabError(refusal(launch, messageOf(cause)), { cause });
    }
  }

  /** Whether this, and nobody else, had the daemon send a signal to the container. */
  hasOrdered(container: string): boolean {
    return this.#ordered.has(container);
  }

  #signal(container: Docker.Container, { container: name, pid }: Launched, signal: NodeJS.Signals): void {
    if (pid === null) {
      this.#ordered.add(name);
      return void container.kill({ signal }).catch(() => {});
    }
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It has ended, and its exit is on its way to us.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  #creation(name: string, launch: Launch, mode: string): Docker.ContainerCreateOptions {
    const { lab, images: given, labels } = this.#job;
    const { command, args, env, cwd, network } = launch;
    const role = roleOf(command);
    const own = 'own' in network ? network : null;
    const user = this.#userOf(role);
    const environment = { TZ: 'UTC', ...this.#environment, ...env };
    return {
      name,
      Image: given[role],
      Entrypoint: [command],
      Cmd: [...args],
      WorkingDir: cwd,
      Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      Labels: { ...labels, [HOST_LABEL]: launch.host, [PROCESS_LABEL]: launch.name },
      ...(user === null ? {} : { User: user }),
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: {
        AutoRemove: true,
        // We are told all that is written, and the daemon need not keep it too.
        LogConfig: { Type: 'none', Config: {} },
        PidMode: `container:${lab}`,
        ...{ CgroupnsMode: 'host' },
        NetworkMode: mode,
        ...(own === null ? {} : { Sysctls: own.sysctls }),
        ...(role === 'net' ? { CapAdd: ['NET_ADMIN'] } : {}),
        Mounts: this.#mounts(role),
      },
      ...(own === null ? {} : { NetworkingConfig: { EndpointsConfig: { [mode]: own.own } } }),
    };
  }

  /** Only the lab's own programs see this machine's folders. */
  #mounts(role: ImageRole): Docker.MountSettings[] {
    const clock = this.#environment.LD_PRELOAD;
    const volume = (name: string | null, target: string, readOnly: boolean): Docker.MountSettings[] =>
      name === null ? [] : [{ Type: 'volume', Source: name, Target: target, ReadOnly: readOnly }];
    const own = role === 'node';
    return [
      ...volume(this.#volume, SCRATCH_INSIDE, false),
      ...(own ? this.#job.folders.map(({ path, readOnly }) => bindMount(path, readOnly)) : []),
      ...(own ? volume(this.#carried, CARRIED_INSIDE, true) : []),
      // Of the folders it is one already.
      ...(own || clock === undefined ? [] : [bindMount(clock, true)]),
      // initdb asks for its own name.
      ...(role === 'postgres' ? [bindMount(this.#job.passwd, true, '/etc/passwd')] : []),
    ];
  }

  #userOf(role: ImageRole): string | null {
    if (role === 'net') return '0:0';
    const { user } = this.#job;
    const isRoot = user === null || user.startsWith('0:');
    return role === 'postgres' && isRoot ? ORDINARY_USER : (user ?? '0:0');
  }
}

function refusal({ name, command }: Launch, said: string): string {
  return /no such file or directory|executable file not found|permission denied/i.test(said)
    ? `cannot start ${name}: there is no program ${command} that may be run`
    : `cannot start ${name}: ${said}`;
}
