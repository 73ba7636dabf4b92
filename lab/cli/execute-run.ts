import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../run/events.ts';
import type { RunJob } from '../run/job.ts';
import { logExcerpts } from '../run/log-excerpts.ts';
import type { Answer, Order } from '../run/order.ts';
import type { RunRecord } from '../run/record.ts';
import { startRun } from '../run/start-run.ts';
import { failedRecord } from './failed-record.ts';
import { lookInside } from './look-inside.ts';
import type { Machine } from './machine.ts';
import { labClockOf, type PlannedRun } from './plan-runs.ts';
import { recorded } from './recorded.ts';
import { shellWord, shownPath } from './shell-word.ts';

/** A run under way. */
export interface RunUnderWay {
  /** Never rejects: a run whose process died has a record that says so. */
  record: Promise<RunRecord>;
  /** Asks it to end: a kept one, and a lab that stands, is released and still judged; any other is undone where it stands. */
  interrupt(reason: string): void;
  /** Ends all of it at once. */
  kill(): void;
  /** What it has come to so far; null once it has ended. Asked again before it has answered, it answers both at once. */
  look(): Promise<RunRecord | null>;
  /** Has a standing lab do something; see StartedRun. */
  order(order: Order): Promise<Answer>;
  /** The process whose only child is the sandbox's first process; undefined when it could not be started. */
  pid: number | undefined;
  /** The container in which the lab itself runs; undefined where it runs in none, or not yet. */
  readonly container: string | undefined;
}

export interface ExecuteOptions {
  /** The run folder, which exists and is empty. */
  dir: string;
  keep: boolean;
  /** What a user gave as --redis, so that the commands in the report say it too. */
  redis?: string;
  /** The same of --backend. */
  backend?: string;
  /** The command that does the same again. Default: `lab replay` of the folder. */
  again?: string;
  /** Every event of the run, `run-ended` included. Must not throw. */
  onEvent: (event: RunEvent) => void;
}

/** Starts a planned run on this machine. */
export function executeRun(plan: PlannedRun, machine: Machine, options: ExecuteOptions): RunUnderWay {
  const { dir, onEvent } = options;
  const job = jobOf(plan, machine, options);
  const heard = { events: [] as RunEvent[], last: null as RunRecord | null, startedAt: new Date() };
  let isKept = false;
  const looking = new Set<(record: RunRecord | null) => void>();
  let hasEnded = false;
  const seen = (record: RunRecord | null) => {
    for (const tell of looking) tell(record);
    looking.clear();
  };
  mkdirSync(path.join(dir, 'logs'), { recursive: true });
  const run = startRun(job, machine.place, (event) => {
    if (event.type === 'phase' || event.type === 'event') heard.events.push(event);
    if (event.type === 'phase' && event.name === 'disturb') isKept = plan.standing !== undefined;
    if (event.type === 'snapshot') {
      heard.last = event.record;
      return seen(event.record);
    }
    if (event.type !== 'kept') return onEvent(event);
    isKept = true;
    onEvent({ ...event, look: lookInside(plan, machine, run) });
  });
  const failed = (error: unknown) =>
    failedRecord(job, plan.scenario, { ...heard, backend: machine.place.backend }, error);
  return {
    record: run.record.catch(failed).then(async (ended) => {
      // Only now every log is whole, also that of a process that was killed.
      const logs = logExcerpts(dir, ended);
      const record = {
        ...ended,
        ...(await recorded(dir, ended)),
        ...(logs === undefined ? {} : { logs }),
      };
      hasEnded = true;
      seen(null);
      onEvent({ type: 'run-ended', dir, record });
      return record;
    }),
    interrupt: (reason) => (isKept ? run.release() : run.stop(reason)),
    kill: () => run.kill(),
    look: () =>
      new Promise((resolve) => {
        if (hasEnded) return resolve(null);
        looking.add(resolve);
        if (looking.size === 1) run.look();
      }),
    order: (order) => run.order(order),
    pid: run.pid,
    get container() {
      return run.container;
    },
  };
}

function jobOf(
  plan: PlannedRun,
  machine: Machine,
  { dir, keep, redis, backend, again }: ExecuteOptions,
): RunJob {
  const { file, variant, timing, seed, speed, standing } = plan;
  const folder = shellWord(shownPath(dir));
  const withRedis = [
    ...(redis === undefined ? [] : [` --redis ${shellWord(redis)}`]),
    ...(backend === undefined ? [] : [` --backend ${backend}`]),
  ].join('');
  return {
    file,
    shownFile: file === '' ? '' : shownPath(file),
    ...(standing === undefined ? {} : { standing }),
    variant,
    timing,
    speed,
    clockLibrary: labClockOf(plan) === 'none' ? null : machine.clockLibrary,
    seed,
    dir,
    scratch: machine.scratch,
    keep,
    cache: machine.cache,
    tools: machine.tools,
    server: machine.server,
    versions: machine.versions,
    commands: { replay: again ?? `npx lab replay ${folder}${withRedis}`, check: `npx lab check ${folder}` },
  };
}
