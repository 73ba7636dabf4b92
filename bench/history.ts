import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendFinalRead, createLog } from '../lab/history/create-log.ts';
import { LogWriter } from '../lab/history/log-writer.ts';
import { readHistory } from '../lab/history/read-history.ts';
import type { Figure } from './figure.ts';
import { syntheticHistory } from './synthetic-history.ts';

const operations = 1_000_000;

/** Writing a history of 1,000,000 operations, as clients do, and reading it back from disk. */
export async function history(runs = 5): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-history-'));
  try {
    const seconds: number[] = [];
    const microseconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const path = join(dir, `${run}.jsonl`);
      microseconds.push((write(path) / operations) * 1000);
      const from = performance.now();
      const read = await readHistory(path);
      seconds.push((performance.now() - from) / 1000);
      if (read.history.operations.length !== operations || read.truncated)
        throw new Error(`expected ${operations} operations, got ${read.history.operations.length}`);
      await rm(path);
    }
    return [
      { name: 'reading a 1,000,000-operation history', unit: 's', samples: seconds, bar: { max: 2 } },
      { name: 'writing one operation to the history', unit: 'µs', samples: microseconds, bar: {} },
    ];
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Milliseconds that the writer needs. */
function write(path: string): number {
  const made = syntheticHistory('set', operations);
  createLog(path, made.clients);
  const indexes = new Map(made.clients.map(({ name }, index) => [name, index]));
  const all = [...made.operations];
  const writer = new LogWriter(path);
  const from = performance.now();
  for (const one of all) {
    const { f, key, value, invoked, completed, outcome, node, error } = one;
    writer.add(indexes.get(one.client) ?? 0, f, key, value, invoked, completed, outcome, node, error);
  }
  writer.close();
  const spentMs = performance.now() - from;
  for (const read of made.finalReads) appendFinalRead(path, read);
  return spentMs;
}
