import { figureOf } from '../../data/comparison.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { figureTitle, figureWords, partTitle } from '../figure-words.ts';
import { number } from '../units.ts';

/** A figure by which the runs of one scenario are told apart. */
export interface KeyFigure {
  /** The check's name, and the dotted path among its figures. */
  check: string;
  figure: string;
  label: string;
  /** What follows the number, where the figure's name does not tell: `queries`, `/s`; may be empty. */
  unit: string;
}

/** What is told of a run whose scenario names no figures of its own, before what its expectations put bounds on. */
const usual = ['lost', 'loggedOutUsers', 'lostUpdates', 'neverRecovered', 'longestOutageMs'];
/** Told even where all runs have none. */
const worthTellingWhenZero = ['lost', 'loggedOutUsers', 'lostUpdates'];
const MOST = 5;

/** The figures that the scenario compares its variants by; where it names none, the usual ones and those with a bound. */
export function keyFiguresOf(runs: readonly RunDocument[]): readonly KeyFigure[] {
  const named = runs.find(({ scenario }) => (scenario.compare ?? []).length > 0)?.scenario.compare;
  if (named !== undefined) return named;
  const found = new Map<string, KeyFigure>();
  const add = (check: string, figure: string) => {
    const [whole = '', ...part] = figure.split('.');
    const isPartOfKnown = part.length > 0 && found.has(`${check} ${whole.replace(/By[A-Z]\w*$/, '')}`);
    const label = part.length === 0 ? figureTitle(figure) : partTitle(whole, part.join('.'));
    const key = { check, figure, label, unit: '' };
    if (isPartOfKnown || found.size >= MOST || !isWorthTelling(runs, key)) return;
    found.set(`${check} ${figure}`, key);
  };
  for (const figure of usual) {
    const checks = new Set(
      runs.flatMap((run) => run.checks.filter(({ figures }) => figure in figures).map(({ name }) => name)),
    );
    // Two checks may tell of clients that never recovered, and they tell the same.
    for (const check of figure === 'neverRecovered' ? [...checks].slice(0, 1) : checks) add(check, figure);
  }
  for (const { expectations } of runs)
    for (const { check, figures } of expectations)
      for (const figure of Object.keys(figures ?? {})) add(check, figure);
  return withCheckWhereNeeded([...found.values()]);
}

function isWorthTelling(runs: readonly RunDocument[], key: KeyFigure): boolean {
  const values = measuredOf(runs, key);
  return (
    values.some((value) => value !== 0) || (values.length > 0 && worthTellingWhenZero.includes(key.figure))
  );
}

/** What runs measured of a figure, in their order; those that did not are left out. */
export function measuredOf(runs: readonly RunDocument[], { check, figure }: KeyFigure): number[] {
  return runs.map((run) => figureOf(run, check, figure)).filter((value) => value !== null);
}

/** `400`, `380 to 420`, `1.99 to 2.07 s`; empty of no values. */
export function rangeText(key: KeyFigure, values: readonly number[]): string {
  if (values.length === 0) return '';
  const [least, most] = [valueText(key, Math.min(...values)), valueText(key, Math.max(...values))];
  if (least === most) return most;
  // The unit stands behind the thin space: once is enough.
  const unit = /\u202f\D+$/.exec(most)?.[0] ?? '';
  return `${unit !== '' && least.endsWith(unit) ? least.slice(0, -unit.length) : least} to ${most}`;
}

/** A value with its unit, in three digits where it is no whole number. */
export function valueText({ figure, unit }: KeyFigure, value: number): string {
  const name = figure.split('.')[0] ?? '';
  if (/(Ms|Share)($|By[A-Z]|InFault$)/i.test(name)) return figureWords(name, value);
  const digits = number(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  return unit === '' ? digits : `${digits}\u202f${unit}`;
}

/** Two checks of the same kind have the same words for different things. */
function withCheckWhereNeeded(figures: readonly KeyFigure[]): KeyFigure[] {
  const labels = Map.groupBy(figures, ({ label }) => label);
  return figures.map((each) =>
    (labels.get(each.label)?.length ?? 0) < 2 ? each : { ...each, label: `${each.check}: ${each.label}` },
  );
}
