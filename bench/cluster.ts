import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';

const MODULE = new URL('./group.cases.ts', import.meta.url);

/** Redis Clusters with the full mesh, `fast`: from the start of the sandbox's process until everything is ready. */
export async function cluster(runs = 7, largeRuns = 3): Promise<Figure[]> {
  return [
    {
      name: 'cluster 3+3 ready',
      unit: 'ms',
      samples: await ready('cluster stands', runs),
      bar: { max: 2000 },
    },
    {
      name: 'cluster 15+15 ready',
      unit: 'ms',
      samples: await ready('large cluster stands', largeRuns),
      bar: { max: 8000 },
    },
  ];
}

async function ready(name: string, runs: number): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { lines } = await inSandbox(MODULE, name, 'ready');
    samples.push(lines.at(-1)?.at ?? Number.NaN);
  }
  return samples;
}
