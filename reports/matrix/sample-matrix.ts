import type { RunDocument } from '../data/run-document.ts';
import { hardenedSample, splitBrainSample } from '../data/sample.ts';

/** Runs of one scenario on three servers for tests: the second lacks features, the third is known to differ. */
export function sampleMatrixRuns(repeat = 1): RunDocument[] {
  const on = (server: Readonly<Record<string, string>>, change: Partial<RunDocument> = {}) =>
    Array.from({ length: repeat }, (_, i) =>
      [splitBrainSample(), hardenedSample()].map((document) => ({
        ...document,
        seed: document.seed + i,
        versions: { ...without(document.versions), ...server },
        features: { FAILOVER: true, WAITAOF: false },
        ...change,
      })),
    ).flat();
  const [lossless] = on(
    { 'valkey-server': '8.1.1' },
    {
      features: { FAILOVER: true, WAITAOF: true },
      knownDifference: { on: 'Valkey from 8.0 on', because: 'it loses nothing', source: 'a source' },
    },
  );
  const fallback = { at: 10, source: 'lab', kind: 'fallback', text: 'no such word: another one' };
  const second = on({ 'redis-server': '8.0.2' }).map((document) => ({
    ...document,
    seen: { ...document.seen, events: [...document.seen.events, fallback] },
  }));
  return [...on({ 'redis-server': '7.0.15' }), ...second, ...(lossless === undefined ? [] : [lossless])];
}

function without({ 'redis-server': _, ...others }: RunDocument['versions']): RunDocument['versions'] {
  return others;
}
