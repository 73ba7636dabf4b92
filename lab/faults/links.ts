import { once } from '../common/once.ts';
import type { Host } from '../hosts/host.ts';
import { type Link, linkName, type Streams, type Transport } from '../mesh/link.ts';
import type { Toxic } from '../mesh/toxiproxy-api.ts';
import { type Fault, type FaultSurface, HEAL_PROOF_MS, type InjectedFault } from './fault.ts';

/** How a fault cuts links. */
export interface CutOptions {
  /** Default `toxiproxy`. Some clients behave quite differently under the two. */
  by?: Transport;
  /** Which half of each conversation. Default `both`. */
  streams?: Streams;
  /** Which of the nodes' ports: `client`, or of a cluster's nodes `bus`. Default: all. */
  port?: 'client' | 'bus';
}

/** Only a cluster's nodes have a bus. */
export function onlyForBus({ port }: CutOptions): Pick<Fault, 'only'> {
  return port === 'bus' ? { only: { kinds: ['cluster'] } } : {};
}

/** The links by which processes on `from` reach nodes on `to`. */
export function linksBetween(from: readonly Host[], to: readonly Host[], surface: FaultSurface): Link[] {
  const { book } = surface.mesh;
  const [observers, targets] = [from, to].map((hosts) => new Set(hosts.map((host) => host.name)));
  return surface.mesh
    .links()
    .filter((link) => observers?.has(link.observer) && targets?.has(book.node(link.node).host));
}

/** The links between two sets of hosts, both ways. */
export function linksAcross(a: readonly Host[], b: readonly Host[], surface: FaultSurface): Link[] {
  return [...linksBetween(a, b, surface), ...linksBetween(b, a, surface)];
}

/** Cuts links, with proof, and gives the heal back. */
export async function cutLinks(
  all: readonly Link[],
  text: string,
  { by = 'toxiproxy', streams = 'both', port }: CutOptions,
  surface: FaultSurface,
): Promise<InjectedFault> {
  const links = port === undefined ? all : all.filter((link) => link.port === port);
  const what = port === undefined ? '' : port === 'bus' ? ' (the bus alone)' : ' (all but the bus)';
  const { undo, proof } = await surface.mesh.cut(links, by, streams);
  const how = by === 'packets' ? 'dropped packets' : 'Toxiproxy';
  return {
    text: `${text}${what} by ${how}${streams === 'both' ? '' : ` (${streams} only)`}`,
    targets: links.map(linkName),
    proof: links.length === 0 ? { proved: false, text: 'there is no such link' } : proof,
    heal: once(async () => {
      await undo();
      return surface.mesh.proveAlive(links, HEAL_PROOF_MS);
    }),
  };
}

/** Puts toxics on links; `prove` measures the links and says whether they bite. */
export async function poisonLinks(
  links: readonly Link[],
  toxics: readonly Omit<Toxic, 'name'>[],
  text: string,
  surface: FaultSurface,
  prove: () => Promise<InjectedFault['proof']>,
): Promise<InjectedFault> {
  const undo = await surface.mesh.addToxics(links, toxics);
  try {
    return {
      text,
      targets: links.map(linkName),
      proof: links.length === 0 ? { proved: false, text: 'there is no such link' } : await prove(),
      heal: once(async () => {
        await undo();
        return surface.mesh.proveAlive(links, HEAL_PROOF_MS);
      }),
    };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** The names of hosts in a list, for texts. */
export function hostNames(hosts: readonly Host[]): string {
  return hosts.map((host) => host.name).join(', ');
}
