import type { LabEvent, Observations, Pace } from '../history/observations.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import type { Provisioned } from './01-provision.ts';
import type { Load } from './02-warm-up.ts';
import type { Checked } from './07-check.ts';
import type { RunContext } from './context.ts';

/** What a run has come to; each phase fills in its part, so that a run that fails half-way still has a record. */
export interface Progressed {
  phases: { name: string; from: number; to: number }[];
  provisioned: Provisioned | null;
  load: Load | null;
  /** How far the machine kept up; null at the speed of real time, and until the load has ended. */
  pace: Pace | null;
  nemesis: Nemesis | null;
  loadEndedAt: number | null;
  endedAt: number | null;
  tearDownMs: number | null;
  checked: Checked | null;
  failure: Error | null;
}

/** A run that has not begun. */
export function nothingYet(): Progressed {
  return {
    phases: [],
    provisioned: null,
    load: null,
    pace: null,
    nemesis: null,
    loadEndedAt: null,
    endedAt: null,
    tearDownMs: null,
    checked: null,
    failure: null,
  };
}

/** What was seen up to now. */
export function observationsOf(context: RunContext, state: Progressed): Observations {
  const durationMs = state.endedAt ?? context.clock.now();
  const { provisioned, load } = state;
  const loads = load?.groups.flatMap(({ summary }) => summary ?? []) ?? [];
  const slots = provisioned?.probes.slots(durationMs) ?? null;
  const plan = context.experiment.topology.plan();
  return {
    durationMs,
    startedAtUnixMs: context.clock.startWallMs,
    nodes: plan.nodes.filter((node) => node.kind === 'redis').map((node) => node.name),
    roles: provisioned?.probes.roles(durationMs) ?? [],
    events: [...context.events.all]
      .filter((event) => event.at <= durationMs)
      .map((event) => withoutBirths(event, load?.startedAt ?? Number.POSITIVE_INFINITY))
      .sort((a, b) => a.at - b.at),
    faults: state.nemesis?.windows ?? [],
    samples: provisioned?.probes.samples.filter((sample) => sample.at <= durationMs) ?? [],
    loadWindow: { from: load?.startedAt ?? 0, to: state.loadEndedAt ?? durationMs },
    ...(slots === null ? {} : { slots }),
    ...(state.pace === null ? {} : { pace: state.pace }),
    ...(loads.length === 0 ? {} : { loads }),
    ...(provisioned?.application ? { metrics: provisioned.application.metrics.series() } : {}),
  };
}

/** A cluster's first primaries take over from placeholders when it comes up (cluster-birth.ts), which is no failover. */
export function withoutBirths(event: LabEvent, loadStartedAt: number): LabEvent {
  const isBirth = event.kind === 'promotion' && event.data?.by === 'takeover' && event.at < loadStartedAt;
  return isBirth ? { ...event, kind: 'bring-up' } : event;
}
