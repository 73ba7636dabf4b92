import type { LabEvent, NodeSample, RoleSpan, SlotViews } from '../history/observations.ts';
import type { AddressBook, NodeKind } from '../mesh/address-book.ts';
import type { LabNode, TopologyNode } from '../topology/topology.ts';
import type { EventLog } from './event-log.ts';
import { infoProbe } from './info-probe.ts';
import { logProbe } from './log-probe.ts';
import { nodeIds } from './node-ids.ts';
import { RoleTimeline } from './role-timeline.ts';
import type { RunClock } from './run-clock.ts';
import { sampleLog } from './sample-log.ts';
import { slotProbe } from './slot-probe.ts';
import { slotViewLog } from './slot-view-log.ts';

/** Everything that watches a run from outside. */
export interface Probes {
  readonly samples: readonly NodeSample[];
  /** Told how many ms each answer to INFO took. */
  onAnswer: (tookMs: number) => void;
  paused(node: string, paused: boolean): void;
  /** Listens to the nodes' starts and ends. */
  watch(nodes: readonly LabNode[]): void;
  /** Starts asking data nodes for INFO, and those of a cluster for their view of it. Only when they are ready: until then a replica takes itself for a primary. */
  ask(nodes: readonly TopologyNode[]): void;
  roles(endMs: number): RoleSpan[];
  /** The views of a cluster's nodes; null without a cluster. */
  slots(endMs: number): SlotViews | null;
  stop(): void;
}

export function startProbes(options: {
  plan: readonly { name: string; kind: NodeKind }[];
  book: AddressBook;
  logs: string;
  clock: RunClock;
  events: EventLog;
  /** Period of INFO, and of a cluster's views, in ms. */
  everyMs: number;
  /** How many samples are kept. Default: all. */
  mostSamples?: number;
  /** Whether a node's own time of day is right (HostClock). Default: always. */
  isRight?: (node: string) => boolean;
}): Probes {
  const { plan, book, logs, clock, events, everyMs, isRight = () => true } = options;
  const samples = sampleLog(options.mostSamples);
  const servers = plan.filter(({ kind }) => kind === 'redis' || kind === 'sentinel');
  const timeline = new RoleTimeline(servers.map((node) => node.name));
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === 'promotion') timeline.change(event.source, 'primary', event.at);
    if (event.kind === 'replica-of') timeline.change(event.source, 'replica', event.at);
  });
  const ids = nodeIds();
  const logs_ = logProbe(plan, logs, book, ids, clock, events, isRight);
  const views = slotViewLog();
  let info: { stop(): void } | null = null;
  let slots: { stop(): void } | null = null;
  const self: Probes = {
    samples: samples.all,
    onAnswer: () => {},
    paused(node, paused) {
      timeline.paused(node, paused, clock.now());
      events.record(processEvent(node, paused ? 'stop' : 'continue', clock.now()));
    },
    watch(nodes) {
      for (const node of nodes) {
        node.onChange((change) => {
          if (change.change === 'started') {
            const { data, first, begunMs } = change;
            events.record(processEvent(node.name, 'start', begunMs - clock.startMs, { data, first }));
            return;
          }
          timeline.change(node.name, 'down', clock.now());
          views.ended(node.name);
          events.record(processEvent(node.name, 'end', clock.now()));
        });
      }
    },
    ask(nodes) {
      info = infoProbe(
        nodes.filter((node) => node.kind === 'redis'),
        book,
        clock,
        everyMs,
        (sample, askedAt) => {
          samples.add(sample);
          self.onAnswer(sample.at - askedAt);
          timeline.told(sample.node, sample.role, askedAt);
        },
      );
      slots = slotProbe(nodes, ids, book, clock, everyMs, views);
    },
    roles: (endMs) => timeline.spans(endMs),
    slots: (endMs) => views.all(endMs),
    stop() {
      info?.stop();
      slots?.stop();
      logs_.stop();
      unsubscribe();
    },
  };
  return self;
}

const ACTIONS = { start: 'starts', end: 'ends', stop: 'is stopped', continue: 'continues' } as const;

function processEvent(
  node: string,
  action: keyof typeof ACTIONS,
  at: number,
  data: Record<string, string | boolean> = {},
): LabEvent {
  return {
    at,
    source: 'lab',
    kind: 'process',
    text: `${node} ${ACTIONS[action]}`,
    data: { node, action, ...data },
  };
}
