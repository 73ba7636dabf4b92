import type { CheckResult, CheckSpec } from '../checkers/checker.ts';
import type { Series } from '../history/series.ts';
import type { Observations } from '../history/observations.ts';
import type { ClientInfo } from '../history/operation.ts';

/** How a run ended. `lab-failed` means nothing about Redis and nothing about the claim. */
export type RunOutcome = 'as-expected' | 'unexpected' | 'inconclusive' | 'lab-failed';

export type VariantName = 'vulnerable' | 'hardened';
export type TimingName = 'fast' | 'production';

/** What a variant must show: data, so that a run folder can be judged again without its scenario's file. */
export interface Expectation {
  /** The check's name. */
  check: string;
  /** `any`: the figures alone decide. */
  verdict: 'valid' | 'invalid' | 'any';
  /** Bounds on figures, by dotted path (`lostByCause.minority-primary`); both ends are included. A missing figure breaks a bound. */
  figures?: Readonly<Record<string, { min?: number; max?: number }>>;
  /** The expectation in words, with the reason for its bounds. */
  because: string;
}

/** An expectation, and what came of it. */
export interface ExpectationResult extends Expectation {
  met: 'yes' | 'no' | 'undecided';
  /** What was found instead; empty when met. */
  found: string;
}

export interface JudgedCheck extends CheckResult {
  name: string;
  verifies: string;
  doesNotVerify: string;
  spec: CheckSpec;
}

/** One process of the topology, as it was configured. */
export interface ProcessRecord {
  name: string;
  kind: 'redis' | 'sentinel' | 'toxiproxy' | 'clients';
  host: string;
  /** Address and port it announces to others; empty for clients. */
  address: string;
  /** Its configuration file as written before the start, or the clients' options as JSON. */
  configuration: string;
  /** Path of its log inside the run folder. */
  log: string;
}

/** A setting that differs between the variants, for the reader who asks what to change. */
export interface Setting {
  name: string;
  vulnerable: string;
  hardened: string;
}

/** Everything one run measured and concluded; the body of run.json. Times in ms since the run's start. */
export interface RunRecord {
  scenario: {
    name: string;
    title: string;
    claim: string;
    /** What this variant is, in a sentence. */
    variantSummary: string;
    /** What to change and what it costs, for the report. */
    advice: string;
    settings: readonly Setting[];
    /** Path of the scenario's file, relative to the working directory where possible. */
    file: string;
  };
  variant: VariantName;
  timing: TimingName;
  seed: number;
  /** ISO 8601, wall clock at the run's start. */
  startedAt: string;
  durationMs: number;
  /** From the start of provisioning to a topology that is ready. */
  readyMs: number;
  backend: string;
  /** Versions of whatever took part: `redis-server`, `toxiproxy-server`, `node`, `ioredis`, `failover-lab`. */
  versions: Readonly<Record<string, string>>;
  /** The shell commands that run it again and judge it again. */
  commands: { replay: string; check: string };
  outcome: RunOutcome;
  /** Why, in a sentence. For `lab-failed` the error. */
  reason: string;
  hosts: readonly { name: string; zone: string | null; processes: readonly string[] }[];
  processes: readonly ProcessRecord[];
  clients: readonly ClientInfo[];
  phases: readonly { name: string; from: number; to: number }[];
  seen: Observations;
  series: Series;
  checks: readonly JudgedCheck[];
  expectations: readonly ExpectationResult[];
  /** Operations per error (classified or not), over the whole run. */
  errors: Readonly<Record<string, number>>;
}
