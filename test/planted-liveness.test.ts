import { describe, expect, it } from 'vitest';
import { figure, plantedRun } from './planted-run.ts';

describe('recovery', () => {
  it('finds a failover that never comes, and holds one that does for recovered', async () => {
    const bad = await plantedRun('no-failover', 'vulnerable', 'recovery');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'odownMs')).toBeLessThan(8000);
    // After the heal, which comes later, there is a majority again.
    expect(bad.figures.promotionMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(8000);
    const good = await plantedRun('no-failover', 'hardened', 'recovery');
    expect(good).toMatchObject({ verdict: 'valid', figures: { failovers: 1, neverRecovered: 0 } });
  });
});

describe('availability', () => {
  it('finds an outage that is too long, and bears a short one', async () => {
    const bad = await plantedRun('outage', 'vulnerable', 'availability');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'longestOutageMs')).toBeGreaterThanOrEqual(1500);
    const good = await plantedRun('outage', 'hardened', 'availability');
    expect(good.verdict).toBe('valid');
    expect(figure(good.figures, 'longestOutageMs')).toBeGreaterThanOrEqual(300);
  });
});

describe('vacuity', () => {
  it.each([
    ['refused-proof', 'fault nothing-1 was not proved'],
    ['cut-of-nothing', 'there is no such link'],
    ['little-load', 'expected 100 operations/s'],
  ])('makes %s inconclusive, though every other check is content', async (name, why) => {
    const bad = await plantedRun(name, 'vulnerable', 'vacuity');
    expect(bad).toMatchObject({ verdict: 'unknown', outcome: 'inconclusive' });
    expect(bad.reason).toContain(why);
    const good = await plantedRun(name, 'hardened', 'vacuity');
    expect(good).toMatchObject({ verdict: 'valid', outcome: 'as-expected' });
  });
});
