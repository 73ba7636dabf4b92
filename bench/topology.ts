import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';

const MODULE = new URL('./group.cases.ts', import.meta.url);

/**
 * 1 primary, 2 replicas and 3 Sentinels with the full mesh, `fast`: from the start of the sandbox's process until
 * everything is ready, and from the order to end until nothing of it is left.
 */
export async function topology(runs = 7): Promise<Figure[]> {
  const ready: number[] = [];
  const tearDown: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { lines, toldToEndAt, goneAt } = await inSandbox(MODULE, 'stands', 'ready');
    ready.push(lines.at(-1)?.at ?? Number.NaN);
    tearDown.push(goneAt - toldToEndAt);
  }
  return [
    { name: '1 primary + 2 replicas + 3 Sentinels ready', unit: 'ms', samples: ready, bar: { max: 800 } },
    { name: 'tear-down, nothing left', unit: 'ms', samples: tearDown, bar: { max: 300 } },
  ];
}
