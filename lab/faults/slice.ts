import type { Fault } from './fault.ts';
import { hostNames, linksBetween, poisonLinks } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

export interface SliceOptions {
  from: Targets;
  to: Targets;
  /** Average bytes of a slice. */
  averageBytes: number;
  /** Microseconds between slices. */
  delayUs: number;
}

/** Cuts data into small pieces with a pause between them, by Toxiproxy's slicer: replies arrive in fragments. */
export function slice({ from, to, averageBytes, delayUs }: SliceOptions): Fault {
  const how = `into ${averageBytes}-byte slices ${delayUs} µs apart`;
  return {
    name: 'slice',
    text: `cut the data ${inWords(from)} → ${inWords(to)} ${how}`,
    aims: [from, to],
    async inject(surface) {
      const [a, b] = await Promise.all([hostsOf(from, surface), hostsOf(to, surface)]);
      const links = linksBetween(a, b, surface);
      const toxics = (['upstream', 'downstream'] as const).map((stream) => ({
        type: 'slicer' as const,
        stream,
        toxicity: 1,
        attributes: { average_size: averageBytes, size_variation: 0, delay: delayUs },
      }));
      return poisonLinks(
        links,
        toxics,
        `cut the data ${hostNames(a)} → ${hostNames(b)} ${how}`,
        surface,
        async () => {
          const slices = 20;
          const leastMs = (slices * delayUs) / 1000;
          const trips = (
            await surface.mesh.roundTrips(links, 4 * leastMs + 2000, slices * averageBytes)
          ).filter((ms) => ms !== null);
          if (trips.length === 0) return { proved: false, text: 'no link answered' };
          const fastest = Math.min(...trips);
          return {
            proved: fastest >= leastMs,
            text: `${slices} slices took ${fastest.toFixed(1)} ms at best, expected ≥ ${leastMs} ms`,
          };
        },
      );
    },
  };
}
