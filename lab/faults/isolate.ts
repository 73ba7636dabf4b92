import type { Fault } from './fault.ts';
import { type CutOptions, cutLinks, hostNames, linksAcross, onlyForBus } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/**
 * Cuts the hosts of `target` off all other hosts, both ways; among themselves they stay connected. Whatever else
 * runs on those hosts, a Sentinel or clients, is isolated with them.
 */
export function isolate(target: Targets, options: CutOptions = {}): Fault {
  return {
    name: 'isolate',
    text: `isolate ${inWords(target)}`,
    aims: [target],
    ...onlyForBus(options),
    async inject(surface) {
      const inside = await hostsOf(target, surface);
      const outside = [...surface.hosts.values()].filter((host) => !inside.includes(host));
      const links = linksAcross(inside, outside, surface);
      return cutLinks(links, `isolate ${hostNames(inside)} from everybody`, options, surface);
    },
  };
}
