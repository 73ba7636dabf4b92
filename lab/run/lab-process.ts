/**
 * The process that runs one variant of one scenario, inside a sandbox of its own. It reads a RunJob from stdin,
 * tells what happens on file descriptor 3, one RunEvent a line, and ends when stdin ends: then nobody is left
 * to tell.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeExit } from '../common/before-exit.ts';
import { LabError } from '../common/errors.ts';
import { prng } from '../common/prng.ts';
import { namespaces } from '../hosts/namespaces.ts';
import { scheduleText } from '../nemesis/schedule-text.ts';
import { eventLog } from '../probes/event-log.ts';
import { runClock } from '../probes/run-clock.ts';
import { loadScenario } from '../scenario/load-scenario.ts';
import { variantContext } from '../scenario/variants.ts';
import { type ClockSettings, clockBytes, readClock } from '../time/clock-file.ts';
import { TIMINGS } from '../topology/timing.ts';
import type { RunContext } from './context.ts';
import type { RunEvent } from './events.ts';
import type { RunJob, ToRun } from './job.ts';
import { PHASES, run } from './run.ts';

const EVENTS_FD = 3;

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const abort = new AbortController();
let release = () => {};
const released = new Promise<void>((resolve) => {
  release = resolve;
});

const first = await lines.next();
if (first.done) process.exit(3);
const job = JSON.parse(first.value) as RunJob;
void listen();
const record = await run(await contextOf(job), async () => {
  if (!job.keep) return;
  emit({ type: 'kept', pid: process.pid });
  await Promise.race([released, new Promise((resolve) => abort.signal.addEventListener('abort', resolve))]);
});
emit({ type: 'run-ended', dir: job.dir, record });
await beforeExit();
process.exit(0);

async function listen(): Promise<void> {
  for await (const text of lines) {
    const message = JSON.parse(text) as ToRun;
    if (message.type === 'stop') abort.abort(new LabError(message.reason));
    else release();
  }
  process.exit(3);
}

async function contextOf(job: RunJob): Promise<RunContext> {
  const { scenario } = await loadScenario(job.file);
  const timing = TIMINGS[job.timing];
  const random = prng(job.seed);
  const { variant } = job;
  const experiment = scenario.experiment({
    ...variantContext(variant),
    timing,
    random: random.fork('experiment'),
  });
  const logs = path.join(job.dir, 'logs');
  mkdirSync(logs, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', job.scratch]);
  const clocks = job.clockLibrary === null ? undefined : ownClock(job.scratch);
  const clock = runClock();
  const events = eventLog();
  events.subscribe((event) => emit({ type: 'event', event }));
  emit({
    type: 'run-started',
    scenario: scenario.name,
    title: scenario.title,
    claim: scenario.claim,
    variant,
    timing: job.timing,
    seed: job.seed,
    dir: job.dir,
    phases: PHASES,
  });
  return {
    job,
    scenario,
    experiment,
    timing,
    clock,
    labTime:
      clocks === undefined
        ? undefined
        : { speed: job.speed, sameUnixMs: Number(clocks.wallNs / 1000n) / 1000 },
    events,
    random,
    backend: namespaces({
      scratch: job.scratch,
      logs,
      ip: job.tools.ip,
      ...(clocks === undefined ? {} : { clock: clocks }),
    }),
    logs,
    historyFile: path.join(job.dir, 'history.jsonl'),
    scheduleText: scheduleText(experiment.nemesis),
    signal: abort.signal,
    abort: (error) => abort.abort(error),
    undo: new AsyncDisposableStack(),
    emit,
  };
}

/** The clock that this process is on; what it starts outside of hosts finds it on the sandbox's own file system. */
function ownClock(scratch: string): ClockSettings {
  const settings = readClock(process.env.LAB_CLOCK ?? '');
  const file = path.join(scratch, 'clock');
  writeFileSync(file, clockBytes(settings));
  process.env.LAB_CLOCK = file;
  return settings;
}

function emit(event: RunEvent): void {
  const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(EVENTS_FD, bytes, sent);
    } catch (error) {
      // The reader is slower than we are: the pipe is full for a moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
