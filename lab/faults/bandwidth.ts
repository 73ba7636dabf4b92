import type { Fault } from './fault.ts';
import { hostNames, linksBetween, poisonLinks } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/** Limits links to `kilobytesPerSecond` in each direction, by Toxiproxy's bandwidth toxic. */
export function bandwidth({
  from,
  to,
  kilobytesPerSecond,
}: {
  from: Targets;
  to: Targets;
  kilobytesPerSecond: number;
}): Fault {
  const to_ = `to ${kilobytesPerSecond} KB/s`;
  return {
    name: 'bandwidth',
    text: `limit ${inWords(from)} → ${inWords(to)} ${to_}`,
    aims: [from, to],
    async inject(surface) {
      const [a, b] = await Promise.all([hostsOf(from, surface), hostsOf(to, surface)]);
      const links = linksBetween(a, b, surface);
      const toxics = (['upstream', 'downstream'] as const).map((stream) => ({
        type: 'bandwidth' as const,
        stream,
        toxicity: 1,
        attributes: { rate: kilobytesPerSecond },
      }));
      return poisonLinks(
        links,
        toxics,
        `limit ${hostNames(a)} → ${hostNames(b)} ${to_}`,
        surface,
        async () => {
          // Enough bytes that one direction alone needs 100 ms.
          const bytes = Math.max(64, Math.round(kilobytesPerSecond * 100));
          const trips = (await surface.mesh.roundTrips(links, 3000, bytes)).filter((ms) => ms !== null);
          if (trips.length === 0) return { proved: false, text: 'no link answered within 3 s' };
          const fastest = Math.min(...trips);
          return {
            proved: fastest >= 100,
            text: `${bytes} bytes took ${fastest.toFixed(0)} ms at best, expected ≥ 100 ms`,
          };
        },
      );
    },
  };
}
