import type { History } from '../history/operation.ts';
import type { Checker, Figures, Verdict } from './checker.ts';
import { collectFindings } from './findings.ts';
import { type Epoch, missEpochs } from './miss-epochs.ts';
import { onlyKeys } from './only-keys.ts';
import { readOptions } from './options.ts';
import { injectionOf, type QueryRates, queryRates } from './query-rates.ts';

/** Keys whose worst factor stands in the figures. */
const SHOWN_KEYS = 10;

/**
 * How many database queries a miss cost (`fill` and `update` operations, and what the database counted).
 *
 * Options: `name`; `keys`: only these keys' epochs (the hot ones; default all); `epochMs` (default 1000): at most
 * the shortest TTL; `maxFillsPerEpoch` (default 1); `statement` (default `product-by-id`): which of the database's
 * counters; `windowMs` (default 1000): over which peaks are taken; `fault`: the id or name of the fault before which the
 * rate is normal and after which the peak is looked for (default: the first); if given, epochs that began before it
 * do not count; `baselineMs`: how long before it the
 * normal rate is taken (default: since the load's begin); `maxPeakRatio` (default: not judged): peak ÷ baseline, where
 * a baseline below 1 query/s counts as 1; `warmUpMs` (default 0): so long after its begin the load is warm;
 * `maxPeakToMean` (default: not judged): the peak of the warm load ÷ its mean, whatever the faults; `countTolerance` (default 5): by how many the app's count of fills and the
 * database's count of the statement may differ, on top of what began or ended around the first and the last look.
 *
 * Figures: `epochs`, `fills`, `worstFactor`, `meanFactor` (fills per epoch), `stampedes` (epochs above the bound),
 * `worstByKey` (the ten worst); `baselinePerSecond`, `peakPerSecond`, `peakAtMs`, `peakRatio`; `steadyPerSecond`,
 * `steadyPeakPerSecond`, `peakToMean` (of the warm load); `countedByDatabase` (null without the database's figures), `countedByApp` (in the same time).
 */
