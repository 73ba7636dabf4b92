import type { Fault } from './fault.ts';
import { type CutOptions, cutLinks, hostNames, linksAcross, onlyForBus } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/** Splits the hosts into groups that cannot reach each other; a host in no group reaches everybody. */
export function split(groups: readonly Targets[], options: CutOptions = {}): Fault {
  return {
    name: 'split',
    text: `split into ${groups.map(inWords).join(' | ')}`,
    aims: groups,
    ...onlyForBus(options),
    async inject(surface) {
      const sides = await Promise.all(groups.map((group) => hostsOf(group, surface)));
      const links = sides.flatMap((side, index) =>
        sides.slice(index + 1).flatMap((other) => {
          const rest = other.filter((host) => !side.includes(host));
          return linksAcross(side, rest, surface);
        }),
      );
      return cutLinks(links, `split into ${sides.map(hostNames).join(' | ')}`, options, surface);
    },
  };
}
