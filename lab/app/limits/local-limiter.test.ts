import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { algorithmOf } from './algorithms.ts';
import { localLimiter } from './local-limiter.ts';

const ENTRIES = 10_000;
const KEYS = 1_000_000;

function collectedHeapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

test('a million distinct keys take no more memory than there are entries', async () => {
  const policy = { algorithm: 'fixed-window', limit: 3, windowMs: 60_000 } as const;
  const limiter = localLimiter(algorithmOf(policy), 1, ENTRIES);
  const ask = async (from: number, to: number) => {
    for (let n = from; n < to; n++) await limiter.decide(`client-${n}`);
  };
  await ask(0, ENTRIES);
  const full = collectedHeapBytes();
  await ask(ENTRIES, KEYS);
  const grown = collectedHeapBytes() - full;
  // Kept, each of the others would cost some hundred bytes: 100 MB together.
  expect(grown / (KEYS - ENTRIES)).toBeLessThan(5);
  // It still counts.
  for (let n = 0; n < 3; n++) await limiter.decide('again');
  expect((await limiter.decide('again')).admitted).toBe(false);
}, 60_000);
