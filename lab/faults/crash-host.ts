import { monotonicMs } from '../common/clock.ts';
import { once } from '../common/once.ts';
import type { Host } from '../hosts/host.ts';
import { type Fault, type FaultSurface, HEAL_PROOF_MS, type Proof } from './fault.ts';
import { hostNames, linksAcross } from './links.ts';
import { answering, signalFamily, startProcesses } from './processes.ts';
import { hostsOf, inWords, nodesOn, type Targets } from './target.ts';

/**
 * Crashes whole hosts: first the network falls silent (nobody gets a reset, as from a machine without power), then
 * everything on them is killed, clients too. The heal plugs them in again and starts Toxiproxy and the servers;
 * clients stay dead.
 */
export function crashHost(target: Targets, { data = 'kept' }: { data?: 'kept' | 'lost' } = {}): Fault {
  return {
    name: 'crash-host',
    text: `crash the host of ${inWords(target)}`,
    aims: [target],
    async inject(surface) {
      const hosts = await hostsOf(target, surface);
      const nodes = nodesOn(hosts, surface);
      await Promise.all(hosts.map((host) => host.cable('out')));
      const processes = hosts.flatMap((host) => host.processes());
      for (const process of processes) signalFamily(process, 'SIGKILL');
      await Promise.all(processes.map((process) => process.exited));
      const silent = !(await answering(nodes, surface, 20)).some(Boolean);
      return {
        text: `crash ${hostNames(hosts)} with ${processes.length} processes`,
        targets: [...hosts.map((host) => host.name), ...nodes.map((node) => node.name)],
        proof: {
          proved: silent,
          text: `${processes.length} processes ended; nodes on it ${silent ? 'silent' : 'still answer'}`,
        },
        heal: once(() => bringBack(hosts, data, surface)),
      };
    },
  };
}

async function bringBack(
  hosts: readonly Host[],
  data: 'kept' | 'lost',
  surface: FaultSurface,
): Promise<Proof> {
  const startedAt = monotonicMs();
  await Promise.all(hosts.map((host) => host.cable('in')));
  await Promise.all(hosts.map((host) => surface.mesh.sidecar(host.name).start()));
  const nodes = nodesOn(hosts, surface);
  const started = await startProcesses(nodes, data);
  const others = [...surface.hosts.values()].filter((host) => !hosts.includes(host));
  const links = await surface.mesh.proveAlive(linksAcross(hosts, others, surface), HEAL_PROOF_MS);
  const spentMs = monotonicMs() - startedAt;
  return {
    proved: started.proved && links.proved,
    text: `${started.text}, ${links.text}, after ${spentMs.toFixed(0)} ms`,
  };
}
