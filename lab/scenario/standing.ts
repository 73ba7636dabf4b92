import { LabError, UsageError } from '../common/errors.ts';
import { cluster } from '../topology/cluster.ts';
import type { ClusterOptions } from '../topology/cluster-options.ts';
import { sentinel } from '../topology/sentinel.ts';
import type { SentinelOptions } from '../topology/sentinel-options.ts';
import { type StandaloneOptions, standalone } from '../topology/standalone.ts';
import type { Topology } from '../topology/topology.ts';
import { addToSet, type Workload } from '../workload/spec.ts';
import { checks } from './checks.ts';
import { importDefault, loadScenario } from './load-scenario.ts';
import type { Experiment, ExperimentContext, Scenario } from './scenario.ts';

/** A topology of the lab's own, with its options; plain data. */
export type BuiltInTopology =
  | { kind: 'sentinel'; options: SentinelOptions }
  | { kind: 'cluster'; options: ClusterOptions }
  | { kind: 'standalone'; options: StandaloneOptions };

/** `light`: a few writes a second; `own`: what the scenario's clients do. */
export type StandingLoad = 'none' | 'light' | 'own';

/** What a standing lab (`lab up`) consists of; plain data, handed to the process that runs it. */
export interface StandingSpec {
  /** What it is called. */
  name: string;
  /** What stands; null: what a file says, a scenario's topology or one that the file exports by default. */
  topology: BuiltInTopology | null;
  load: StandingLoad;
}

/** The clients' host, which is there also without load: somebody may want to look from it. */
export const CLIENT_HOST = 'client-1';
const LIGHT_PER_SECOND = 50;
/** What is out of order when the lab is to end may stay so. */
const SETTLE_WITHIN_MS = 10_000;
/** Clients that notice a node which has fallen silent, as careful teams set them up. */
const timeouts = { connectTimeout: 500, commandTimeout: 500 };

/**
 * A standing lab as a scenario without a schedule, which claims nothing. `file` is looked at where the spec has no topology
 * of its own. Throws UsageError.
 */
export async function standingScenario(spec: StandingSpec, file: string): Promise<Scenario> {
  const { experiment, what, timings, mitigations = [] } = await sourceOf(spec, file);
  return {
    name: spec.name,
    title: `The lab “${spec.name}”`,
    claim: 'Nothing is claimed: what happened was done by hand.',
    variants: { vulnerable: what, hardened: what },
    mitigations: Object.fromEntries(mitigations.map((name) => [name, what])),
    advice: '',
    settings: [],
    ...(timings === undefined ? {} : { timings }),
    experiment: (context) => {
      const own = experiment(context);
      const workloads =
        spec.load === 'own' ? own.workloads : spec.load === 'light' ? [light(own.topology)] : [];
      const known = own.topology.plan().hosts.map(({ name }) => name);
      const isElsewhere = ({ name }: { name: string }) => name !== CLIENT_HOST && !known.includes(name);
      return {
        topology: own.topology,
        ...(own.app === undefined ? {} : { app: own.app }),
        clientHosts: [{ name: CLIENT_HOST }, ...(own.clientHosts ?? []).filter(isElsewhere)],
        workloads,
        nemesis: { lines: [] },
        checks: spec.load === 'light' ? [checks.set(), checks.availability(), checks.recovery()] : [],
        expect: [],
        settleWithinMs: SETTLE_WITHIN_MS,
      };
    },
  };
}

interface Source {
  experiment: (
    context: ExperimentContext,
  ) => Pick<Experiment, 'topology' | 'app' | 'workloads' | 'clientHosts'>;
  /** In a sentence. */
  what: string;
  timings?: NonNullable<Scenario['timings']>;
  /** Names of a scenario's. */
  mitigations?: readonly string[];
}

async function sourceOf({ topology: builtIn, load }: StandingSpec, file: string): Promise<Source> {
  if (builtIn !== null) {
    const topology = topologyOf(builtIn);
    return { experiment: () => ({ topology, workloads: [] }), what: `${topology.plan().text}.` };
  }
  const value = await importDefault(file);
  if (isTopology(value)) {
    if (load === 'own')
      throw new UsageError(`${file}: a topology has no load of its own: expected none or light`);
    return { experiment: () => ({ topology: value, workloads: [] }), what: `${value.plan().text}.` };
  }
  const { scenario } = await loadScenario(file);
  return {
    experiment: (context) => scenario.experiment(context),
    what: `What the scenario ${scenario.name} runs on.`,
    ...(scenario.timings === undefined ? {} : { timings: scenario.timings }),
    mitigations: Object.keys(scenario.mitigations ?? {}),
  };
}

function topologyOf(topology: BuiltInTopology): Topology {
  switch (topology.kind) {
    case 'sentinel':
      return sentinel(topology.options);
    case 'cluster':
      return cluster(topology.options);
    case 'standalone':
      return standalone(topology.options);
    default:
      throw new LabError(`expected a topology, got ${JSON.stringify(topology satisfies never)}`);
  }
}

function isTopology(value: unknown): value is Topology {
  const { plan, start } = (value ?? {}) as Partial<Topology>;
  return typeof plan === 'function' && typeof start === 'function';
}

function light({ kind }: Topology): Workload {
  const bySentinel = kind === 'sentinel' ? { failoverDetector: true, sentinelCommandTimeout: 500 } : {};
  const byCluster =
    kind === 'cluster'
      ? { socketTimeout: 1000, disconnectTimeout: 200, slotsRefreshInterval: 500, slotsRefreshTimeout: 500 }
      : {};
  return addToSet({
    name: 'light',
    on: CLIENT_HOST,
    clients: 2,
    rate: { perSecond: LIGHT_PER_SECOND },
    keys: kind === 'cluster' ? 12 : 1,
    redis: { ...timeouts, ...bySentinel, ...byCluster },
  });
}
