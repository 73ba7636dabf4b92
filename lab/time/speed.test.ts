import { describe, expect, it } from 'vitest';
import { inSandbox } from '../../bench/in-sandbox.ts';

/** The short form of `npm run bench -- --only speed`: each phase once, with room for a machine that is busy. */
const MODULE = new URL('../../bench/speed.cases.ts', import.meta.url);
const SPEED = 10;
const SHARE = 0.05;
/** What a busy machine may take for itself, in real time. */
const MACHINE_MS = 300;

async function phases(name: string, speed: number): Promise<ReadonlyMap<string, number>> {
  const { lines } = await inSandbox(MODULE, name, 'done', speed);
  const told = lines.flatMap(({ text }) =>
    text.startsWith('{') ? [JSON.parse(text) as { name: string; ms: number }] : [],
  );
  return new Map(told.map(({ name, ms }) => [name, ms]));
}

describe('a lab ten times as fast as real time', { timeout: 120_000 }, () => {
  it.each(['servers', 'clients'])('has everything last as long in its time: %s', async (name) => {
    const [real, fast] = [await phases(name, 1), await phases(name, SPEED)];
    expect(real.size).toBeGreaterThanOrEqual(3);
    expect([...fast.keys()]).toEqual([...real.keys()]);
    for (const [phase, ms] of fast) {
      const atOne = real.get(phase) ?? Number.NaN;
      const allowedMs = SHARE * atOne + MACHINE_MS * SPEED;
      expect(Math.abs(ms - atOne), `${phase}: ${atOne} ms, and ${ms} ms`).toBeLessThanOrEqual(allowedMs);
    }
  });

  /** By what Redis' sources say of the stock settings; a ping is sent each second, INFO every ten. */
  it.each([
    ['sentinel', 'Sentinel: +sdown', 29_000, 31_000],
    ['sentinel', 'Sentinel: the returned primary is demoted', 8000, 12_000],
    ['cluster', 'cluster: a node is held for failed', 15_000, 18_000],
  ])('keeps the stock periods: %s, %s', async (name, phase, least, most) => {
    const ms = (await once(name)).get(phase) ?? Number.NaN;
    expect(ms).toBeGreaterThanOrEqual(least);
    expect(ms).toBeLessThanOrEqual(most + MACHINE_MS * SPEED);
  });
});

const measured = new Map<string, Promise<ReadonlyMap<string, number>>>();
/** The same failover shows several phases. */
function once(name: string): Promise<ReadonlyMap<string, number>> {
  const known = measured.get(name) ?? phases(name, SPEED);
  measured.set(name, known);
  return known;
}
