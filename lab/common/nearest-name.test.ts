import { expect, it } from 'vitest';
import { nearestName, withNearest } from './nearest-name.ts';

const known = ['split-brain', 'crash-while-lagging', 'set'];

it.each([
  ['split-brian', 'split-brain'],
  ['Split-Brain', 'split-brain'],
  ['sett', 'set'],
  ['ste', undefined],
  ['crash-whlie-lagging', 'crash-while-lagging'],
  ['xyz', undefined],
  ['something-else', undefined],
])('%s is near %s', (name, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});

it('puts the hint into the message', () => {
  expect(withNearest('no "ste"', 'ste', known)).toBe(
    'no "ste"; there are: split-brain, crash-while-lagging, set',
  );
  expect(withNearest('no "sets"', 'sets', known)).toBe('no "sets"; did you mean "set"?');
});
