import { LabError } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import type { Host } from '../hosts/host.ts';
import type { HostClock } from '../time/host-clock.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { type Fault, type FaultSurface, HEAL_PROOF_MS, type Proof } from './fault.ts';
import { hostNames } from './links.ts';
import { hostsOf, inWords, nodesOn, type Targets } from './target.ts';

interface ClockChange {
  name: string;
  /** In words, without whom it hits: "step the clock forward by 60 s". */
  text: string;
  change(clock: HostClock): void;
  /** Whether a time of day that is this many ms ahead of the lab's shows the change; at the latest after HEAL_PROOF_MS. */
  shows(aheadMs: number): boolean;
}

/** Two clocks that are read one after the other, on a machine that is busy, are this near when they are equal. */
const NEAR_MS = 500;
const BEYOND_REACH = ' (it does not notice: linked statically, or it asks the kernel past its C library)';

/** A fault that changes the time of day on hosts, proved by what their servers themselves take it for. */
export function clockFault(target: Targets, { name, text, change, shows }: ClockChange): Fault {
  return {
    name,
    text: `${text} on ${inWords(target)}`,
    aims: [target],
    needs: 'lab clock',
    async inject(surface) {
      const hosts = await hostsOf(target, surface);
      const clocks = hosts.map(clockOf);
      for (const clock of clocks) change(clock);
      return {
        text: `${text} on ${hostNames(hosts)}`,
        targets: hosts.map((host) => host.name),
        proof: await proved(hosts, surface, shows),
        heal: once(async () => {
          for (const clock of clocks) clock.mend();
          return proved(hosts, surface, (aheadMs) => Math.abs(aheadMs) < NEAR_MS);
        }),
      };
    },
  };
}

function clockOf(host: Host): HostClock {
  if (host.clock !== undefined) return host.clock;
  throw new LabError(`expected ${host.name} to be on a lab clock, got the machine's`);
}

/** Waits until every server on the hosts, or where a host has none a program started there, tells such a time. */
async function proved(
  hosts: readonly Host[],
  surface: FaultSurface,
  shows: (aheadMs: number) => boolean,
): Promise<Proof> {
  const witnesses = hosts.flatMap((host) => {
    const servers = surface.topology.nodes.filter((node) => nodesOn([host], surface).includes(node));
    const running = servers.filter((node) => node.process !== null && node.process.exit === null);
    return running.length > 0
      ? running.map((node) => ({ name: node.name, unixMs: () => toldBy(node) }))
      : [{ name: host.name, unixMs: async () => Number(await host.run('date', ['+%s%3N'])) }];
  });
  const readings = await Promise.all(
    witnesses.map(async ({ name, unixMs }) => {
      let aheadMs = Number.NaN;
      const seen = async () => {
        aheadMs = (await unixMs()) - Date.now();
        return shows(aheadMs);
      };
      const bit = await until(seen, { what: name, withinMs: HEAL_PROOF_MS }).catch(() => false);
      const unmoved = !bit && Math.abs(aheadMs) < NEAR_MS;
      return { bit, text: `${name} ${Math.round(aheadMs)} ms${unmoved ? BEYOND_REACH : ''}` };
    }),
  );
  return {
    proved: readings.every(({ bit }) => bit),
    text: `time of day ahead of the lab's: ${readings.map(({ text }) => text).join(', ')}`,
  };
}

/** What a server takes the time of day for, in Unix ms. */
async function toldBy(node: TopologyNode): Promise<number> {
  const micros = /^server_time_usec:(\d+)/m.exec(await node.control.info())?.[1];
  return Number(micros) / 1000;
}
