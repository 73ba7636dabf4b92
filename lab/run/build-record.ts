import path from 'node:path';
import { slotOwnershipOf } from '../checkers/slot-ownership.ts';
import { LabError } from '../common/errors.ts';
import type { ClientInfo } from '../history/operation.ts';
import { summaryOf } from '../scenario/variants.ts';
import { checksOf } from './checks-of.ts';
import type { RunContext } from './context.ts';
import { observationsOf, type Progressed } from './progressed.ts';
import type { ProcessRecord, RunOutcome, RunRecord } from './record.ts';

/** The record of a run, whole or as far as it came. */
export function recordOf(context: RunContext, state: Progressed): RunRecord {
  const { job, scenario, experiment } = context;
  const { provisioned, load, checked, failure } = state;
  const seen = observationsOf(context, state);
  const ownership = slotOwnershipOf(seen);
  const processes = processesOf(context, state);
  const { outcome, reason } = conclusionOf(context, state, failure);
  return {
    scenario: {
      name: scenario.name,
      title: scenario.title,
      claim: scenario.claim,
      variantSummary: summaryOf(scenario, job.variant),
      advice: scenario.advice,
      settings: scenario.settings,
      ...(scenario.compare === undefined ? {} : { compare: scenario.compare }),
      file: job.shownFile,
    },
    variant: job.variant,
    ...(job.standing === undefined ? {} : { manual: true as const }),
    timing: job.timing,
    ...(job.speed === 1 ? {} : { speed: job.speed, realDurationMs: seen.durationMs / job.speed }),
    seed: job.seed,
    startedAt: new Date(context.clock.startWallMs).toISOString(),
    durationMs: seen.durationMs,
    readyMs: provisioned?.readyMs ?? 0,
    tearDownMs: state.tearDownMs ?? 0,
    backend: context.backend.name,
    versions: job.versions,
    ...(job.server.features === null ? {} : { features: job.server.features }),
    ...(context.knownDifference === null ? {} : { knownDifference: context.knownDifference }),
    commands: job.commands,
    outcome,
    reason,
    topology: experiment.topology.plan().text,
    schedule: context.scheduleText,
    hosts: [...(provisioned?.hosts.values() ?? [])].map((host) => ({
      name: host.name,
      zone: host.zone,
      processes: processes.filter((one) => one.host === host.name).map((one) => one.name),
    })),
    processes,
    clients: checked?.clients ?? (load?.table as readonly ClientInfo[] | undefined) ?? [],
    phases: state.phases,
    seen,
    ...(ownership === null ? {} : { ownership }),
    series: checked?.series ?? { bucketMs: 100, groups: [] },
    checkSpecs: checksOf(context),
    checks: checked?.checks ?? [],
    expectations:
      checked?.judgement.results ??
      experiment.expect.map((expectation) => ({
        ...expectation,
        met: 'undecided',
        found: 'the run did not get there',
      })),
    errors: checked?.errors ?? {},
  };
}

function conclusionOf(
  { job }: RunContext,
  state: Progressed,
  failure: Error | null,
): { outcome: RunOutcome; reason: string } {
  if (failure !== null) {
    const details = failure instanceof LabError ? failure.details : [];
    return { outcome: 'lab-failed', reason: [failure.message, ...details].join('\n') };
  }
  if (state.checked === null) return { outcome: 'lab-failed', reason: 'the run ended before it was judged' };
  if (job.standing !== undefined)
    return { outcome: 'inconclusive', reason: 'nothing was claimed: what happened was done by hand' };
  return state.checked.judgement;
}

function processesOf(context: RunContext, { provisioned }: Progressed): ProcessRecord[] {
  if (provisioned === null) return [];
  const log = (name: string) => path.join('logs', `${name}.log`);
  return [
    ...[...provisioned.topology.nodes, ...provisioned.services.nodes].map((node) => ({
      name: node.name,
      kind: node.kind,
      host: node.host.name,
      address: node.announced,
      configuration: node.configuration,
      log: log(node.name),
    })),
    ...[...provisioned.hosts.keys()].map((host) => ({
      name: `toxiproxy-${host}`,
      kind: 'toxiproxy' as const,
      host,
      address: '',
      configuration: provisioned.mesh
        .sidecar(host)
        .links.map((link) => `${link.node}/${link.port}`)
        .join('\n'),
      log: log(`toxiproxy-${host}`),
    })),
    ...context.experiment.workloads.map((workload) => ({
      name: `clients-${workload.name}`,
      kind: 'clients' as const,
      host: workload.on,
      address: '',
      configuration: JSON.stringify(workload, null, 2),
      log: log(`clients-${workload.name}`),
    })),
  ];
}
