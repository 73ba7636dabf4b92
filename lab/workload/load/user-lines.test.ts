import { expect, test } from 'vitest';
import { monotonicMs } from '../../common/clock.ts';
import { UserLines } from './user-lines.ts';

/** Decision times of two rows, as the history has them. */
function decisions(startOfRunUnixMs: number | undefined): unknown[] {
  const values: unknown[] = [];
  const lines = new UserLines({
    log: { add: (_index, _f, _key, value) => values.push(value) },
    indexes: [0],
    startOfRunMs: monotonicMs(),
    startOfRunUnixMs,
  });
  lines.take('~1+');
  lines.take('~1=');
  // Before the clock is known, and after it.
  lines.take('\tadmit\tapi/c1\t1800000001000.25\t10\t20\tok\tapp-1');
  for (let i = 0; i < 5; i++) lines.take(`~T${Date.now()} ${i}`);
  lines.take('\tadmit\tapi/c1\t1800000002000.001\t10\t20\tfail\tapp-1\thttp 429');
  return values;
}

test('decision times are counted from the run’s start by the wall clock, to the µs, so that windows stay where they were', () => {
  expect(decisions(1_800_000_000_000)).toEqual([1_000_250, 2_000_001]);
});

test('where nobody said when the run began, both clocks are asked', () => {
  const [first = 0, second = 0] = decisions(undefined) as number[];
  expect(second - first).toBeCloseTo(999_751, -1);
  expect(Math.abs(first / 1000 - (1_800_000_001_000 - Date.now()))).toBeLessThan(1000);
});
