/**
 * The failover lab's public API, all of it. A scenario's file imports from here alone:
 * `import { defineScenario, sentinel, … } from 'failover-lab'`.
 */
export type { CheckSpec, Figures, Verdict } from './checkers/checker.ts';
export type { Expectation } from './checkers/expectations.ts';
export { type RunScenarioOptions, runScenario, type ScenarioResult } from './cli/run-scenario.ts';
export { LabError, UsageError } from './common/errors.ts';
export type { ServerRange } from './common/server.ts';
export type { Fault, FaultSurface, InjectedFault, Proof } from './faults/fault.ts';
export { faults } from './faults/faults.ts';
export type { Target, Targets } from './faults/target.ts';
export {
  type Condition,
  demotion,
  event,
  objectivelyDown,
  promotion,
  subjectivelyDown,
  switchAnnounced,
} from './nemesis/condition.ts';
export { type RandomOptions, randomly } from './nemesis/random.ts';
export { at, type Line, type Schedule, schedule } from './nemesis/schedule.ts';
export type { RunEvent } from './run/events.ts';
export type {
  BaseVariant,
  Comparison,
  RunOutcome,
  RunRecord,
  Setting,
  TimingName,
  VariantName,
} from './run/record.ts';
export { checks } from './scenario/checks.ts';
export {
  defineScenario,
  type Experiment,
  type ExperimentContext,
  type KnownDifference,
  type Scenario,
} from './scenario/scenario.ts';
export { cluster } from './topology/cluster.ts';
export type { ClusterOptions } from './topology/cluster-options.ts';
export type { Directives } from './topology/directives.ts';
export { sentinel } from './topology/sentinel.ts';
export type { SentinelOptions } from './topology/sentinel-options.ts';
export { type StandaloneOptions, standalone } from './topology/standalone.ts';
export { type SystemsOptions, systems } from './topology/systems.ts';
export type { Timing } from './topology/timing.ts';
export type { Topology, TopologyPlan } from './topology/topology.ts';
export {
  addToSet,
  type ClientOptions,
  type CounterWorkload,
  counters,
  type Delay,
  type KeySlots,
  type LockWorkload,
  locks,
  type NodeRedisOptions,
  type RegisterWorkload,
  type SetWorkload,
  type UsersOptions,
  users,
  versionedRegisters,
  type WaitOptions,
  type Workload,
} from './workload/spec.ts';
