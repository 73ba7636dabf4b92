import type { Fault } from './fault.ts';
import { hostNames, linksBetween, poisonLinks } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

export interface LatencyOptions {
  /** The hosts whose links are slowed. */
  from: Targets;
  /** The nodes they reach more slowly. */
  to: Targets;
  /** Added to each chunk of data in ms. */
  latencyMs: number;
  /** Plus or minus up to this, evenly distributed, in ms. Default 0. */
  jitterMs?: number;
  /**
   * Which half is delayed. Default `both`, so that a round trip takes 2 × latencyMs longer. A replica's link to
   * its primary carries the replication stream in its `replies`.
   */
  streams?: 'both' | 'requests' | 'replies';
}

/** Delays data on links by Toxiproxy's latency toxic. The order of bytes is kept, as on a slow network. */
export function latency({ from, to, latencyMs, jitterMs = 0, streams = 'both' }: LatencyOptions): Fault {
  const toxic = {
    type: 'latency',
    toxicity: 1,
    attributes: { latency: latencyMs, jitter: jitterMs },
  } as const;
  const halves = {
    both: ['upstream', 'downstream'],
    requests: ['upstream'],
    replies: ['downstream'],
  } as const;
  const by = `by ${latencyMs} ms${jitterMs > 0 ? ` ± ${jitterMs} ms` : ''}`;
  return {
    name: 'latency',
    text: `delay ${inWords(from)} → ${inWords(to)} ${by}`,
    aims: [from, to],
    async inject(surface) {
      const [a, b] = await Promise.all([hostsOf(from, surface), hostsOf(to, surface)]);
      const links = linksBetween(a, b, surface);
      const toxics = halves[streams].map((stream) => ({ ...toxic, stream }));
      const leastMs = toxics.length * (latencyMs - jitterMs);
      return poisonLinks(
        links,
        toxics,
        `delay ${hostNames(a)} → ${hostNames(b)} ${by}`,
        surface,
        async () => {
          const trips = await surface.mesh.roundTrips(links, toxics.length * (latencyMs + jitterMs) + 500);
          const seen = trips.filter((ms) => ms !== null);
          const fastest = Math.min(...seen);
          if (seen.length === 0)
            return { proved: false, text: 'no link answered, so no delay could be measured' };
          return {
            proved: fastest >= leastMs,
            text: `fastest round trip ${fastest.toFixed(0)} ms, expected ≥ ${leastMs} ms`,
          };
        },
      );
    },
  };
}
