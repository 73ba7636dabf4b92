import type { Fault } from './fault.ts';
import { type CutOptions, cutLinks, hostNames, linksAcross, onlyForBus } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/** Splits all hosts into two halves that only the hosts of `over` reach, and are reached by (Jepsen's bridge). */
export function bridge(over: Targets, left: Targets, options: CutOptions = {}): Fault {
  return {
    name: 'bridge',
    text: `leave only ${inWords(over)} between ${inWords(left)} and the others`,
    aims: [over, left],
    ...onlyForBus(options),
    async inject(surface) {
      const [middle, side] = await Promise.all([hostsOf(over, surface), hostsOf(left, surface)]);
      const a = side.filter((host) => !middle.includes(host));
      const b = [...surface.hosts.values()].filter((host) => !middle.includes(host) && !a.includes(host));
      const text = `${hostNames(a)} | ${hostNames(b)}, joined only by ${hostNames(middle)}`;
      return cutLinks(linksAcross(a, b, surface), text, options, surface);
    },
  };
}
