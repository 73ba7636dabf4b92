import { median } from '../../lab/common/median.ts';
import type { KeyFigure } from '../html/suite/key-figures.ts';
import { canTell, rankTest } from '../nights/rank-test.ts';

/** What a figure was on one server. */
export interface Spread {
  runs: number;
  median: number;
  least: number;
  most: number;
}

/** A figure of one variant on several servers. */
export interface MatrixFigure {
  name: string;
  label: string;
  /** `ms`, `queries`; empty for a plain number. */
  unit: string;
  /** Where it is one of a check's. */
  key?: KeyFigure;
  /** By server; null where it was not measured. */
  spreads: readonly (Spread | null)[];
  /**
   * Whether a server differs from the first that has the figure, by Mann and Whitney's rank test with one false alarm in a
   * hundred; `too-few` where so many runs could not tell even the greatest difference from chance. By server.
   */
  differs: readonly ('yes' | 'no' | 'too-few')[];
}

/** One alarm in a hundred may be false. */
const FALSE_ALARMS = 0.01;

/** A figure by what each server's runs measured of it; null when no run did. */
export function matrixFigure(
  what: Pick<MatrixFigure, 'name' | 'label' | 'unit' | 'key'>,
  values: readonly (readonly number[])[],
): MatrixFigure | null {
  const reference = values.find((own) => own.length > 0);
  if (reference === undefined) return null;
  return { ...what, spreads: values.map(spreadOf), differs: values.map((own) => verdict(own, reference)) };
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return {
    runs: values.length,
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

function verdict(own: readonly number[], reference: readonly number[]): MatrixFigure['differs'][number] {
  if (own === reference || [...own, ...reference].every((value) => value === reference[0])) return 'no';
  if (!canTell(own.length, reference.length, FALSE_ALARMS)) return 'too-few';
  return rankTest(own, reference).p <= FALSE_ALARMS ? 'yes' : 'no';
}
