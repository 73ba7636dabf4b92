import type { Fault } from './fault.ts';
import { type CutOptions, cutLinks, hostNames, linksAcross, linksBetween, onlyForBus } from './links.ts';
import { hostsOf, inWords, type Targets } from './target.ts';

/** Cuts what `from` can reach of `to`; with `oneWay` the links from `to` back stay alive. */
export function cut(options: CutOptions & { from: Targets; to: Targets; oneWay?: boolean }): Fault {
  const { from, to, oneWay = false } = options;
  return {
    name: 'cut',
    text: `cut ${inWords(from)} off ${inWords(to)}${oneWay ? ', one way' : ''}`,
    aims: [from, to],
    ...onlyForBus(options),
    async inject(surface) {
      const [a, b] = await Promise.all([hostsOf(from, surface), hostsOf(to, surface)]);
      const others = b.filter((host) => !a.includes(host));
      const links = oneWay ? linksBetween(a, others, surface) : linksAcross(a, others, surface);
      const text = `cut ${hostNames(a)} off ${hostNames(others)}${oneWay ? ', one way' : ''}`;
      return cutLinks(links, text, options, surface);
    },
  };
}
