import type { Fault } from './fault.ts';
import { hostNames, linksBetween, poisonLinks } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/**
 * Resets connections: Toxiproxy's reset_peer answers with RST `afterMs` after data came, on open and new
 * connections, for as long as the fault is in force. On the replies, requests are executed and their answers lost.
 */
export function reset({ from, to, afterMs = 0 }: { from: Targets; to: Targets; afterMs?: number }): Fault {
  return {
    name: 'reset',
    text: `reset connections ${inWords(from)} → ${inWords(to)}`,
    aims: [from, to],
    async inject(surface) {
      const [a, b] = await Promise.all([hostsOf(from, surface), hostsOf(to, surface)]);
      const links = linksBetween(a, b, surface);
      const answering = async () =>
        (await surface.mesh.roundTrips(links, afterMs + 200)).filter((ms) => ms !== null).length;
      const before = await answering();
      const toxic = {
        type: 'reset_peer',
        stream: 'downstream',
        toxicity: 1,
        attributes: { timeout: afterMs },
      } as const;
      return poisonLinks(
        links,
        [toxic],
        `reset connections ${hostNames(a)} → ${hostNames(b)}`,
        surface,
        async () => {
          const after = await answering();
          return {
            proved: before > 0 && after === 0,
            text: `of ${links.length} links ${before} answered before, ${after} answer now`,
          };
        },
      );
    },
  };
}
