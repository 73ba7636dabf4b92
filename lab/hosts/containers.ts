import Docker from 'dockerode';
import type { LabError } from '../common/errors.ts';
import { images } from '../docker/images.ts';
import { type ContainersJob, SOCKET_INSIDE } from '../docker/lab-job.ts';
import type { ClockSettings } from '../time/clock-file.ts';
import { ContainerHost } from './container-host.ts';
import { ContainerStarter } from './container-starter.ts';
import { foreignOrders } from './foreign-orders.ts';
import type { HostBackend } from './host.ts';
import { nodeAddresses } from './node-address.ts';

/**
 * Hosts as Docker containers. It expects to run in a container of its own (docker/lab-container.ts), which is on the
 * lab's network and whose process namespace all others share: so this works the same where Docker runs in a virtual
 * machine, processes are signalled and looked at as on one's own machine, and when the first process ends, however it
 * ends, the kernel ends all others.
 */
export interface ContainersOptions {
  job: ContainersJob;
  /** The lab's storage in memory, shared by all its containers. */
  scratch: string;
  /** Directory for the logs of all processes; on the real file system, kept. */
  logs: string;
  /** Whether the lab's own programs start k6. Default false. */
  withK6?: boolean;
  /** Where the lab has a clock of its own: what each host's clock shows at first. */
  clock?: ClockSettings;
  /** What every process is given in its environment. */
  environment?: Readonly<Record<string, string>>;
  /** Called when a container has ended that the lab did not end, or somebody else has had it signalled or frozen. */
  onLost?: (error: LabError) => void;
}

export function containers(options: ContainersOptions): HostBackend {
  const { job, scratch, logs, clock, environment = {}, withK6 = false, onLost = () => {} } = options;
  const docker = new Docker({ socketPath: SOCKET_INSIDE });
  const network = docker.getNetwork(job.network);
  const starter = new ContainerStarter(docker, job, environment);
  const hosts = new Map<string, ContainerHost>();
  let deafen = () => {};
  const lab = { starter, network, lab: job.lab, prefix: job.prefix, scratch, logs, onLost };
  return {
    name: 'containers',
    nodeAddress: nodeAddresses.containers,
    async create(specs) {
      const carried = withK6 ? { role: 'k6' as const, program: images.k6.programs.k6 ?? '' } : undefined;
      [deafen] = await Promise.all([
        foreignOrders(docker, { lab: job.lab, isOwn: (name) => starter.hasOrdered(name), onOrder: onLost }),
        starter.prepare(carried),
      ]);
      const created = specs.map(
        (spec, index) => new ContainerHost(spec, index, clock === undefined ? lab : { ...lab, clock }),
      );
      for (const host of created) hosts.set(host.name, host);
      // Not waited for: what is started on them is made ready meanwhile, and fails where they do.
      for (const host of created) void host.open().catch(onLost);
      return hosts;
    },
    async close() {
      deafen();
      await Promise.all([...hosts.values()].map((host) => host.close()));
      await starter.close();
    },
    async abandon() {
      // Everything but ourselves. Where we are not the first process of a namespace, that would be far more than the lab.
      if (process.pid === 1) process.kill(-1, 'SIGKILL');
      await this.close();
      await network.disconnect({ Container: job.lab, Force: true }).catch(() => {});
      await network.remove().catch(() => {});
    },
  };
}
