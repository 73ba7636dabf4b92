import type { RunDocument } from '../../data/run-document.ts';
import { figureTitle, figureWords, partTitle } from '../figure-words.ts';

/** A figure of two runs. */
export interface ComparedFigure {
  check: string;
  title: string;
  /** In the first and in the second run. */
  texts: readonly [string, string];
  differs: boolean;
}

/** Every figure of every check of either run, in the first run's order. */
export function comparedFigures(first: RunDocument, second: RunDocument): ComparedFigure[] {
  const [ours, theirs] = [figuresOf(first), figuresOf(second)];
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  return [...keys].map((key) => {
    const [one, other] = [ours.get(key), theirs.get(key)];
    const { check, title } = one ?? other ?? { check: '', title: '' };
    const texts = [one?.text ?? 'not measured', other?.text ?? 'not measured'] as const;
    return { check, title, texts, differs: one?.value !== other?.value };
  });
}

interface Known {
  check: string;
  title: string;
  value: string | number | null;
  text: string;
}

function figuresOf({ checks }: RunDocument): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const { name: check, verdict, figures } of checks) {
    known.set(check, { check, title: 'verdict', value: verdict, text: verdict });
    for (const [name, value] of Object.entries(figures)) {
      if (value === null || typeof value === 'number') {
        known.set(`${check} ${name}`, {
          check,
          title: figureTitle(name),
          value,
          text: figureWords(name, value),
        });
        continue;
      }
      for (const [part, n] of Object.entries(value))
        known.set(`${check} ${name} ${part}`, {
          check,
          title: partTitle(name, part),
          value: n,
          text: figureWords(name, n),
        });
    }
  }
  return known;
}
