import { expect, test } from 'vitest';
import type { LoadSummary } from '../history/observations.ts';
import { handwritten } from './handwritten.ts';
import { thresholds } from './thresholds.ts';

const metric = 'http_req_failed';
const load = (name: string, ...oks: boolean[]): LoadSummary => ({
  load: name,
  thresholds: oks.map((ok, i) => ({ metric, expression: `rate<0.${i + 1}`, ok })),
  metrics: {},
});
const check = (loads: LoadSummary[] | undefined, options = {}) => {
  const { history, seen } = handwritten({});
  return thresholds(options).check({ history, seen: loads === undefined ? seen : { ...seen, loads } });
};

test('valid when all hold', () => {
  expect(check([load('a', true, true)])).toMatchObject({
    verdict: 'valid',
    figures: { thresholds: 2, crossed: 0 },
    findings: [],
  });
});

test('invalid when one does not, which is named', () => {
  const { verdict, summary, figures, findings } = check([load('a', true), load('b', true, false)]);
  expect(verdict).toBe('invalid');
  expect(summary).toContain('b: http_req_failed: rate<0.2 does not hold');
  expect(figures).toEqual({ thresholds: 3, crossed: 1 });
  expect(findings).toHaveLength(1);
});

test('of one load alone', () => {
  const loads = [load('a', true), load('b', false)];
  expect(check(loads, { group: 'a' }).verdict).toBe('valid');
  expect(check(loads, { group: 'b' }).verdict).toBe('invalid');
});

test('unknown without any', () => {
  expect(check(undefined).verdict).toBe('unknown');
  expect(check([load('a')]).verdict).toBe('unknown');
  expect(check([load('a', true)], { group: 'c' }).summary).toBe('no thresholds of the load c');
});
