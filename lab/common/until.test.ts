import { expect, it } from 'vitest';
import { LabError, UsageError } from './errors.ts';
import { until } from './until.ts';

it('returns the first truthy value; a probe that throws means not yet', async () => {
  let calls = 0;
  const probe = () => {
    calls++;
    if (calls === 1) throw new Error('too early');
    return calls > 3 ? `after ${calls}` : '';
  };
  expect(await until(probe, { what: 'it', withinMs: 1000, everyMs: 1 })).toBe('after 4');
});

it('gives up with what it waited for and the last error', async () => {
  const probe = () => {
    throw new Error('no route');
  };
  const waiting = until(probe, { what: 'the moon', withinMs: 20 });
  await expect(waiting).rejects.toThrow('gave up after 20 ms waiting for the moon (last: no route)');
  await expect(waiting).rejects.toBeInstanceOf(LabError);
});

it('ends at once on a fatal error and on its signal', async () => {
  const fatal = () => {
    throw new UsageError('never');
  };
  await expect(until(fatal, { what: 'it', withinMs: 5000, fatal: UsageError })).rejects.toThrow('never');
  const abort = new AbortController();
  const waiting = until(() => false, { what: 'it', withinMs: 5000, signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
