import type { Figures } from '../../lab/checkers/checker.ts';
import type { RunRecord, VariantName } from '../../lab/run/record.ts';

/** What the comparison needs to know of a run. */
export type ComparedRun = Pick<RunRecord, 'variant' | 'outcome'> & {
  scenario: Pick<RunRecord['scenario'], 'compare'>;
  checks: readonly { name: string; figures: Figures }[];
};

/** A scenario's variants side by side. */
export interface ComparisonTable {
  /** The figures' labels, with their units. */
  head: readonly string[];
  /** A row for each variant, in the order of their runs: what was measured, from the least to the most. */
  rows: readonly { variant: VariantName; cells: readonly string[] }[];
}

/** The table of one scenario's runs; null when it names no figures, or there is only one variant. */
export function comparisonOf(runs: readonly ComparedRun[]): ComparisonTable | null {
  const compare = runs[0]?.scenario.compare ?? [];
  const variants = Map.groupBy(runs, (run) => run.variant);
  if (compare.length === 0 || variants.size < 2) return null;
  return {
    head: compare.map(({ label, unit }) => (unit === '' ? label : `${label} (${unit})`)),
    rows: [...variants].map(([variant, of]) => ({
      variant,
      cells: compare.map(({ check, figure }) => rangeOf(of.map((run) => figureOf(run, check, figure)))),
    })),
  };
}

/** A run's figure by its check and its dotted path (`lostByCause.evicted`); null where it was not measured. */
export function figureOf(
  { checks }: Pick<ComparedRun, 'checks'>,
  check: string,
  figure: string,
): number | null {
  const figures = checks.find(({ name }) => name === check)?.figures ?? {};
  const whole = figures[figure];
  if (typeof whole === 'number') return whole;
  const dot = figure.indexOf('.');
  const part = dot < 0 ? undefined : figures[figure.slice(0, dot)];
  // A breakdown lists what there was: what it lacks is 0.
  return typeof part === 'object' && part !== null ? (part[figure.slice(dot + 1)] ?? 0) : null;
}

function rangeOf(values: readonly (number | null)[]): string {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return 'not measured';
  const [least, most] = [Math.min(...measured), Math.max(...measured)];
  return least === most ? shown(most) : `${shown(least)} to ${shown(most)}`;
}

/** Three digits are enough to compare; whole numbers stay whole. */
const shown = (value: number) =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