export function stampede(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    keys: 'texts',
    epochMs: 'number',
    maxFillsPerEpoch: 'number',
    statement: 'text',
    windowMs: 'number',
    fault: 'text',
    baselineMs: 'number',
    warmUpMs: 'number',
    maxPeakRatio: 'number',
    maxPeakToMean: 'number',
    countTolerance: 'number',
  } as const;
  const read = readOptions('stampede', options, schema);
  const { name = 'stampede', keys, epochMs = 1000, maxFillsPerEpoch = 1, maxPeakRatio, maxPeakToMean } = read;
  const { statement = 'product-by-id', windowMs = 1000, countTolerance = 5, warmUpMs = 0 } = read;
  return {
    name,
    verifies: `That a miss costs at most ${maxFillsPerEpoch} database queries per key and epoch of ${epochMs} ms${maxPeakRatio === undefined ? '' : `, that the database sees at most ${maxPeakRatio} times its normal rate of ${statement}`}${maxPeakToMean === undefined ? '' : `, that under a warm load its busiest ${windowMs} ms see at most ${maxPeakToMean} times the mean`}, and that the application and the database agree on the number of queries.`,
    doesNotVerify:
      'Which request caused a query, queries of other statements, and how long users waited. An update of a key excuses one more fill at its begin and one at its end. The rate between two looks at the database is taken to be even.',
    check: ({ history, seen }) => {
      const findings = collectFindings();
      const { fault, baselineMs } = read;
      const all = missEpochs(onlyKeys(history, keys), epochMs);
      const since = fault === undefined ? null : injectionOf(seen.faults, fault);
      const epochs = all.filter(({ from }) => since === null || from >= since);
      const broken = epochs.filter(({ fills }) => fills > maxFillsPerEpoch);
      for (const { key, from, to, fills } of broken)
        findings.offer(from, 'stampede', () => {
          const text = `${fills} fills of ${key} within ${(to - from).toFixed(1)} ms`;
          return { at: from, to, kind: 'stampede', text, key, value: fills };
        });
      const rates = queryRates(seen, { statement, windowMs, fault, baselineMs, warmUpMs });
      const counts = rates === null ? null : compare(history, rates);
      const peakRatio =
        rates === null || rates.baselinePerSecond === null
          ? null
          : rates.peakPerSecond / Math.max(1, rates.baselinePerSecond);
      const peakToMean = ratio(rates?.steadyPeakPerSecond, rates?.steadyPerSecond);
      const { worst, figures: factors } = factorsOf(epochs);
      const figures: Figures = {
        ...factors,
        stampedes: broken.length,
        baselinePerSecond: tenths(rates?.baselinePerSecond),
        peakPerSecond: tenths(rates?.peakPerSecond),
        peakAtMs: tenths(rates?.peakAt),
        peakRatio: tenths(peakRatio),
        steadyPerSecond: tenths(rates?.steadyPerSecond),
        steadyPeakPerSecond: tenths(rates?.steadyPeakPerSecond),
        peakToMean: tenths(peakToMean),
        countedByDatabase: counts?.database ?? null,
        countedByApp: counts?.app ?? null,
      };
      const result = (verdict: Verdict, summary: string) => ({
        verdict,
        summary,
        figures,
        ...findings.evidence(),
      });
      if (counts !== null && counts.beyond > countTolerance)
        return result(
          'unknown',
          `the application counted ${counts.app} queries and the database ${counts.database}: fills are missing on one side`,
        );
      const wrong = [
        ...(broken.length > 0
          ? [
              `${broken.length} of ${epochs.length} epochs had more than ${maxFillsPerEpoch} fills, the worst ${worst}`,
            ]
          : []),
        ...(maxPeakRatio !== undefined && peakRatio !== null && peakRatio > maxPeakRatio
          ? [`the database saw ${tenths(peakRatio)} times its normal rate, expected at most ${maxPeakRatio}`]
          : []),
        ...(maxPeakToMean !== undefined && peakToMean !== null && peakToMean > maxPeakToMean
          ? [
              `under a warm load the busiest ${windowMs} ms saw ${tenths(peakToMean)} times the mean rate, expected at most ${maxPeakToMean}`,
            ]
          : []),
      ];
      if (wrong.length > 0) return result('invalid', wrong.join('; '));
      if (fault !== undefined && since === null) return result('unknown', `there was no fault ${fault}`);
      if (all.length === 0) return result('unknown', 'nothing was filled');
      if (maxPeakRatio !== undefined && peakRatio === null)
        return result('unknown', 'there is no normal rate of the database before a fault to compare with');
      if (maxPeakToMean !== undefined && peakToMean === null)
        return result('unknown', 'the load was never warm, or the database was asked nothing then');
      return result('valid', `${epochs.length} epochs, the worst had ${worst} fills`);
    },
  };
}

function factorsOf(epochs: readonly Epoch[]): { worst: number; figures: Figures } {
  const worstOf = new Map<string, number>();
  let fills = 0;
  for (const epoch of epochs) {
    fills += epoch.fills;
    worstOf.set(epoch.key, Math.max(epoch.fills, worstOf.get(epoch.key) ?? 0));
  }
  const worstFirst = [...worstOf].sort((a, b) => b[1] - a[1]);
  const worst = worstFirst[0]?.[1] ?? 0;
  return {
    worst,
    figures: {
      epochs: epochs.length,
      fills,
      worstFactor: worst,
      meanFactor: epochs.length === 0 ? null : Math.round((fills / epochs.length) * 100) / 100,
      worstByKey: Object.fromEntries(worstFirst.slice(0, SHOWN_KEYS)),
    },
  };
}

/** Both counts, and by how many they differ beyond what may have been under way at the first and the last look. */
function compare(history: History, { queries, firstAt, lastAt, gapMs }: QueryRates) {
  let app = 0;
  let fewest = 0;
  let most = 0;
  for (const { f, invoked } of history.operations) {
    if (f !== 'fill') continue;
    if (invoked >= firstAt && invoked <= lastAt) app++;
    if (invoked >= firstAt + gapMs && invoked <= lastAt - gapMs) fewest++;
    if (invoked >= firstAt - gapMs && invoked <= lastAt + gapMs) most++;
  }
  return { app, database: queries, beyond: Math.max(0, fewest - queries, queries - most) };
}

function ratio(above: number | null | undefined, below: number | null | undefined): number | null {
  return above === null || above === undefined || !below ? null : above / below;
}

function tenths(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value * 10) / 10;
}
