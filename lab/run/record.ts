import type { CheckSpec, JudgedCheck } from '../checkers/checker.ts';
import type { ExpectationResult } from '../checkers/expectations.ts';
import type { SlotOwnership } from '../checkers/slot-ownership.ts';
import type { Observations } from '../history/observations.ts';
import type { ClientInfo } from '../history/operation.ts';
import type { Series } from '../history/series.ts';

export type { JudgedCheck } from '../checkers/checker.ts';
export type { Expectation, ExpectationResult } from '../checkers/expectations.ts';
export type { SlotOwnership } from '../checkers/slot-ownership.ts';

/** How a run ended. `lab-failed` means nothing about Redis and nothing about the claim. */
export type RunOutcome = 'as-expected' | 'unexpected' | 'inconclusive' | 'lab-failed';

/** The two that every scenario has. */
export type BaseVariant = 'vulnerable' | 'hardened';
/** `only-lease`: the vulnerable variant with one of the scenario's mitigations. */
export type VariantName = BaseVariant | `only-${string}`;
export type TimingName = 'fast' | 'production';

/** One process of the topology, as it was configured. */
export interface ProcessRecord {
  name: string;
  kind: 'redis' | 'sentinel' | 'app' | 'postgres' | 'toxiproxy' | 'clients';
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

/** A figure by which a scenario's variants are set side by side. */
export interface Comparison {
  /** The check's name, and the figure's among its figures; `lostByCause.evicted` for one of a breakdown. */
  check: string;
  figure: string;
  /** What it is, for people. */
  label: string;
  /** `ms`, `queries`; empty for a plain number. */
  unit: string;
}

/** Where a server is known to behave otherwise than a claim says. */
export interface ServerDifference {
  /** Which servers do, in words: `Valkey from 8.0 on`. */
  on: string;
  /** How it differs, and why. */
  because: string;
  /** Who says so: an address, or what was read or tried. */
  source: string;
}

/** What one process logged around the faults. */
export interface ProcessLog {
  /** Its name, which is also the file's: `logs/<process>.log`. */
  process: string;
  /** The lines, cut where they are very long, and when each was written (null before the first that says a time). */
  lines: readonly string[];
  at: readonly (number | null)[];
  /** Lines in the same time that had no room, and behind how many of `lines` they were. */
  leftOut: number;
  leftOutAfter: number;
}

/** What the processes logged in a span of time. */
export interface LogExcerpts {
  from: number;
  to: number;
  logs: readonly ProcessLog[];
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
    /** What the reader of several variants' runs wants to see beside each other. */
    compare?: readonly Comparison[];
    /** Path of the scenario's file, relative to the working directory where possible. */
    file: string;
  };
  variant: VariantName;
  /** Present where the faults were injected by hand (`lab up`): nothing was claimed, and the outcome says nothing. */
  manual?: true;
  timing: TimingName;
  /**
   * Lab time per real time, where the lab had a clock of its own; absent: 1. All times of a run are in lab time:
   * what they really took is them divided by this.
   */
  speed?: number;
  /** What the run really took, in ms: `durationMs` divided by `speed`. Present where `speed` is. */
  realDurationMs?: number;
  seed: number;
  /** ISO 8601, wall clock at the run's start. */
  startedAt: string;
  durationMs: number;
  /** From the start of provisioning to a topology that is ready. */
  readyMs: number;
  /** From the end of the last phase that needs servers until nothing of them was left. */
  tearDownMs: number;
  backend: string;
  /** Versions of whatever took part: `redis-server` (or `valkey-server`), `toxiproxy-server`, `node`, `ioredis`, `failover-lab`. */
  versions: Readonly<Record<string, string>>;
  /** What the server was found to offer (true) and to lack, by the features' names; absent where nobody could ask. */
  features?: Readonly<Record<string, boolean>>;
  /** Present where this server is known to behave otherwise than the claim says, and was judged by that. */
  knownDifference?: ServerDifference;
  /** The shell commands that run it again and judge it again. */
  commands: { replay: string; check: string };
  outcome: RunOutcome;
  /** Why, in a sentence. For `lab-failed` the error. */
  reason: string;
  /** The topology in words. */
  topology: string;
  /** The nemesis in words, a line each. */
  schedule: readonly string[];
  hosts: readonly { name: string; zone: string | null; processes: readonly string[] }[];
  processes: readonly ProcessRecord[];
  clients: readonly ClientInfo[];
  phases: readonly { name: string; from: number; to: number }[];
  seen: Observations;
  /** Who owned and who served which slots, merged from the views in `seen`; only in a run with a cluster. */
  ownership?: SlotOwnership;
  series: Series;
  /** What was to be checked; `checks` is empty in a run that did not get there. */
  checkSpecs: readonly CheckSpec[];
  checks: readonly JudgedCheck[];
  expectations: readonly ExpectationResult[];
  /** Operations per error (classified or not), over the whole run. */
  errors: Readonly<Record<string, number>>;
  /** What each process logged around the faults; the whole logs stand in the run folder. */
  logs?: LogExcerpts;
}
