import { describe, expect, it } from 'vitest';
import { count, figureName, figureText, percent, seconds, wallTime } from './units.ts';

/** The thin space that does not break. */
const plain = (text: string) => text.replaceAll('\u202f', '_');

describe('units', () => {
  it.each([
    [0, '0_s'],
    [742, '0.742_s'],
    [4231, '4.23_s'],
    [13_400, '13.4_s'],
    [1_204_000, '1_204.0_s'],
  ])('shows %d ms as seconds with one to three digits', (ms, text) => {
    expect(plain(seconds(ms))).toBe(text);
  });

  it('separates thousands and knows one from many', () => {
    expect(plain(count(1, 'writes'))).toBe('1 write');
    expect(plain(count(1_234_567, 'writes'))).toBe('1_234_567 writes');
    expect(plain(percent(0.14079))).toBe('14.1_%');
  });

  it.each([
    ['faultToSdownMs', 1031, '1.03_s'],
    ['availableShare', 0.812, '81.2_%'],
    ['outageMsByClient', 2071, '2.07_s'],
    ['lostByCause', 392, '392 writes'],
    ['readYourWrites', 2, '2 reads'],
    ['unexpectedReads', 1, '1 read'],
    ['interrupted', 4, '4 clients'],
    ['unexpectedLogouts', 3, '3 logouts'],
    ['errorsInFault', 3, '3 errors'],
    ['countedInExcess', 3, '3_×'],
    ['errorShareInFault', 0.03, '3_%'],
    ['visits', 1, '1 visit'],
    ['peakToMean', 3, '3_×'],
    ['lost', null, 'not known'],
  ])('gives the figure %s = %s its unit', (name, value, text) => {
    expect(plain(figureText(name, value))).toBe(text);
  });

  it('puts names into words and times of the wall clock into a readable form', () => {
    expect(figureName('faultToSdownMs')).toBe('fault to sdown');
    expect(figureName('longestOutageMsByClient')).toBe('longest outage by client');
    expect(wallTime('2026-01-05T09:30:00.000Z')).toBe('2026-01-05 09:30:00 UTC');
  });
});
