import { html, type Markup } from '../markup.ts';
import { outcomeSign, outcomeTitle } from '../words.ts';
import type { IndexRun } from './scenario-runs.ts';

/** Links to the reports of runs that stand in one place. */
export interface RunLinks {
  /** To the only one by its name, to each of several by its outcome and its seed's number. */
  to(runs: readonly IndexRun[]): Markup;
  /** Which number stands for which seed; empty where no number is shown. */
  legend: Markup;
}

const MOST_IN_LEGEND = 12;

/** Seeds are long, and the same ones come back in every scenario: a page numbers them. */
export function runLinks(all: readonly IndexRun[]): RunLinks {
  const seeds = [...new Set(all.map(({ document }) => document.seed))].sort((a, b) => a - b);
  const numberOf = (seed: number) => seeds.indexOf(seed) + 1;
  const listed = seeds.slice(0, MOST_IN_LEGEND).map((seed) => `${numberOf(seed)} is ${seed}`);
  const rest = seeds.length > listed.length ? '; the others are among all runs below' : '';
  return {
    to(runs) {
      const [only] = runs;
      if (only !== undefined && runs.length === 1) return toOnly(only);
      const bySeed = runs.toSorted((a, b) => a.document.seed - b.document.seed);
      return html`<span class="marks">${bySeed.map((run) => toOneOfSeveral(run, numberOf(run.document.seed)))}</span>`;
    },
    legend:
      seeds.length < 2
        ? html``
        : html`<p class="quiet legend-of-seeds">Several runs are numbered by their seeds: ${listed.join(', ')}${rest}.</p>`,
  };
}

function toOnly({ href, document: { scenario, variant } }: IndexRun): Markup {
  return html`<a class="mark" href="${href}">report<span class="unseen"> of ${scenario.name}, ${variant}</span></a>`;
}

function toOneOfSeveral({ href, document }: IndexRun, n: number): Markup {
  const { outcome, seed, scenario, variant } = document;
  return html`<a class="mark ${outcome}" href="${href}"><span aria-hidden="true">${outcomeSign[outcome]}\u202f${n}</span><span class="unseen">report of ${scenario.name}, ${variant}, seed ${seed}: ${outcomeTitle[outcome]}</span></a> `;
}
