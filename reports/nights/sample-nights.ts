import { prng } from '../../lab/common/prng.ts';
import type { RunDocument } from '../data/run-document.ts';
import { hardenedSample, splitBrainSample } from '../data/sample.ts';

/** For tests and for developing the page: so many nights of three runs of each variant; on the last one outages are longer, by `more` ms. Made up. */
export function sampleNights(nights: number, more = 0): RunDocument[][] {
  const random = prng('nights');
  return Array.from({ length: nights }, (_, night) =>
    [splitBrainSample(), hardenedSample()].flatMap((document) =>
      Array.from({ length: 3 }, (_, seed) => {
        const startedAt = new Date(Date.UTC(2026, 0, 1 + night, 1, seed)).toISOString();
        const ms = 2000 + Math.round(300 * random.next()) + (night === nights - 1 ? more : 0);
        const checks = document.checks.map((check) =>
          'longestOutageMs' in check.figures
            ? { ...check, figures: { ...check.figures, longestOutageMs: ms } }
            : check,
        );
        return { ...document, startedAt, seed, checks };
      }),
    ),
  );
}
