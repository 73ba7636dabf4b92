import type { Observations } from '../history/observations.ts';
import type { History } from '../history/operation.ts';

/** `valid`: the property held. `invalid`: it did not. `unknown`: too little data to say, or the checker crashed. */
export type Verdict = 'valid' | 'invalid' | 'unknown';

/** A flat table of a check's numbers; a nested record for a breakdown (`lostByCause`). Units stand in the names. */
export type Figures = Readonly<Record<string, number | null | Readonly<Record<string, number>>>>;

/** One piece of evidence: something the report can place on the timeline and list. */
export interface Finding {
  /** Milliseconds since the run's start. */
  at: number;
  /** When it ended, for something that lasts (an outage). */
  to?: number;
  /** Short kind: `lost`, `stale`, `outage`. */
  kind: string;
  /** Why, in the checker's own vocabulary: for a lost write its attribution. */
  cause?: string;
  /** One line for people. */
  text: string;
  client?: string;
  node?: string | null;
  key?: string;
  value?: number;
}

/** All findings of a kind and cause over time, also those that are not kept. Bucket i covers [i × bucketMs, (i + 1) × bucketMs). */
export interface Marks {
  kind: string;
  cause: string | null;
  bucketMs: number;
  /** Up to the last bucket that is not empty. */
  counts: readonly number[];
}

/**
 * Acknowledged writes that are gone, one by one: names stand once, rows hold their places. At most `lostLimit` of them
 * (lab/checkers/lost-writes.ts), spread over all there are.
 */
export interface LostWrites {
  /** How many there are in all. */
  total: number;
  clients: readonly string[];
  nodes: readonly string[];
  keys: readonly string[];
  causes: readonly string[];
  /** When it was acknowledged (ms since the run's start), places of client, node (-1: unknown), key and cause, and the id; oldest first. */
  rows: readonly (readonly number[])[];
}

export interface CheckResult {
  verdict: Verdict;
  /** One sentence for people that contains the numbers that decided. */
  summary: string;
  figures: Figures;
  /** Evidence, oldest first. At most `findingsLimit` of them (see checkers/findings.ts), spread over all there are; figures hold the full counts. */
  findings: readonly Finding[];
  /** How many findings there were when, where findings are only a part of them. */
  marks?: readonly Marks[];
  /** The lost writes among the findings, and more of them than fit there. */
  lost?: LostWrites;
}

/** What a checker sees. */
export interface CheckInput {
  history: History;
  seen: Observations;
}

/** A pure function from what was recorded to a verdict: no network, no clock, no files. */
export interface Checker {
  /** Unique in a scenario; also the name in `--json` and expectations: `set`, `availability`. */
  name: string;
  /** What it verifies, for the report. */
  verifies: string;
  /** What it does not verify, for the report. */
  doesNotVerify: string;
  check(input: CheckInput): CheckResult;
}

/** A checker by name with its options: data that a run folder keeps, so that `lab check` can build it again. */
export interface CheckSpec {
  /** The checker's name in the map of checkers. */
  checker: string;
  /** Plain JSON. */
  options: Readonly<Record<string, unknown>>;
}

/** A check as the report shows it: what came out, of which checker with which options. */
export interface JudgedCheck extends CheckResult {
  name: string;
  verifies: string;
  doesNotVerify: string;
  spec: CheckSpec;
}
