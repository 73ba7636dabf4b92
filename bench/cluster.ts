import { median } from '../lab/common/median.ts';
import { clusterRecovery } from './cluster-recovery.ts';
import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';
import { partition } from './partition.ts';

const MODULE = new URL('./group.cases.ts', import.meta.url);

/** Redis Clusters with the full mesh, `fast`: how soon they stand, are partitioned, and recover from a crash. */
export async function cluster(runs = 7, largeRuns = 9): Promise<Figure[]> {
  const small = await readyMs(3, runs);
  const five = await readyMs(5, largeRuns);
  const ten = await readyMs(10, largeRuns);
  const fifteen = await readyMs(15, largeRuns);
  const perLink = (fewer: number[], more: number[], links: number) => (median(more) - median(fewer)) / links;
  return [
    { name: 'cluster 3+3 ready', unit: 'ms', samples: small, bar: { max: 2000 } },
    { name: 'cluster 15+15 ready', unit: 'ms', samples: fifteen, bar: { max: 8000 } },
    {
      // What grows with the nodes alone is in both. A cost of each link that does not change gives 1, one that grows with
      // the number of links 2.7; a median of so few runs is 0.3 off at times.
      name: 'a further link from 10+10 to 15+15 ÷ one from 5+5 to 10+10',
      unit: 'ratio',
      samples: [
        perLink(ten, fifteen, linksOf(15) - linksOf(10)) / perLink(five, ten, linksOf(10) - linksOf(5)),
      ],
      bar: { max: 1.6 },
    },
    ...(await partition(
      'large cluster is partitioned',
      'one node of 30 partitioned, every link provably dead',
      150,
    )),
    ...(await clusterRecovery()),
  ];
}

/** From the start of the sandbox's process until everything is ready. */
async function readyMs(primaries: number, runs: number): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { lines } = await inSandbox(MODULE, `cluster of ${primaries} primaries stands`, 'ready');
    samples.push(lines.at(-1)?.at ?? Number.NaN);
  }
  return samples;
}

/** Each of the nodes to each other one, to both of its ports. */
function linksOf(primaries: number): number {
  const nodes = 2 * primaries;
  return nodes * (nodes - 1) * 2;
}
