import { expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import type { AppContext } from '../context.ts';
import { missedInvalidations } from './missed-invalidations.ts';

/** A Redis that is away for the first two times that it is told something. */
function awayAtFirst(retry: boolean) {
  const closing: (() => Promise<void>)[] = [];
  const heard: string[] = [];
  let refusals = 2;
  let missed = 0;
  const invalidate = async (key: string) => {
    if (refusals-- > 0) throw new Error('away');
    heard.push(key);
  };
  const log = { debug: () => {} } as unknown as AppContext['log'];
  const parts = { onClose: (close: () => Promise<void>) => void closing.push(close), log };
  const told = missedInvalidations(retry, invalidate, () => missed++, parts);
  const close = () => Promise.all(closing.map((each) => each()));
  return { tell: () => told.tell('product:1', invalidate), heard, missed: () => missed, close };
}

test('what Redis did not hear it is told again until it does', async () => {
  const { tell, heard, missed, close } = awayAtFirst(true);
  await tell();
  expect(heard).toEqual([]);
  await until(async () => heard.length > 0, { what: 'Redis to hear it', withinMs: 20_000 });
  await close();
  expect([heard, missed()]).toEqual([['product:1'], 1]);
});

test('without that it is told once', async () => {
  const { tell, heard, missed, close } = awayAtFirst(false);
  await tell();
  await close();
  await close();
  expect([heard, missed()]).toEqual([[], 1]);
});
