import { median } from '../lab/common/median.ts';
import type { Figure } from './figure.ts';
import { inSandbox } from './in-sandbox.ts';

const MODULE = new URL('./speed.cases.ts', import.meta.url);
const CASES = ['sentinel', 'cluster', 'servers', 'clients'] as const;
const SPEED = 10;
/** A speed may change a phase by so much of its length … */
const SHARE = 0.05;
/** … and by what the machine takes for itself in real time, which lasts ten times as long in lab time. */
const MACHINE_MS = 100 * SPEED;

/**
 * Whether a speed changes nothing but the clock: everything in speed.cases.ts by its own length in lab time, at the speed of
 * real time and ten times as fast. At real time the cases mostly wait, so they go side by side.
 */
export async function speed(runs = 5): Promise<Figure[]> {
  const real = new Map<string, number[]>();
  const fast = new Map<string, number[]>();
  for (let i = 0; i < runs; i++) {
    await Promise.all(CASES.map((one) => measure(one, 1, real)));
    for (const one of CASES) await measure(one, SPEED, fast);
  }
  return [...real].map(([name, atOne]) => {
    const typicalMs = median(atOne);
    const mostMs = Math.round(SHARE * typicalMs + MACHINE_MS);
    return {
      name: `${name}, ${(typicalMs / 1000).toFixed(1)} s: at speed ${SPEED} later by`,
      unit: 'ms of lab time',
      samples: (fast.get(name) ?? []).map((ms) => ms - typicalMs),
      bar: { min: -mostMs, max: mostMs },
    };
  });
}

async function measure(name: string, atSpeed: number, into: Map<string, number[]>): Promise<void> {
  const { lines } = await inSandbox(MODULE, name, 'done', atSpeed);
  for (const { text } of lines) {
    if (!text.startsWith('{')) continue;
    const { name, ms } = JSON.parse(text) as { name: string; ms: number };
    into.set(name, [...(into.get(name) ?? []), ms]);
  }
}
