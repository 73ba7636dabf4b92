import type { LabEvent } from '../../lab/history/observations.ts';
import type { RunDocument } from '../data/run-document.ts';
import { type Quantile, quantile } from './quantile.ts';

/** A run, and where it is kept. */
export interface KeptRun {
  dir: string;
  document: RunDocument;
}

/** One figure over many runs of the same scenario and variant. */
export interface Distribution {
  check: string;
  /** `promotionMs`; of a recovery's steps also `odownMs − sdownMs`, how long one took after the one before. */
  figure: string;
  /** Ascending. */
  values: readonly number[];
  /** Runs that have no such figure, of which nothing follows. */
  missing: number;
  quantiles: readonly Quantile[];
  /** Ascending; each with what its run's events say of it. */
  outliers: readonly Outlier[];
}

export interface Outlier {
  value: number;
  dir: string;
  seed: number;
  cause: string;
}

const SHARES = [0.5, 0.9, 0.99];
/** Tukey, "Exploratory Data Analysis" (1977): far out is what lies beyond three times the distance of the quartiles. */
const FAR_OUT = 3;

/** The steps of a failover in the order in which they come, as the check `recovery` calls them. */
export const STEPS = [
  'sdownMs',
  'pfailMs',
  'odownMs',
  'failMs',
  'tryFailoverMs',
  'electionMs',
  'voteMs',
  'electedMs',
  'promotionMs',
  'switchMs',
  'coverageMs',
  'firstClientMs',
  'lastClientMs',
] as const;

/** The distribution of a figure, or null when no run has it. */
export function distributionOf(runs: readonly KeptRun[], check: string, figure: string): Distribution | null {
  const measured = runs.flatMap((run) => {
    const value = figureOf(run.document, check, figure);
    return value === null ? [] : [{ run, value }];
  });
  if (measured.length === 0) return null;
  const inOrder = measured.toSorted((a, b) => a.value - b.value);
  const values = inOrder.map(({ value }) => value);
  return {
    check,
    figure,
    values,
    missing: runs.length - values.length,
    quantiles: SHARES.map((share) => quantile(values, share)),
    outliers: inOrder
      .filter(({ value }) => isFarOut(value, values))
      .map(({ run, value }) => ({
        value,
        dir: run.dir,
        seed: run.document.seed,
        cause: causeOf(run.document),
      })),
  };
}

/** Every step of a recovery that runs have, from its fault, and how long each took after the one before. */
export function phasesOf(runs: readonly KeptRun[], check: string): Distribution[] {
  const there = STEPS.filter((step) => runs.some(({ document }) => figureOf(document, check, step) !== null));
  const names = there.flatMap((step, i) => [step, ...(i === 0 ? [] : [`${step} − ${there[i - 1]}`])]);
  return names.flatMap((name) => distributionOf(runs, check, name) ?? []);
}

/** `a`, `a.b` of a breakdown, or the difference `a − b`. */
function figureOf(document: RunDocument, check: string, figure: string): number | null {
  const [later, earlier] = figure.split(' − ');
  if (later !== undefined && earlier !== undefined) {
    const [a, b] = [figureOf(document, check, later), figureOf(document, check, earlier)];
    return a === null || b === null ? null : a - b;
  }
  const figures = document.checks.find(({ name }) => name === check)?.figures ?? {};
  const [name = '', ...part] = figure.split('.');
  const value = figures[name] ?? null;
  if (value === null || typeof value === 'number') return part.length === 0 ? value : null;
  return value[part.join('.')] ?? null;
}

function isFarOut(value: number, sorted: readonly number[]): boolean {
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const [lower, upper] = [at(0.25), at(0.75)];
  const fence = FAR_OUT * (upper - lower);
  return value < lower - fence || value > upper + fence;
}

/** What the events of a run say about why its failover was not like the others'. */
function causeOf({ seen, checks }: RunDocument): string {
  const pace = checks.find(({ spec }) => spec.checker === 'pace');
  const of = (kind: string) => seen.events.filter((event) => event.kind === kind);
  const said = [
    ...(pace?.verdict === 'unknown' ? ['the machine was too slow'] : []),
    ...lostElections(of('-failover-abort-not-elected')),
    ...splitVotes(of('+vote-for-leader')),
    ...named(of('-failover-abort-no-good-slave'), 'no replica was good enough'),
    ...named(of('-failover-abort-slave-timeout'), 'the promoted replica did not answer in time'),
    ...named(of('+tilt'), 'a Sentinel stood back (TILT)'),
    ...lateInfo(of('+failover-state-wait-promotion')[0], of('+promoted-slave')[0]),
  ];
  return said.length === 0 ? 'the events say nothing' : said.join('; ');
}

function named(events: readonly LabEvent[], words: string): string[] {
  const [first] = events;
  return first === undefined ? [] : [`${words} (${first.source})`];
}

function lostElections(aborts: readonly LabEvent[]): string[] {
  if (aborts.length === 0) return [];
  return [`a lost election (${[...new Set(aborts.map(({ source }) => source))].join(', ')})`];
}

/** Votes of one epoch for different Sentinels: `+vote-for-leader <id> <epoch>`. */
function splitVotes(votes: readonly LabEvent[]): string[] {
  const epochs = Map.groupBy(votes, ({ text }) => text.split(' ').at(-1));
  const split = [...epochs].filter(([, of]) => new Set(of.map(({ text }) => text.split(' ')[1])).size > 1);
  return split.map(([epoch]) => `a split vote (epoch ${epoch})`);
}

/** The leader learns of the promotion by INFO, once a second during a failover (sentinel.c); twice that is late. */
function lateInfo(waits: LabEvent | undefined, promoted: LabEvent | undefined): string[] {
  if (waits === undefined || promoted === undefined) return [];
  const tookMs = promoted.at - waits.at;
  return tookMs > 2000 ? [`INFO showed the promotion after ${Math.round(tookMs)} ms only`] : [];
}
