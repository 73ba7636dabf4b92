import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../run/events.ts';
import type { RunJob } from '../run/job.ts';
import type { RunRecord } from '../run/record.ts';
import { startRun } from '../run/start-run.ts';
import { failedRecord } from './failed-record.ts';
import { lookInside } from './look-inside.ts';
import type { Machine } from './machine.ts';
import { hasLabClock, type PlannedRun } from './plan-runs.ts';
import { shellWord, shownPath } from './shell-word.ts';

/** A run under way. */
export interface RunUnderWay {
  /** Never rejects: a run whose process died has a record that says so. */
  record: Promise<RunRecord>;
  /** Asks it to end: a kept one is released and still judged, any other is undone where it stands. */
  interrupt(reason: string): void;
  /** Ends all of it at once. */
  kill(): void;
}

export interface ExecuteOptions {
  /** The run folder, which exists and is empty. */
  dir: string;
  keep: boolean;
  /** What a user gave as --redis, so that the commands in the report say it too. */
  redis?: string;
  /** Every event of the run, `run-ended` included. Must not throw. */
  onEvent: (event: RunEvent) => void;
}

/** Starts a planned run on this machine. */
export function executeRun(plan: PlannedRun, machine: Machine, options: ExecuteOptions): RunUnderWay {
  const { dir, onEvent } = options;
  const job = jobOf(plan, machine, options);
  const startedAt = new Date();
  const heard: RunEvent[] = [];
  let kept = false;
  mkdirSync(path.join(dir, 'logs'), { recursive: true });
  const run = startRun(job, machine.sandbox, (event) => {
    if (event.type === 'phase' || event.type === 'event') heard.push(event);
    if (event.type !== 'kept') return onEvent(event);
    kept = true;
    onEvent({ ...event, look: lookInside(plan, machine, run.pid) });
  });
  const failed = (error: unknown) => failedRecord(job, plan.scenario, heard, startedAt, error);
  return {
    record: run.record.catch(failed).then((record) => {
      onEvent({ type: 'run-ended', dir, record });
      return record;
    }),
    interrupt: (reason) => (kept ? run.release() : run.stop(reason)),
    kill: () => run.kill(),
  };
}

function jobOf(plan: PlannedRun, machine: Machine, { dir, keep, redis }: ExecuteOptions): RunJob {
  const { file, variant, timing, seed, speed } = plan;
  const folder = shellWord(shownPath(dir));
  const withRedis = redis === undefined ? '' : ` --redis ${shellWord(redis)}`;
  return {
    file,
    shownFile: shownPath(file),
    variant,
    timing,
    speed,
    clockLibrary: hasLabClock(plan) ? machine.clockLibrary : null,
    seed,
    dir,
    scratch: machine.scratch,
    keep,
    cache: machine.cache,
    tools: machine.tools,
    versions: machine.versions,
    commands: { replay: `npx lab replay ${folder}${withRedis}`, check: `npx lab check ${folder}` },
  };
}
