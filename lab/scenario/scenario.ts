import type { CheckSpec } from '../checkers/checker.ts';
import type { Expectation } from '../checkers/expectations.ts';
import type { Prng } from '../common/prng.ts';
import type { ServerRange } from '../common/server.ts';
import type { Schedule } from '../nemesis/schedule.ts';
import type { BaseVariant, Comparison, Setting, TimingName, VariantName } from '../run/record.ts';
import type { AppSpec } from '../services/app-spec.ts';
import type { Timing } from '../topology/timing.ts';
import type { Topology } from '../topology/topology.ts';
import type { Workload } from '../workload/spec.ts';

/** What a scenario's `experiment` is called with. */
export interface ExperimentContext {
  /** `vulnerable` must show the failure, `hardened` must not. */
  variant: VariantName;
  /** `variant === 'hardened'`, for settings that differ. */
  hardened: boolean;
  /** The one mitigation of a variant `only-<name>`, which is otherwise the vulnerable one; else null. */
  mitigation: string | null;
  /** The clocks of this run; bounds and schedules are computed from them, so that the claim holds in each. */
  timing: Timing;
  /** Seeded: the same seed gives the same draws. */
  random: Prng;
}

/** One experiment: what runs, what breaks when, and what must come of it. */
export interface Experiment {
  topology: Topology;
  /** The reference application and its database, for workloads of users. Default: none. */
  app?: AppSpec;
  /** What clients do. At least one. */
  workloads: readonly Workload[];
  /** Hosts on which clients run, besides those of the topology, and their zones. Default: each unknown `on` of a workload. */
  clientHosts?: readonly { name: string; zone?: string }[];
  /** When what breaks. */
  nemesis: Schedule;
  /** What is checked. */
  checks: readonly CheckSpec[];
  /** What this variant must show. */
  expect: readonly Expectation[];
  /** Servers that are known to behave otherwise: the first that fits is expected to do that instead. Default: none. */
  differs?: readonly KnownDifference[];
  /** Load before the first fault and after the last heal, in ms. Default 500 and 1000. */
  load?: { beforeMs?: number; afterMs?: number };
  /**
   * How long the system may take to become whole after everything is healed, in ms; default: the timing's bound on
   * failovers. It is waited for, not asserted: what must recover when is a check's matter.
   */
  settleWithinMs?: number;
}

/** What a variant shows on servers that are known to behave otherwise than the claim says. */
export interface KnownDifference {
  on: ServerRange;
  /** How they differ, and why. */
  because: string;
  /** Who says so: an address, or what was read or tried. */
  source: string;
  /** What the variant must show there, instead of the experiment's `expect`. */
  expect: readonly Expectation[];
}

/** A claim and how to test it. */
export interface Scenario {
  /** Unique, kebab-case: what `lab run` takes. */
  name: string;
  /** A short title for people. */
  title: string;
  /** The claim in one sentence that a team lead understands. */
  claim: string;
  /** Runs with `npm start`. Default false. */
  headline?: boolean;
  /** What each variant is, in a sentence. */
  variants: Readonly<Record<BaseVariant, string>>;
  /**
   * Parts of what the hardened variant does, each to be tried alone, by kebab-case name, with what it is in a
   * sentence: `{ lease: 'one process fills at a time' }` is the variant `only-lease`. They run when asked for
   * (`--mitigations`). Default: none.
   */
  mitigations?: Readonly<Record<string, string>>;
  /** Figures that the variants are compared by. Default: none. */
  compare?: readonly Comparison[];
  /** What to change, and its price. */
  advice: string;
  /** The settings that differ between the variants. */
  settings: readonly Setting[];
  /** Timings under which it makes sense. Default: both. */
  timings?: readonly TimingName[];
  /** How many times as fast as real time it runs (docs/lab-time.md). Default 1. */
  speed?: number;
  /** Builds the experiment of one variant. Called once to look at it and once in the run. */
  experiment(context: ExperimentContext): Experiment;
}

/** A typed identity: gives a scenario its types as it is written, and nothing else. A scenario's file exports it by default. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
