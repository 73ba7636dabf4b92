import type { ServerResponse } from 'node:http';
import type { Progress } from '../../lab/run/events.ts';
import type { Answer, Order } from '../../lab/run/order.ts';
import type { RunRecord } from '../../lab/run/record.ts';
import { documentOf } from '../data/run-document.ts';
import type { RunInfo } from '../reporters/reporter.ts';
import { type EventStream, eventStream } from './event-stream.ts';
import type { MenuFault } from './fault-menu.ts';
import { figuresOf } from './live-state.ts';
import { type LiveView, sectionsOf } from './render-live.ts';

/** What can be asked of a run that goes on. */
export interface Hands {
  /** What it has come to so far; null once it has ended. */
  look(): Promise<RunRecord | null>;
  /** Where faults can be injected by hand. */
  orders?: { menu: readonly MenuFault[]; take(order: Order): Promise<Answer> };
}

/** A run with a page. While nobody looks at it, it costs nothing. */
export interface LiveRun {
  readonly info: RunInfo;
  readonly stream: EventStream;
  /** Begins to tell a listener: everything at once, then what changes. */
  join(response: ServerResponse): void;
  readonly hands: Hands | null;
  /** `provision`, …, `ended`. */
  phase: string;
  /** How it ended; empty before. */
  outcome: string;
  /** What it is now; null once it has ended, and before it can be asked. */
  view(): Promise<LiveView | null>;
  progress(progress: Progress): void;
  end(outcome: string): void;
}

const ENDED = { event: 'ended', data: '' };
/** Between two sections' updates at least. */
const EVERY_MS = 1000;
/** The pause after an update is so many times the processor's time that it took: looking on is to cost next to nothing. */
const PAUSE_TIMES = 50;

export function liveRun(info: RunInfo, hands: Hands | null): LiveRun {
  let last: Progress | null = null;
  let isRefreshing = false;
  /** Sections by id, as they were last sent. */
  let sent = new Map<string, string>();
  const stream = eventStream();

  async function refresh(): Promise<void> {
    if (isRefreshing) return;
    isRefreshing = true;
    while (stream.listeners > 0 && run.outcome === '') {
      const before = process.cpuUsage();
      const view = await run.view();
      if (view === null) break;
      const changed = sectionsOf(view).filter(({ id, markup }) => sent.get(id) !== markup.markup);
      for (const { id, markup } of changed) sent.set(id, markup.markup);
      if (changed.length > 0)
        stream.tell('sections', Object.fromEntries(changed.map(({ id, markup }) => [id, markup.markup])));
      const { user, system } = process.cpuUsage(before);
      await pause(Math.max(EVERY_MS, (PAUSE_TIMES * (user + system)) / 1000));
    }
    // Who comes next has everything told anew.
    sent = new Map();
    isRefreshing = false;
  }

  const run: LiveRun = {
    info,
    stream,
    hands,
    phase: info.phases[0] ?? 'starting',
    outcome: '',
    join(response) {
      const first = run.outcome === '' ? { event: 'sections', data: Object.fromEntries(sent) } : ENDED;
      stream.add(response, first);
      void refresh();
    },
    async view() {
      const record = (await hands?.look()) ?? null;
      if (record === null) return null;
      return { document: documentOf(record), progress: last, menu: hands?.orders?.menu ?? null };
    },
    progress(progress) {
      last = progress;
      if (stream.listeners > 0) stream.tell('figures', figuresOf(progress));
    },
    end(outcome) {
      run.outcome = outcome;
      run.phase = 'ended';
      stream.tell(ENDED.event, ENDED.data);
    },
  };
  return run;
}

/** Not what keeps the process alive. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
