import path from 'node:path';
import { type LiveSite, liveSite } from '../../reports/live/live-site.ts';
import { githubReporter } from '../../reports/reporters/github.ts';
import { htmlReporter } from '../../reports/reporters/html.ts';
import { jsonReporter } from '../../reports/reporters/json.ts';
import { junitReporter } from '../../reports/reporters/junit.ts';
import { type Multiplexer, multiplexer } from '../../reports/reporters/multiplexer.ts';
import { runJsonReporter } from '../../reports/reporters/run-json.ts';
import { terminalReporter } from '../../reports/reporters/terminal.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { messageOf, UsageError } from '../common/errors.ts';
import type { BackendName } from '../run/place.ts';
import type { RunOutcome } from '../run/record.ts';
import { executeRun, type RunUnderWay } from './execute-run.ts';
import { exitCodeOf } from './exit-code.ts';
import { type Interruption, interruption } from './interruption.ts';
import { liveLook } from './live-look.ts';
import type { Machine } from './machine.ts';
import { machinesFor } from './machine-for.ts';
import { makeDirectory } from './make-directory.ts';
import type { PlannedRun } from './plan-runs.ts';
import { defaultOut, type RunFolders, runFolders } from './run-folders.ts';
import type { Streams } from './setup.ts';

/** What `run` and `replay` have in common. */
export interface InvokeOptions {
  redis?: string;
  backend?: BackendName | 'auto';
  out?: string;
  json?: string;
  keep?: boolean;
  /** Default 1. */
  parallel?: number;
  /** Serve pages of the runs while they go on. */
  watch?: boolean;
  /** Of these pages. Default: one that is free. */
  port?: number;
}

/** How long a run may take to undo itself once it was asked to; more than its own tear-down's deadline. */
const STOP_MS = 12_000;
/** How long reports may still take after everything was killed. */
const LAST_WORDS_MS = 1000;

/**
 * Makes the runs of one invocation, tells of them as they go on, and leaves a folder for each and an index over
 * all. Returns the exit code. The first Ctrl-C, SIGTERM or SIGHUP stops what runs and keeps what there is to
 * report; the next one kills.
 */
export async function invoke(
  plans: readonly PlannedRun[],
  options: InvokeOptions,
  streams: Streams,
): Promise<number> {
  if (options.port !== undefined && !options.watch)
    throw new UsageError('--port: expected --watch beside it');
  streams.stdout.write(`seed ${plans[0]?.seed}\n`);
  const folders = runFolders(options.out ?? defaultOut());
  if (options.json !== undefined) claim(options.json);
  const running = new Set<RunUnderWay>();
  using interrupted = interruption(() => {
    for (const run of running) run.kill();
    setTimeout(() => process.exit(interrupted.exitCode() ?? 130), LAST_WORDS_MS).unref();
  });
  const machines = await machinesFor(plans, options, streams, interrupted);
  if (machines === null) return interrupted.exitCode() ?? 130;
  const site = await siteOf(plans, options, streams);
  const index = folders.make('index');
  const fanOut = reportersOf(index, options, streams, site);
  const outcomes = await all(plans, options, { machines, folders, fanOut, site, running, interrupted });
  const broken = await fanOut.end();
  await site?.close();
  folders.linkLatest(index);
  streams.stdout.write(`report: ${path.join(index, 'index.html')}\n`);
  const exitCode = exitCodeOf(broken.length > 0 ? [...outcomes, 'lab-failed'] : outcomes);
  return interrupted.exitCode() ?? exitCode;
}

interface Surroundings {
  /** By what was given as --redis. */
  machines: ReadonlyMap<string | undefined, Machine>;
  folders: RunFolders;
  fanOut: Multiplexer;
  site: LiveSite | null;
  running: Set<RunUnderWay>;
  interrupted: Interruption;
}

/** Runs all, as many at a time as was asked for; after an interruption none is begun. */
async function all(
  plans: readonly PlannedRun[],
  options: InvokeOptions,
  { machines, folders, fanOut, site, running, interrupted }: Surroundings,
): Promise<RunOutcome[]> {
  const { signal } = interrupted;
  const outcomes: RunOutcome[] = [];
  const waiting = plans.values();
  const { backend, keep = false, parallel = 1 } = options;
  const stop = () => {
    for (const run of running) run.interrupt(messageOf(signal.reason));
    setTimeout(() => {
      for (const run of running) run.kill();
    }, STOP_MS).unref();
  };
  signal.addEventListener('abort', stop);
  const worker = async () => {
    for (const plan of waiting) {
      if (signal.aborted) return;
      const redis = plan.redis ?? options.redis;
      const machine = machines.get(redis);
      if (machine === undefined) throw new RangeError(`no machine was prepared for ${redis}`);
      const dir = folders.make(`${plan.scenario.name}-${plan.variant}`);
      const onEvent = fanOut.forRun();
      const run = executeRun(plan, machine, {
        dir,
        keep,
        onEvent,
        ...(redis === undefined ? {} : { redis }),
        ...(backend === undefined || backend === 'auto' ? {} : { backend }),
      });
      running.add(run);
      site?.add(dir, { look: liveLook(run, dir) });
      outcomes.push((await run.record).outcome);
      running.delete(run);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return outcomes;
}

/** Pages of the runs while they go on, where somebody wants to watch. */
async function siteOf(
  plans: readonly PlannedRun[],
  { watch = false, port }: InvokeOptions,
  { stdout }: Streams,
): Promise<LiveSite | null> {
  if (!watch) return null;
  const site = await liveSite({ isList: plans.length > 1, ...(port === undefined ? {} : { port }) });
  stdout.write(`watch: ${site.address}\n`);
  return site;
}

/** In this order: pages need run.json, and the terminal's table comes last. */
function reportersOf(
  index: string,
  { json }: InvokeOptions,
  { stdout, stderr }: Streams,
  site: LiveSite | null,
): Multiplexer {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  const reporters = [
    runJsonReporter(),
    htmlReporter(path.join(index, 'index.html')),
    ...(site === null ? [] : [site.reporter]),
    junitReporter(path.join(index, 'junit.xml')),
    ...(json === undefined ? [] : [jsonReporter(path.resolve(json))]),
    ...(GITHUB_ACTIONS === 'true'
      ? [githubReporter({ stream: stdout, summaryFile: GITHUB_STEP_SUMMARY })]
      : []),
    terminalReporter({ stream: stdout }),
  ];
  return multiplexer(reporters, (line) => stderr.write(`error: ${line}\n`));
}

/** Finds out before anything runs whether the file can be written. */
function claim(json: string): void {
  try {
    makeDirectory(path.dirname(path.resolve(json)));
    writeWholeFile(path.resolve(json), `${JSON.stringify({ runs: [] })}\n`);
  } catch (error) {
    throw new UsageError(`--json ${json}: ${messageOf(error)}`);
  }
}
