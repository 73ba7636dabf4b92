import type { FaultWindow } from '../../../lab/history/observations.ts';
import type { BrokenLink, Place } from './scene.ts';

const slowing: readonly string[] = ['latency', 'bandwidth', 'slice'];

/** A fault's own names of links: `host-1→redis-2`, `host-1→redis-2/bus` (lab/mesh/link.ts). */
const linkPattern = /^(.+)→(.+?)(\/bus)?$/;

/** In force from when it was proved, or else asked for, until its healing began. */
export function isInForce({ injectedAt, provedAt, healedAt }: FaultWindow, at: number): boolean {
  return (provedAt ?? injectedAt) <= at && at < (healedAt ?? Number.POSITIVE_INFINITY);
}

/** The links that the faults in force at this time hinder, each once; a cut is told before a delay, and that of the bus last. */
export function brokenLinksAt(
  places: readonly Place[],
  faults: readonly FaultWindow[],
  at: number,
): BrokenLink[] {
  const hostOf = new Map(places.flatMap(({ host, parts }) => parts.map(({ name }) => [name, host])));
  const found = new Map<string, BrokenLink>();
  for (const fault of faults) {
    if (!isInForce(fault, at)) continue;
    const hinders = slowing.includes(fault.name) ? 'slowed' : fault.name === 'reset' ? 'reset' : 'cut';
    for (const target of fault.targets) {
      const [, from, to, bus] = linkPattern.exec(target) ?? [];
      const toHost = hostOf.get(to ?? '');
      if (from === undefined || to === undefined || toHost === undefined) continue;
      const how = bus === undefined ? hinders : hinders === 'cut' ? 'bus' : hinders;
      const known = found.get(`${from}→${to}`);
      if (known === undefined || how === 'cut' || known.how === 'bus')
        found.set(`${from}→${to}`, { from, to, toHost, how: known?.how === 'cut' ? 'cut' : how });
    }
  }
  return [...found.values()];
}

/**
 * The sides that cuts make: of the hosts that a cut concerns, those that still reach each other are one side. Empty
 * where the cuts leave them connected, or where a few single links are cut and other hosts reach both ends.
 */
export function sidesOf(places: readonly Place[], broken: readonly BrokenLink[]): string[][] {
  const cuts = broken.filter(({ how }) => how === 'cut');
  const pairs = new Set(cuts.map(({ from, to }) => `${from} ${to}`));
  const concerned = places.filter(({ host }) =>
    cuts.some(({ from, toHost }) => from === host || toHost === host),
  );
  const reach = (a: Place, b: Place) =>
    serversOf(b).some((node) => !pairs.has(`${a.host} ${node}`)) ||
    serversOf(a).some((node) => !pairs.has(`${b.host} ${node}`));
  const sides: Place[][] = [];
  for (const place of concerned) {
    const joined = sides.filter((side) => side.some((other) => reach(place, other)));
    for (const side of joined) sides.splice(sides.indexOf(side), 1);
    sides.push([place, ...joined.flat()]);
  }
  const isWhole = concerned.length === places.length || sides.some((side) => side.length > 1);
  if (sides.length < 2 || !isWhole) return [];
  const order = (host: string) => places.findIndex((place) => place.host === host);
  return sides
    .map((side) => side.map(({ host }) => host).sort((a, b) => order(a) - order(b)))
    .sort((a, b) => a.length - b.length || order(a[0] ?? '') - order(b[0] ?? ''));
}

function serversOf({ parts }: Place): string[] {
  return parts.filter(({ kind }) => kind !== 'clients').map(({ name }) => name);
}
