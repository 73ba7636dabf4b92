import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';

/** Partitions of one node from all others, by Toxiproxy: from the call until every link is provably dead. */
export async function partition(
  caseName = 'is partitioned',
  name = 'partition, every link provably dead',
  maxMs = 50,
): Promise<Figure[]> {
  const module = new URL('./group.cases.ts', import.meta.url);
  const { lines } = await inSandbox(module, caseName, 'done');
  // The first one also compiles code and opens connections, as it does in a run: it counts.
  const samples = lines.flatMap(({ text }) => (text === 'done' ? [] : [Number(text)]));
  return [{ name, unit: 'ms', samples, bar: { max: maxMs } }];
}
