import { close, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { type HistoryStore, historyStore } from './history-store.ts';
import { type LatencyHistogram, latencyHistogram } from './latency-histogram.ts';
import { parseLine } from './parse-line.ts';
import { rowParser } from './parse-row.ts';
import { type CountsByNode, reading, type Series } from './series.ts';

/** The series of a run that goes on, from what its clients have written so far. */
export interface LiveSeries {
  /** Reads what is new, and gives the series up to `endMs`; buckets of longer ago than it keeps are empty. */
  upTo(endMs: number): Promise<Series>;
}

const BUCKET_MS = 500;
/** So many are kept: four minutes. */
const KEPT_BUCKETS = 480;
const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

interface Bucket {
  /** By outcome, in the order of history-store.ts. */
  counts: [ok: number, fail: number, info: number];
  latency: LatencyHistogram;
  /** Operations that ended `ok`, by the node that answered. */
  writesBy: Map<string, number>;
  readsBy: Map<string, number>;
}

/**
 * Follows `history.jsonl` while it grows. What it keeps does not grow with it, and it reads only when it is asked: 20,000
 * operations a second cost about a hundredth of a core. A line that it cannot read is left out; the checkers look at it later.
 */
export function liveSeries(path: string): LiveSeries {
  /** By group, by number. */
  const buckets = new Map<string, Map<number, Bucket>>();
  // Index 0 stands for null.
  const texts = [''];
  const whole = historyStore();
  const store: HistoryStore = {
    ...whole,
    intern(text) {
      const index = whole.intern(text);
      texts[index] = text;
      return index;
    },
    addRow(client, f, _key, _value, invoked, completed, outcome, node) {
      const own = buckets.get(store.clients[client]?.group ?? '');
      const number = Math.floor(completed / BUCKET_MS);
      const bucket = own?.get(number) ?? emptyBucket();
      own?.set(number, bucket);
      bucket.counts[outcome as 0 | 1 | 2]++;
      if (outcome !== 0) return;
      bucket.latency.add(completed - invoked);
      const counts = reading.has(texts[f] ?? '') ? bucket.readsBy : bucket.writesBy;
      const name = texts[node] ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
  };
  const parseRow = rowParser(store);
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  let underWay: Promise<void> | null = null;

  const take = (bytes: Buffer) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let start = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
      if (!parseRow(all, start, end)) takeSlowly(all.toString('utf8', start, end));
      start = end + 1;
    }
    rest = Buffer.from(all.subarray(start));
  };

  const takeSlowly = (line: string) => {
    // An operation with an unusual text counts; of the other lines only the clients matter.
    if (!line.startsWith('[') && !line.startsWith('{"client"')) return;
    try {
      parseLine(line, store, new Map());
    } catch {
      return;
    }
    for (const { group } of store.clients) if (!buckets.has(group)) buckets.set(group, new Map());
  };

  const readOn = async () => {
    let fd: number;
    try {
      fd = await promisify(open)(path, 'r');
    } catch {
      // The load has not begun.
      return;
    }
    try {
      for (;;) {
        const { bytesRead, buffer } = await promisify(read)(
          fd,
          Buffer.allocUnsafe(CHUNK_BYTES),
          0,
          CHUNK_BYTES,
          position,
        );
        if (bytesRead === 0) return;
        position += bytesRead;
        take(buffer.subarray(0, bytesRead));
      }
    } finally {
      await promisify(close)(fd);
    }
  };

  return {
    async upTo(endMs) {
      underWay ??= readOn().finally(() => {
        underWay = null;
      });
      await underWay;
      const count = Math.max(1, Math.ceil(endMs / BUCKET_MS));
      for (const own of buckets.values())
        for (const number of own.keys()) if (number < count - KEPT_BUCKETS) own.delete(number);
      return { bucketMs: BUCKET_MS, groups: [...buckets].map(([group, own]) => seriesOf(group, own, count)) };
    },
  };
}

function emptyBucket(): Bucket {
  return { counts: [0, 0, 0], latency: latencyHistogram(), writesBy: new Map(), readsBy: new Map() };
}

function seriesOf(group: string, own: ReadonlyMap<number, Bucket>, count: number): Series['groups'][number] {
  const each = <T>(value: (bucket: Bucket | undefined) => T) =>
    Array.from({ length: count }, (_, number) => value(own.get(number)));
  return {
    group,
    ok: each((bucket) => bucket?.counts[0] ?? 0),
    fail: each((bucket) => bucket?.counts[1] ?? 0),
    info: each((bucket) => bucket?.counts[2] ?? 0),
    p50: each((bucket) => bucket?.latency.quantile(0.5) ?? null),
    p99: each((bucket) => bucket?.latency.quantile(0.99) ?? null),
    max: each((bucket) => bucket?.latency.max() ?? null),
    writesBy: countsByNode(own, 'writesBy', each),
    readsBy: countsByNode(own, 'readsBy', each),
  };
}

function countsByNode(
  own: ReadonlyMap<number, Bucket>,
  which: 'writesBy' | 'readsBy',
  each: (value: (bucket: Bucket | undefined) => number) => number[],
): CountsByNode {
  const names = new Set([...own.values()].flatMap((bucket) => [...bucket[which].keys()]));
  return Object.fromEntries(
    [...names].map((name) => [name, each((bucket) => bucket?.[which].get(name) ?? 0)]),
  );
}
