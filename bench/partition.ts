import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';

/** A partition of the primary from all others, by Toxiproxy: from the call until every link is provably dead. */
export async function partition(): Promise<Figure[]> {
  const module = new URL('./group.cases.ts', import.meta.url);
  const { lines } = await inSandbox(module, 'is partitioned', 'done');
  // The first one also compiles code and opens connections, as it does in a run: it counts.
  const samples = lines.flatMap(({ text }) => (text === 'done' ? [] : [Number(text)]));
  return [{ name: 'partition, every link provably dead', unit: 'ms', samples, bar: { max: 50 } }];
}
