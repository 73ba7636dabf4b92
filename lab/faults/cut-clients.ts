import type { Fault } from './fault.ts';
import { type CutOptions, cutLinks, hostNames, linksBetween, onlyForBus } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/** Cuts clients off servers while the servers go on seeing each other. Default: all client hosts off all nodes. */
export function cutClients(options: CutOptions & { clients?: Targets; servers?: Targets } = {}): Fault {
  const { clients = 'clients', servers = 'everybody' } = options;
  return {
    name: 'cut-clients',
    text: `cut ${inWords(clients)} off ${inWords(servers)}`,
    aims: [clients, servers],
    ...onlyForBus(options),
    async inject(surface) {
      const [from, to] = await Promise.all([hostsOf(clients, surface), hostsOf(servers, surface)]);
      const links = linksBetween(from, to, surface);
      return cutLinks(links, `cut clients on ${hostNames(from)} off the servers`, options, surface);
    },
  };
}
