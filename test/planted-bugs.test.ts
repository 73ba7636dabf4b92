import { describe, expect, it } from 'vitest';
import { figure, plantedRun } from './planted-run.ts';

describe('set', () => {
  it('finds what an empty restart wiped, and nothing where a log was kept', async () => {
    const bad = await plantedRun('lost-adds', 'vulnerable', 'set');
    expect(bad).toMatchObject({ verdict: 'invalid', outcome: 'as-expected' });
    expect(figure(bad.figures, 'lost')).toBeGreaterThanOrEqual(20);
    expect(figure(bad.figures, 'lostByCause', 'wiped')).toBe(figure(bad.figures, 'lost'));
    const good = await plantedRun('lost-adds', 'hardened', 'set');
    expect(good).toMatchObject({ verdict: 'valid', figures: { lost: 0 } });
    expect(figure(good.figures, 'acknowledged')).toBeGreaterThan(100);
  });

  it('finds an id that no client attempted to add', async () => {
    const bad = await plantedRun('unexpected-id', 'vulnerable', 'set');
    expect(bad).toMatchObject({ verdict: 'invalid', figures: { unexpected: 1, lost: 0 } });
    const good = await plantedRun('unexpected-id', 'hardened', 'set');
    expect(good).toMatchObject({ verdict: 'valid', figures: { unexpected: 0 } });
  });

  it('tells evicted writes from refused ones', async () => {
    const bad = await plantedRun('evicted', 'vulnerable', 'set');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'lostByCause', 'evicted')).toBeGreaterThanOrEqual(1);
    expect(figure(bad.figures, 'lostByCause', 'evicted')).toBe(figure(bad.figures, 'lost'));
    const good = await plantedRun('evicted', 'hardened', 'set');
    expect(good).toMatchObject({ verdict: 'valid', figures: { lost: 0 } });
  });

  it('tells expired writes', async () => {
    const bad = await plantedRun('expired', 'vulnerable', 'set');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'lostByCause', 'expired')).toBeGreaterThanOrEqual(1);
    expect(figure(bad.figures, 'lostByCause', 'expired')).toBe(figure(bad.figures, 'lost'));
    const good = await plantedRun('expired', 'hardened', 'set');
    expect(good).toMatchObject({ verdict: 'valid', figures: { lost: 0 } });
  });
});

describe('register', () => {
  it('finds stale reads of a late replica, and none of the primary', async () => {
    const bad = await plantedRun('stale-reads', 'vulnerable', 'register');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'staleReads')).toBeGreaterThanOrEqual(1);
    expect(figure(bad.figures, 'readYourWrites')).toBeGreaterThanOrEqual(1);
    const good = await plantedRun('stale-reads', 'hardened', 'register');
    expect(good).toMatchObject({ verdict: 'valid', figures: { staleReads: 0, readYourWrites: 0 } });
    expect(figure(good.figures, 'reads')).toBeGreaterThan(100);
  });

  it('finds reads that go back after a replica without the last versions was promoted', async () => {
    const bad = await plantedRun('going-back', 'vulnerable', 'register');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'goingBack')).toBeGreaterThanOrEqual(1);
    const good = await plantedRun('going-back', 'hardened', 'register');
    expect(good).toMatchObject({ verdict: 'valid', figures: { goingBack: 0 } });
  });
});

describe('counter', () => {
  it('finds increments that ran twice because the client sent them again', async () => {
    const bad = await plantedRun('executed-twice', 'vulnerable', 'counter');
    expect(bad).toMatchObject({ verdict: 'invalid', figures: { lostIncrements: 0 } });
    expect(figure(bad.figures, 'duplicateExecutions')).toBeGreaterThanOrEqual(1);
    expect(figure(bad.figures, 'final')).toBeGreaterThan(figure(bad.figures, 'ok'));
    const good = await plantedRun('executed-twice', 'hardened', 'counter');
    expect(good).toMatchObject({ verdict: 'valid', figures: { duplicateExecutions: 0 } });
    // The answers were lost in this one too: it is not valid for want of harm.
    expect(figure(good.figures, 'info')).toBeGreaterThanOrEqual(1);
  });

  it('finds increments that an empty restart took away', async () => {
    const bad = await plantedRun('lost-increments', 'vulnerable', 'counter');
    expect(bad.verdict).toBe('invalid');
    expect(figure(bad.figures, 'lostIncrements')).toBeGreaterThanOrEqual(20);
    const good = await plantedRun('lost-increments', 'hardened', 'counter');
    expect(good).toMatchObject({ verdict: 'valid', figures: { lostIncrements: 0 } });
  });
});
