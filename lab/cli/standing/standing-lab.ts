import path from 'node:path';
import { addressBook } from '../../mesh/address-book.ts';
import type { Progress, RunEvent } from '../../run/events.ts';
import type { Answer, Order } from '../../run/order.ts';
import type { RunRecord } from '../../run/record.ts';
import { worldOf } from '../../scenario/planned-world.ts';
import { experimentOf } from '../../scenario/variants.ts';
import type { RunUnderWay } from '../execute-run.ts';
import { firstProcessOf } from '../look-inside.ts';
import type { Machine } from '../machine.ts';
import type { PlannedRun } from '../plan-runs.ts';
import type { Ended, Entrance, Question, StandingStatus } from './control-protocol.ts';
import { refusedOrder } from './refused-order.ts';

/** What a standing lab is, for those who ask. */
export interface StandingLab {
  /** Hears what its run tells. */
  onEvent(event: RunEvent): void;
  /** Its run has been started. */
  runs(run: RunUnderWay, machine: Machine, address: string): void;
  ended(ended: Ended): void;
  order(order: Order): Promise<Answer>;
  answer(question: Question): Promise<unknown>;
}

/** `folder` is the run folder, empty until it is known; `end` is called when another command wants it to end. */
export function standingLab(plan: PlannedRun, folder: { path: string }, end: () => void): StandingLab {
  const experiment = experimentOf(plan.scenario, plan.variant);
  const topology = experiment.topology.plan();
  const world = worldOf(experiment);
  const hosts = world.hosts.map(({ name }) => name);
  const book = addressBook([...topology.nodes, ...world.services]);
  const startedAt = new Date();
  const whenEnded = Promise.withResolvers<Ended>();
  let running: { run: RunUnderWay; machine: Machine; address: string } | null = null;
  let phase = 'preparing';
  let progress: Progress | null = null;

  const status = async (): Promise<StandingStatus> => {
    const record = (await running?.run.look()) ?? null;
    return {
      name: plan.scenario.name,
      pid: process.pid,
      address: running?.address ?? '',
      topology: topology.text,
      timing: plan.timing,
      speed: plan.speed,
      phase,
      startedAt: startedAt.toISOString(),
      at: record?.durationMs ?? 0,
      nodes: book.nodes.map(({ name, kind, host, announced, ports }) => ({
        name,
        kind,
        host,
        address: `${announced}:${ports.client}`,
        role: record === null ? 'unknown' : roleOf(name, kind, record),
      })),
      hosts,
      faults:
        record?.seen.faults.filter(({ healedAt, proof }) => healedAt === null && !isRefused(proof)) ?? [],
      load: progress,
      folder: folder.path,
    };
  };

  const byName = Object.fromEntries([
    ...book.nodes.map(({ name, host }) => [name, host]),
    ...hosts.map((name) => [name, name]),
  ]);
  const entrance = (): Entrance => {
    const place = running?.machine.place;
    if (place?.backend === 'containers') {
      const nodes = hosts.map((host) => [
        host,
        book.nodes.filter((node) => node.host === host).map(({ name }) => name),
      ]);
      const lab = running?.run.container ?? null;
      return {
        backend: 'containers',
        lab,
        daemon: `unix://${place.socket}`,
        image: place.images.redis,
        user: place.user,
        hosts: byName,
        nodes: Object.fromEntries(nodes),
      };
    }
    return {
      backend: 'namespaces',
      pid: running?.run.pid === undefined ? null : firstProcessOf(running.run.pid),
      mode: place?.mode ?? 'root',
      namespaces: path.join(running?.machine.scratch ?? '', 'ns'),
      hosts: byName,
      tools: path.dirname(running?.machine.tools.redisServer ?? ''),
    };
  };

  const order = async (order: Order): Promise<Answer> => {
    if (running === null) return refusedOrder('the lab does not stand yet');
    return running.run.order(order).catch(refusedOrder);
  };

  return {
    order,
    onEvent(event) {
      if (event.type === 'phase') phase = event.name;
      if (event.type === 'progress') progress = event.progress;
    },
    runs(run, machine, address) {
      running = { run, machine, address };
    },
    ended: (ended) => whenEnded.resolve(ended),
    async answer(question) {
      switch (question.ask) {
        case 'status':
          return status();
        case 'enter':
          return entrance();
        case 'order':
          return order(question.order);
        case 'down':
          end();
          return whenEnded.promise;
      }
    },
  };
}

/** The last one; only data nodes have one, the others start and end. */
function roleOf(node: string, kind: string, { seen }: RunRecord): string {
  if (kind === 'redis') return seen.roles.findLast((span) => span.node === node)?.role ?? 'unknown';
  const last = seen.events.findLast((event) => event.kind === 'process' && event.data?.node === node);
  return last?.data?.action === 'start' || last?.data?.action === 'continue' ? 'up' : 'down';
}

/** Its injection failed, so there is nothing in force. */
function isRefused(proof: string): boolean {
  return proof.startsWith('not injected');
}
