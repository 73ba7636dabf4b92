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

/** Between two sections' updates at least. */
const EVERY_MS = 1000;
/** The pause after an update is so many times as long as making it took: looking on is to cost next to nothing. */
const PAUSE_TIMES = 50;

export function liveRun(info: RunInfo, hands: Hands | null): LiveRun {
  let last: Progress | null = null;
  let isRefreshing = false;
  let sent = new Map<string, string>();
  const stream = eventStream(() => void refresh());

  async function refresh(): Promise<void> {
    if (isRefreshing) return;
    isRefreshing = true;
    // Who has just come has an old page, or lost us for a while.
    let knew = stream.listeners;
    sent = new Map();
    while (stream.listeners > 0 && run.outcome === '') {
      const view = await run.view();
      if (view === null) break;
      const startedAt = performance.now();
      if (stream.listeners > knew) sent = new Map();
      knew = stream.listeners;
      const changed = sectionsOf(view).filter(({ id, markup }) => sent.get(id) !== markup.markup);
      for (const { id, markup } of changed) sent.set(id, markup.markup);
      if (changed.length > 0)
        stream.tell('sections', Object.fromEntries(changed.map(({ id, markup }) => [id, markup.markup])));
      const spentMs = performance.now() - startedAt;
      await pause(Math.max(EVERY_MS, PAUSE_TIMES * spentMs));
    }
    isRefreshing = false;
  }

  const run: LiveRun = {
    info,
    stream,
    hands,
    phase: info.phases[0] ?? 'starting',
    outcome: '',
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
      stream.tell('ended', outcome);
    },
  };
  return run;
}

/** Not what keeps the process alive. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
